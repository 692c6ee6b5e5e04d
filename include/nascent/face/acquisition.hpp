// Rates of a system that cannot score every comparison.
#pragma once

#include <cstdint>

#include "nascent/face/comparisons.hpp"

namespace nascent {

/// Errors at one threshold, with and without the comparisons that have no score. Terms and formulas
/// are those of ISO/IEC 19795-1.
struct AcquisitionRates {
  OperatingPoint valid;           ///< of the comparisons that have a score
  double failure_to_acquire = 0;  ///< share of all comparisons that have none

  /// False match rate: of the comparisons of different persons that have a score.
  double false_match_rate() const { return valid.far(); }
  /// False non-match rate: of the comparisons of one person that have a score.
  double false_non_match_rate() const { return valid.frr(); }
  /// False accept rate of the whole system: what has no score is not accepted.
  double false_accept_rate() const { return valid.far() * (1 - failure_to_acquire); }
  /// False reject rate of the whole system: what has no score is rejected.
  double false_reject_rate() const {
    return failure_to_acquire + valid.frr() * (1 - failure_to_acquire);
  }
  /// Half the sum of the two rates of the whole system.
  double half_total_error() const { return (false_accept_rate() + false_reject_rate()) / 2; }
};

/// These rates at a threshold; DataError without scores of both kinds.
inline AcquisitionRates acquisition_rates(const Comparisons& comparisons, double threshold) {
  comparisons.require_both();
  const OperatingPoint valid = comparisons.at(threshold);
  const std::int64_t failed = comparisons.failed_negatives() + comparisons.failed_positives();
  const std::int64_t all = failed + valid.negatives + valid.positives;
  return {valid, static_cast<double>(failed) / static_cast<double>(all)};
}

}  // namespace nascent
