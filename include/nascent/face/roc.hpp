// The course of both errors over all thresholds, and the area under it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "nascent/face/comparisons.hpp"

namespace nascent {

/// A point at every distinct score, ascending, and one above all of them (threshold infinity),
/// which accepts nothing. DataError without scores of both kinds.
inline std::vector<OperatingPoint> roc(const Comparisons& comparisons) {
  comparisons.require_both();
  std::vector<OperatingPoint> points;
  for (const double score : comparisons.distinct_scores()) points.push_back(comparisons.at(score));
  points.push_back(comparisons.at(std::numeric_limits<double>::infinity()));
  return points;
}

/// The same without what a straight line through its neighbours already says: a point is left out
/// where both accept counts grew up to it by the same steps by which they grow next. That is what
/// scikit-learn's roc_curve does by default (drop_intermediate), and published IJB-B and IJB-C
/// tables rest on; the points that accept nothing, everything, and the highest score alone always
/// stay.
inline std::vector<OperatingPoint> roc_corners(const Comparisons& comparisons) {
  const std::vector<OperatingPoint> all = roc(comparisons);
  std::vector<OperatingPoint> corners;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool always = i == 0 || i + 2 >= all.size();
    const auto straight = [&](std::int64_t OperatingPoint::*count) {
      return all[i].*count - all[i + 1].*count == all[i - 1].*count - all[i].*count;
    };
    if (always || !straight(&OperatingPoint::false_accepts) ||
        !straight(&OperatingPoint::true_accepts))
      corners.push_back(all[i]);
  }
  return corners;
}

/// Probability that a score of one person exceeds one of different persons, ties counted half: the
/// area under the curve of TAR over FAR. DataError without scores of both kinds.
inline double auc(const Comparisons& comparisons) {
  comparisons.require_both();
  // Twice the number of pairs (negative, positive) in the right order; a tie is one half of that.
  std::int64_t twice = 0, below = 0, not_above = 0;
  const auto& negatives = comparisons.negatives();
  const auto count = std::ssize(negatives);
  for (const double score : comparisons.positives()) {
    while (below < count && negatives[static_cast<std::size_t>(below)] < score) ++below;
    while (not_above < count && negatives[static_cast<std::size_t>(not_above)] <= score)
      ++not_above;
    twice += below + not_above;
  }
  return static_cast<double>(twice) /
         (2.0 * static_cast<double>(count) * static_cast<double>(comparisons.positives().size()));
}

}  // namespace nascent
