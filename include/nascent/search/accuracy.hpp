// Accuracy as an exact count: rounded percentages would diverge from the published searches.
#pragma once

#include <cstdint>
#include <stdexcept>

namespace nascent {

/// `correct` right answers of `total` images. Comparisons are exact, with thresholds in percentage
/// points; a threshold met exactly counts as met (paper 3.3).
struct Accuracy {
  std::int64_t correct = 0, total = 0;  ///< right answers, and images

  /// For scores known only as a percentage (tables, toy landscapes): exact to 1e-6 points.
  /// Throws std::domain_error for what is no number of that size, so that an evaluator's NaN
  /// becomes a failed outcome.
  static constexpr Accuracy of_percent(double percent) {
    if (!(percent > -1e6 && percent < 1e6)) throw std::domain_error("the accuracy is no number");
    return {rounded(percent * kUnitsPerPoint), std::int64_t{100} * kUnitsPerPoint};
  }

  /// In percent; 0 where there are no images.
  constexpr double percent() const {
    return total > 0 ? 100.0 * static_cast<double>(correct) / static_cast<double>(total) : 0.0;
  }

  /// this >= reference + points
  constexpr bool at_least(Accuracy reference, double points = 0) const {
    return compare(reference, points) >= 0;
  }

  /// this > reference + points
  constexpr bool more_than(Accuracy reference, double points = 0) const {
    return compare(reference, points) > 0;
  }

  friend constexpr bool operator==(const Accuracy&, const Accuracy&) = default;

 private:
  __extension__ using Wide = __int128;  // products of two counts and a unit exceed 64 bits
  static constexpr std::int64_t kUnitsPerPoint = 1'000'000;

  static constexpr std::int64_t rounded(double x) {
    return static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5);
  }

  constexpr int compare(Accuracy reference, double points) const {
    if (points == 0 && total == reference.total)  // strategies compare thousands of such pairs
      return correct < reference.correct ? -1 : correct > reference.correct ? 1 : 0;
    const Wide mine = total > 0 ? total : 1, other = reference.total > 0 ? reference.total : 1;
    const Wide gain = (correct * other - reference.correct * mine) * (100 * kUnitsPerPoint);
    const Wide threshold = rounded(points * kUnitsPerPoint) * mine * other;
    return gain < threshold ? -1 : gain > threshold ? 1 : 0;
  }
};

}  // namespace nascent
