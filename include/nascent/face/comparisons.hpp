// Comparisons of faces with known answers, and what a threshold makes of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "nascent/data/data_error.hpp"

namespace nascent {

/// One comparison: two images, and how alike the system finds them.
struct ScoredPair {
  bool same = false;  ///< both show one person
  double score = 0;   ///< the higher the more alike; NaN where none could be computed
};

/// What one threshold accepts. A comparison is accepted where its score is at least the threshold.
struct OperatingPoint {
  double threshold = 0;            ///< least score that is accepted
  std::int64_t false_accepts = 0;  ///< accepted comparisons of different persons
  std::int64_t true_accepts = 0;   ///< accepted comparisons of one person
  std::int64_t negatives = 0;      ///< comparisons of different persons
  std::int64_t positives = 0;      ///< comparisons of one person

  /// Rejected comparisons of one person.
  std::int64_t false_rejects() const { return positives - true_accepts; }
  /// False accept rate, of the comparisons of different persons.
  double far() const { return share(false_accepts, negatives); }
  /// False reject rate, of the comparisons of one person.
  double frr() const { return share(false_rejects(), positives); }
  /// True accept rate, also called recall.
  double tar() const { return share(true_accepts, positives); }
  /// Half the sum of both errors (half total error rate).
  double hter() const { return (far() + frr()) / 2; }
  /// Of what is accepted, how much shows one person; 0 where nothing is.
  double precision() const {
    const std::int64_t accepted = true_accepts + false_accepts;
    return accepted == 0 ? 0 : share(true_accepts, accepted);
  }
  /// Weighted harmonic mean of precision and recall, recall counting `weight` times as much; 0
  /// where both are.
  double f_score(double weight = 1) const {
    const double square = weight * weight, below = square * precision() + tar();
    return below == 0 ? 0 : (1 + square) * precision() * tar() / below;
  }

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// Scores of comparisons, sorted, those of different persons and those of one person apart.
class Comparisons {
 public:
  /// Comparisons without a score (NaN) are counted and left out.
  explicit Comparisons(std::span<const ScoredPair> all) {
    for (const ScoredPair& one : all)
      if (std::isnan(one.score))
        ++(one.same ? failed_positives_ : failed_negatives_);
      else
        (one.same ? positives_ : negatives_).push_back(one.score);
    std::ranges::sort(negatives_);
    std::ranges::sort(positives_);
  }

  /// Scores of different persons, ascending.
  const std::vector<double>& negatives() const { return negatives_; }
  /// Scores of one person, ascending.
  const std::vector<double>& positives() const { return positives_; }
  /// Comparisons of different persons that have no score.
  std::int64_t failed_negatives() const { return failed_negatives_; }
  /// Comparisons of one person that have no score.
  std::int64_t failed_positives() const { return failed_positives_; }

  /// DataError unless there are scores of both kinds, which every rate needs.
  void require_both() const {
    const auto fail = [](const char* kind, const char* label) {
      throw DataError(std::string("there is no score of ") + kind + " (label " + label +
                      "), so error rates have no meaning; give comparisons of both kinds");
    };
    if (negatives_.empty()) fail("different persons", "0");
    if (positives_.empty()) fail("one person", "1");
  }

  /// What a threshold accepts.
  OperatingPoint at(double threshold) const {
    return {threshold, at_least(negatives_, threshold), at_least(positives_, threshold),
            std::ssize(negatives_), std::ssize(positives_)};
  }

  /// Every score once, ascending.
  std::vector<double> distinct_scores() const {
    std::vector<double> all(negatives_.size() + positives_.size());
    std::ranges::merge(negatives_, positives_, all.begin());
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    return all;
  }

 private:
  static std::int64_t at_least(const std::vector<double>& sorted, double threshold) {
    return std::distance(std::ranges::lower_bound(sorted, threshold), sorted.end());
  }

  std::vector<double> negatives_, positives_;
  std::int64_t failed_negatives_ = 0, failed_positives_ = 0;
};

}  // namespace nascent
