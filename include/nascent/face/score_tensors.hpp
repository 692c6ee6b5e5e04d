// Faces as vectors, from a safetensors file: pairs of them, or a gallery and probes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/face/embeddings.hpp"
#include "nascent/face/identification.hpp"

namespace nascent {

/// Pairs of faces as vectors: pair i is the rows 2i and 2i + 1.
struct EmbeddedPairs {
  Embeddings vectors;      ///< two rows for each pair
  std::vector<bool> same;  ///< whether pair i shows one person
};

namespace detail {

inline Embeddings embeddings_in(const Safetensors& file, const std::string& name) {
  const auto& shape = file.at(name).shape;
  if (shape.size() != 2 || shape[1] < 1 || shape[1] > 1'000'000)
    throw DataError(file.name() + ": the tensor '" + name +
                    "' is no matrix of one vector a row; store [images, length]");
  return {static_cast<int>(shape[1]), file.values<float>(name)};
}

/// Whether each comparison is of one person.
inline std::vector<bool> answers_in(const Safetensors& file, const std::string& name) {
  const Safetensors::Tensor& same = file.at(name);
  if (same.dtype != "U8" && same.dtype != "BOOL")
    throw DataError(file.name() + ": the tensor '" + name + "' is of type " + same.dtype +
                    "; store it as U8");
  std::vector<bool> answers;
  for (const std::uint8_t value : same.bytes) answers.push_back(value != 0);
  return answers;
}

inline LabelledEmbeddings labelled_in(const Safetensors& file, const std::string& name) {
  LabelledEmbeddings all{embeddings_in(file, name), {}};
  for (const std::int64_t label : file.values<std::int64_t>(name + "_labels")) {
    if (label < std::numeric_limits<int>::min() || label > std::numeric_limits<int>::max())
      throw DataError(file.name() + ": the tensor '" + name + "_labels' holds " +
                      std::to_string(label) + "; number persons from 0");
    all.labels.push_back(static_cast<int>(label));
  }
  if (static_cast<int>(all.labels.size()) != all.vectors.size())
    throw DataError(file.name() + ": '" + name + "' has " + std::to_string(all.vectors.size()) +
                    " rows and " + std::to_string(all.labels.size()) +
                    " labels; store one label a row");
  return all;
}

}  // namespace detail

/// Pairs in a file with `embeddings` (F32 [2 pairs, length]) and `issame` (U8 or BOOL [pairs]);
/// DataError where it is of another form.
inline EmbeddedPairs embedded_pairs(const Safetensors& file) {
  EmbeddedPairs pairs{detail::embeddings_in(file, "embeddings"),
                      detail::answers_in(file, "issame")};
  if (pairs.vectors.size() != 2 * static_cast<int>(pairs.same.size()))
    throw DataError(file.name() + ": 'embeddings' has " + std::to_string(pairs.vectors.size()) +
                    " rows for the " + std::to_string(pairs.same.size()) +
                    " pairs of 'issame'; store two rows a pair");
  return pairs;
}

/// A gallery and the probes that are looked up in it.
struct GalleryAndProbes {
  LabelledEmbeddings gallery;  ///< `kDistractor` for images of nobody's
  LabelledEmbeddings probes;   ///< the person of each
};

/// Those of a file with `gallery`, `probe` (F32 [images, length]), `gallery_labels` and
/// `probe_labels` (I64); DataError where it is of another form.
inline GalleryAndProbes gallery_and_probes(const Safetensors& file) {
  GalleryAndProbes both{detail::labelled_in(file, "gallery"), detail::labelled_in(file, "probe")};
  if (both.gallery.vectors.dimension() != both.probes.vectors.dimension())
    throw DataError(file.name() + ": 'gallery' and 'probe' have vectors of different lengths");
  return both;
}

}  // namespace nascent
