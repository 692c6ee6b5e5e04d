// The threshold at which one error stays within a bound.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

#include "nascent/face/comparisons.hpp"

namespace nascent {

namespace detail {

inline void require_rate(double rate) {
  if (!(rate >= 0 && rate <= 1))
    throw std::invalid_argument("a rate of " + std::to_string(rate) +
                                " is none; give one from 0 to 1");
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace detail

/// The least score of different persons, as a threshold, with FAR <= `far`; where there is none,
/// the next double above the highest; for 1 the next double below the lowest. DataError without
/// scores of both kinds, std::invalid_argument unless `far` is within 0 .. 1.
inline double far_threshold(const Comparisons& comparisons, double far) {
  detail::require_rate(far);
  comparisons.require_both();
  const auto& negatives = comparisons.negatives();
  if (far == 1) return std::nextafter(negatives.front(), -detail::kInfinity);
  // FAR falls as the threshold rises, so those within the bound come last.
  const auto within = std::ranges::partition_point(
      negatives, [&](double score) { return comparisons.at(score).far() > far; });
  return within != negatives.end() ? *within : std::nextafter(negatives.back(), detail::kInfinity);
}

/// The greatest score t of one person with (how many of them are <= t, less one) / all <= `frr`;
/// for 1 the next double above the highest. Where scores do not repeat that is FRR <= `frr`; where
/// they do, it can stop one score early, as bob.measure does. The lowest of them, where FRR is 0,
/// if none is in the bound. Errors as of `far_threshold`.
inline double frr_threshold(const Comparisons& comparisons, double frr) {
  detail::require_rate(frr);
  comparisons.require_both();
  const auto& positives = comparisons.positives();
  if (frr == 1) return std::nextafter(positives.back(), detail::kInfinity);
  const auto beyond = std::ranges::partition_point(positives, [&](double score) {
    const auto not_above = std::ranges::upper_bound(positives, score) - positives.begin();
    return static_cast<double>(not_above - 1) / static_cast<double>(positives.size()) <= frr;
  });
  return beyond == positives.begin() ? positives.front() : *(beyond - 1);
}

}  // namespace nascent
