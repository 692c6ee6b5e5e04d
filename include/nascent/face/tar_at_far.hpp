// How many comparisons of one person are accepted where few of different persons are: three rules
// in use, which differ.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/face/comparisons.hpp"
#include "nascent/face/rate_threshold.hpp"
#include "nascent/face/roc.hpp"

namespace nascent {

/// Which threshold stands for a false accept rate that none has exactly.
enum class FarRule {
  at_most,  ///< of all thresholds with FAR <= the bound, the one with the greatest TAR
  nearest,  ///< the corner of the ROC with the FAR nearest to it, which may lie above
  threshold_on_a_negative  ///< the least score of different persons with FAR <= the bound
};

/// Names of the rules, in their order.
constexpr std::array<std::string_view, 3> kFarRules{"at_most", "nearest",
                                                    "threshold_on_a_negative"};

/// The rule of this name; std::invalid_argument names them where there is none.
inline FarRule far_rule(std::string_view name) {
  const auto found = std::ranges::find(kFarRules, name);
  if (found == kFarRules.end())
    throw std::invalid_argument("there is no rule '" + std::string(name) +
                                "'; choose at_most, nearest or threshold_on_a_negative");
  return static_cast<FarRule>(found - kFarRules.begin());
}

namespace detail {

/// The lowest threshold within the bound accepts most; the last one accepts nothing.
inline OperatingPoint point_at_most(const Comparisons& comparisons, double far) {
  const std::vector<OperatingPoint> points = roc(comparisons);
  return *std::ranges::find_if(points, [&](const auto& point) { return point.far() <= far; });
}

/// Among equally near ones the greater FAR, then the greater TAR, which come first.
inline OperatingPoint point_nearest(const Comparisons& comparisons, double far) {
  const std::vector<OperatingPoint> corners = roc_corners(comparisons);
  return *std::ranges::min_element(
      corners, {}, [&](const OperatingPoint& point) { return std::abs(point.far() - far); });
}

}  // namespace detail

/// The point that the rule chooses for a false accept rate; its `tar()` is TAR at that FAR. The
/// rates compared are counts divided by their number, as they are printed. DataError without scores
/// of both kinds, std::invalid_argument unless `far` is within 0 .. 1.
///
/// `nearest` is the rule behind published tables of IJB-B and IJB-C.
inline OperatingPoint tar_at_far(const Comparisons& comparisons, double far, FarRule rule) {
  detail::require_rate(far);
  switch (rule) {
    case FarRule::at_most:
      return detail::point_at_most(comparisons, far);
    case FarRule::nearest:
      return detail::point_nearest(comparisons, far);
    default:
      return comparisons.at(far_threshold(comparisons, far));
  }
}

}  // namespace nascent
