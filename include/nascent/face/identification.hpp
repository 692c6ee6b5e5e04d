// One face against many: at which rank its person is found, and whether a stranger is noticed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/face/embeddings.hpp"

namespace nascent {

/// A face that is looked up, and how it scores against the gallery.
struct Probe {
  std::vector<double> mates;      ///< scores against its own person; none where that is a stranger
  std::vector<double> non_mates;  ///< scores against everyone else

  /// Whether its person is in the gallery.
  bool has_mate() const { return !mates.empty(); }
  /// The best score against its own person; it has one.
  double best_mate() const { return *std::ranges::max_element(mates); }
  /// 1 + how many others score at least as high as its best mate; it has one.
  int rank() const {
    const double best = best_mate();
    return 1 + static_cast<int>(
                   std::ranges::count_if(non_mates, [&](double score) { return score >= best; }));
  }
};

/// Label of gallery images that are nobody's mate.
constexpr int kDistractor = -100;

/// Cumulative match characteristic: entry k - 1 is the share of probes with mates whose rank is at
/// most k. As long as ranks go: the most non-mates of any probe, and one. std::invalid_argument
/// where no probe has a mate.
inline std::vector<double> cmc(std::span<const Probe> probes) {
  std::vector<std::int64_t> found;
  std::int64_t with_mates = 0;
  for (const Probe& probe : probes) {
    if (!probe.has_mate()) continue;
    found.resize(std::max(found.size(), probe.non_mates.size() + 1));
    ++found[static_cast<std::size_t>(probe.rank() - 1)];
    ++with_mates;
  }
  if (with_mates == 0)
    throw std::invalid_argument("no probe has a mate in the gallery, so there are no ranks");
  std::vector<double> shares;
  std::int64_t so_far = 0;
  for (const std::int64_t here : found)
    shares.push_back(static_cast<double>(so_far += here) / static_cast<double>(with_mates));
  return shares;
}

/// Share of probes with mates found at rank `k` or better, of a curve of `cmc`.
inline double rank_k(std::span<const double> curve, int k) {
  return curve[std::min(static_cast<std::size_t>(k), curve.size()) - 1];
}

/// Of the probes with mates, the share whose best mate is at least `threshold` and ranks first.
/// NaN where no probe has a mate.
inline double detection_identification_rate(std::span<const Probe> probes, double threshold) {
  int found = 0, all = 0;
  for (const Probe& probe : probes) {
    if (!probe.has_mate()) continue;
    ++all;
    if (probe.best_mate() >= threshold && probe.rank() == 1) ++found;
  }
  return found / static_cast<double>(all);
}

/// Of the probes without mates, the share of which any score is at least `threshold`. NaN where
/// every probe has a mate.
inline double false_alarm_rate(std::span<const Probe> probes, double threshold) {
  int alarms = 0, all = 0;
  for (const Probe& probe : probes) {
    if (probe.has_mate()) continue;
    ++all;
    if (std::ranges::any_of(probe.non_mates, [&](double score) { return score >= threshold; }))
      ++alarms;
  }
  return alarms / static_cast<double>(all);
}

/// Share of probes of which a mate ranks first; strangers count as wrong. With a threshold, scores
/// not above it are dropped, and strangers count only where some score is left.
inline double recognition_rate(std::span<const Probe> probes,
                               std::optional<double> threshold = std::nullopt) {
  const double above = threshold.value_or(-std::numeric_limits<double>::infinity());
  int right = 0, all = 0;
  for (const Probe& probe : probes) {
    const bool noticed =
        !threshold || std::ranges::any_of(probe.non_mates, [&](double s) { return s > above; });
    if (probe.has_mate() || noticed) ++all;
    if (probe.has_mate() && probe.best_mate() > above && probe.rank() == 1) ++right;
  }
  return right / static_cast<double>(all);
}

/// Vectors with the number of the person each one shows.
struct LabelledEmbeddings {
  Embeddings vectors;       ///< one row an image
  std::vector<int> labels;  ///< the person of each row; `kDistractor` for nobody's
};

/// Scores of every probe against the whole gallery: products of their vectors, which are given
/// with unit length. Distractors of the gallery are nobody's mates. std::invalid_argument where
/// vectors differ in length.
inline std::vector<Probe> identify(const LabelledEmbeddings& gallery,
                                   const LabelledEmbeddings& probes) {
  if (gallery.vectors.dimension() != probes.vectors.dimension())
    throw std::invalid_argument("vectors of length " + std::to_string(probes.vectors.dimension()) +
                                " cannot be compared with a gallery of length " +
                                std::to_string(gallery.vectors.dimension()));
  std::vector<Probe> all(static_cast<std::size_t>(probes.vectors.size()));
  for (int p = 0; p < probes.vectors.size(); ++p) {
    const int person = probes.labels[static_cast<std::size_t>(p)];
    for (int g = 0; g < gallery.vectors.size(); ++g) {
      const bool mate =
          person != kDistractor && gallery.labels[static_cast<std::size_t>(g)] == person;
      Probe& probe = all[static_cast<std::size_t>(p)];
      (mate ? probe.mates : probe.non_mates).push_back(dot(probes.vectors[p], gallery.vectors[g]));
    }
  }
  return all;
}

}  // namespace nascent
