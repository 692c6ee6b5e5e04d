// One number for both errors: where they are equal, and where their sum is least.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <vector>

#include "nascent/face/comparisons.hpp"
#include "nascent/face/roc.hpp"

namespace nascent {

namespace detail {

/// The thresholds between which results differ: the lowest score, the midpoints between
/// neighbouring scores, one above all.
inline std::vector<double> thresholds_between(const std::vector<double>& scores) {
  std::vector<double> thresholds{scores.front()};
  for (std::size_t i = 1; i < scores.size(); ++i) {
    const double middle = std::midpoint(scores[i - 1], scores[i]);
    // Between neighbouring doubles there is none.
    thresholds.push_back(middle > scores[i - 1] ? middle : scores[i]);
  }
  thresholds.push_back(std::nextafter(scores.back(), std::numeric_limits<double>::infinity()));
  return thresholds;
}

/// FAR times FRR's divisor and the reverse: comparable without rounding.
inline std::int64_t scaled_far(const OperatingPoint& p) { return p.false_accepts * p.positives; }
inline std::int64_t scaled_frr(const OperatingPoint& p) { return p.false_rejects() * p.negatives; }

/// The threshold of least `cost`, a whole number; the highest of those that are equal.
template <class Cost>
OperatingPoint cheapest(const Comparisons& comparisons, Cost cost) {
  comparisons.require_both();
  OperatingPoint best;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const double threshold : thresholds_between(comparisons.distinct_scores())) {
    const OperatingPoint point = comparisons.at(threshold);
    if (cost(point) > least) continue;
    least = cost(point);
    best = point;
  }
  return best;
}

}  // namespace detail

/// Where |FAR - FRR| is least; the equal error rate is its `hter()`. Tried are the lowest score,
/// the midpoints between neighbouring distinct scores, and one above all; of equals the highest.
/// DataError without scores of both kinds.
inline OperatingPoint eer(const Comparisons& comparisons) {
  return detail::cheapest(comparisons, [](const OperatingPoint& point) {
    return std::abs(detail::scaled_far(point) - detail::scaled_frr(point));
  });
}

/// Where FAR + FRR is least, of the same thresholds.
inline OperatingPoint min_hter(const Comparisons& comparisons) {
  return detail::cheapest(comparisons, [](const OperatingPoint& point) {
    return detail::scaled_far(point) + detail::scaled_frr(point);
  });
}

/// Where the polyline through all points (FAR, FRR) of the distinct scores meets FAR = FRR.
inline double eer_interpolated(const Comparisons& comparisons) {
  const auto gap = [](const OperatingPoint& point) {
    return static_cast<double>(detail::scaled_far(point) - detail::scaled_frr(point));
  };
  const std::vector<OperatingPoint> points = roc(comparisons);
  // FAR - FRR falls from 1 to -1 as the threshold rises.
  std::size_t after = 1;
  while (gap(points[after]) > 0) ++after;
  const OperatingPoint &left = points[after - 1], &right = points[after];
  const double part = gap(left) / (gap(left) - gap(right));
  return left.far() + part * (right.far() - left.far());
}

}  // namespace nascent
