// Comparisons of images by their embeddings, and which of them say most.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "nascent/face/comparisons.hpp"
#include "nascent/face/embeddings.hpp"
#include "nascent/face/identification.hpp"
#include "nascent/face/pairs.hpp"

namespace nascent {

/// A pair of images with the cosine of their embeddings.
struct ScoredImages {
  PairIndices images;  ///< which ones, and whether both show one person
  double score = 0;    ///< the higher the more alike
};

/// The cosines of given pairs.
inline std::vector<ScoredImages> scored_pairs(const Embeddings& vectors,
                                              std::span<const PairIndices> pairs) {
  std::vector<ScoredImages> all;
  for (const PairIndices& pair : pairs)
    all.push_back({pair, cosine(vectors[pair.first], vectors[pair.second])});
  return all;
}

/// Every two images, by the person of each.
inline std::vector<PairIndices> all_pairs(std::span<const int> persons) {
  std::vector<PairIndices> pairs;
  for (std::size_t i = 0; i < persons.size(); ++i)
    for (std::size_t k = i + 1; k < persons.size(); ++k)
      pairs.push_back({static_cast<int>(i), static_cast<int>(k), persons[i] == persons[k]});
  return pairs;
}

/// What error rates are made of.
inline Comparisons comparisons_of(std::span<const ScoredImages> all) {
  std::vector<ScoredPair> scored;
  for (const ScoredImages& one : all) scored.push_back({one.images.same, one.score});
  return Comparisons(scored);
}

/// Pairs that a page shows: those that the network finds most and least alike.
struct TellingPairs {
  std::string_view name;            ///< what they have in common
  std::vector<ScoredImages> pairs;  ///< the most extreme one first
};

/// Four groups of at most `count` pairs: of one person the best (most alike) and the worst, of
/// different persons the best (least alike) and the worst. Pairs without a score are left out;
/// of equal scores the earlier pair comes first.
inline std::array<TellingPairs, 4> telling_pairs(std::span<const ScoredImages> all,
                                                 std::size_t count) {
  const auto most = [&](bool same, bool alike) {
    std::vector<ScoredImages> chosen;
    std::ranges::copy_if(all, std::back_inserter(chosen), [&](const ScoredImages& one) {
      return one.images.same == same && one.score == one.score;
    });
    std::ranges::stable_sort(chosen, [&](const ScoredImages& a, const ScoredImages& b) {
      return alike ? a.score > b.score : a.score < b.score;
    });
    chosen.resize(std::min(chosen.size(), count));
    return chosen;
  };
  return {{{"one person, most alike (best)", most(true, true)},
           {"one person, least alike (worst)", most(true, false)},
           {"different persons, least alike (best)", most(false, false)},
           {"different persons, most alike (worst)", most(false, true)}}};
}

/// Each person's first image as the gallery, all others as probes; persons' images follow each
/// other. None where every person has one image.
inline std::vector<Probe> first_image_probes(const Embeddings& vectors,
                                             std::span<const int> persons) {
  const auto part = [&](bool first) {
    std::vector<float> values;
    std::vector<int> labels;
    for (std::size_t i = 0; i < persons.size(); ++i) {
      if ((i == 0 || persons[i] != persons[i - 1]) != first) continue;
      const auto row = vectors[static_cast<int>(i)];
      values.insert(values.end(), row.begin(), row.end());
      labels.push_back(persons[i]);
    }
    return LabelledEmbeddings{{vectors.dimension(), std::move(values)}, std::move(labels)};
  };
  return identify(part(true), part(false));
}

}  // namespace nascent
