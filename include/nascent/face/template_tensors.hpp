// Templates of several images, from a safetensors file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/face/score_tensors.hpp"
#include "nascent/face/templates.hpp"

namespace nascent {

/// Comparisons of templates.
struct TemplatePairs {
  std::vector<std::int64_t> first;   ///< the number of one template of each comparison
  std::vector<std::int64_t> second;  ///< and of the other
  std::vector<double> scores;        ///< products of their vectors, which have length 1
  std::vector<bool> same;            ///< whether both show one person; empty where not told
};

namespace detail {

/// The vectors of images, not of unit length, row by row: `features`, or what `fuse` makes of
/// `embeddings` and `norms`.
inline Embeddings template_features(const Safetensors& file) {
  if (file.contains("features")) return embeddings_in(file, "features");
  const std::vector<std::int64_t>& shape = file.at("embeddings").shape;
  const auto values = file.values<float>("embeddings"), norms = file.values<float>("norms");
  if (shape.size() != 3 || shape[0] != 2 || shape[2] < 1 || shape[2] > 1'000'000 ||
      static_cast<std::int64_t>(norms.size()) != 2 * shape[1])
    throw DataError(file.name() +
                    ": images and their mirror images are `embeddings` [2, images, length] with "
                    "`norms` [2, images, 1]; store them so");
  const auto images = static_cast<std::size_t>(shape[1]),
             length = static_cast<std::size_t>(shape[2]);
  std::vector<float> features;
  for (std::size_t i = 0; i < images; ++i) {
    const auto row = [&](std::size_t at) { return std::span(values).subspan(at * length, length); };
    const FusedFace face = fuse(row(i), norms[i], row(images + i), norms[images + i]);
    for (const float value : face.vector) features.push_back(value * face.norm);
  }
  return {static_cast<int>(length), features};
}

}  // namespace detail

/// Comparisons in a file with `template` and `media` (I64 [images]), either `features` (F32
/// [images, length], whose lengths are their weights) or `embeddings` and `norms` (F32 [2, images,
/// length] and [2, images, 1]: images, then their mirror images), and `pair_first` and
/// `pair_second` (I64 [comparisons], numbers of templates); `issame` (U8 or BOOL [comparisons])
/// where it is known. DataError where it is of another form.
inline TemplatePairs template_pairs(const Safetensors& file) {
  const Embeddings features = detail::template_features(file);
  const auto numbers = file.values<std::int64_t>("template"),
             media = file.values<std::int64_t>("media");
  const auto images = static_cast<std::size_t>(features.size());
  if (numbers.size() != images || media.size() != images)
    throw DataError(file.name() + " has " + std::to_string(images) + " images, " +
                    std::to_string(numbers.size()) + " entries of 'template' and " +
                    std::to_string(media.size()) + " of 'media'; store one of each an image");
  std::vector<TemplateImage> all;
  for (std::size_t i = 0; i < images; ++i)
    all.push_back({numbers[i], media[i], features[static_cast<int>(i)]});
  const std::map<long, std::vector<double>> templates = template_vectors(all);
  const auto vector_of = [&](std::int64_t number) {
    const auto found = templates.find(number);
    if (found == templates.end())
      throw DataError(file.name() + ": a comparison names the template " + std::to_string(number) +
                      ", which has no image; correct 'pair_first' and 'pair_second'");
    return std::span(found->second);
  };
  TemplatePairs pairs{
      file.values<std::int64_t>("pair_first"), file.values<std::int64_t>("pair_second"), {}, {}};
  if (file.contains("issame")) pairs.same = detail::answers_in(file, "issame");
  const std::size_t count = pairs.first.size();
  if (pairs.second.size() != count || (!pairs.same.empty() && pairs.same.size() != count))
    throw DataError(file.name() +
                    ": 'pair_first', 'pair_second' and 'issame' differ in length; "
                    "store one of each a comparison");
  for (std::size_t i = 0; i < count; ++i)
    pairs.scores.push_back(dot(vector_of(pairs.first[i]), vector_of(pairs.second[i])));
  return pairs;
}

}  // namespace nascent
