// The protocol of LFW: the threshold of each fold comes from the other ones.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace nascent {

/// One fold of the pairs, judged with the threshold that is best on all others.
struct Fold {
  int pairs = 0;        ///< of this fold
  int threshold = 0;    ///< index of the threshold, see `FoldResult::threshold_of`
  int train_right = 0;  ///< right answers on the other folds
  int right = 0;        ///< right answers on this one

  /// Share of right answers.
  double accuracy() const { return static_cast<double>(right) / pairs; }
};

/// What one threshold accepts, averaged over the folds.
struct FoldPoint {
  double tpr = 0;  ///< accepted share of the pairs of one person; 0 for a fold without one
  double fpr = 0;  ///< accepted share of the pairs of different persons; 0 for a fold without one
};

/// Result of the protocol.
struct FoldResult {
  std::vector<Fold> folds;     ///< in the order of the pairs
  std::vector<FoldPoint> roc;  ///< at every threshold

  /// Thresholds tried: 0, 0.01 .. 3.99.
  static constexpr int kThresholds = 400;
  /// The squared distance that an index stands for.
  static double threshold_of(int index) { return index / 100.0; }

  /// Mean accuracy of the folds.
  double mean() const {
    return std::accumulate(folds.begin(), folds.end(), 0.0,
                           [](double sum, const Fold& fold) { return sum + fold.accuracy(); }) /
           static_cast<double>(folds.size());
  }
  /// Standard deviation of the folds' accuracies, divisor n, as most papers print it.
  double deviation_population() const {
    return std::sqrt(squares() / static_cast<double>(folds.size()));
  }
  /// The same with divisor n - 1.
  double deviation_sample() const {
    return std::sqrt(squares() / static_cast<double>(folds.size() - 1));
  }
  /// Standard error of the mean: the sample's deviation / sqrt(n).
  double standard_error() const {
    return deviation_sample() / std::sqrt(static_cast<double>(folds.size()));
  }
  /// Mean of the folds' thresholds.
  double mean_threshold() const {
    int sum = 0;
    for (const Fold& fold : folds) sum += fold.threshold;
    return sum / 100.0 / static_cast<double>(folds.size());
  }

 private:
  double squares() const {
    const double centre = mean();
    double sum = 0;
    for (const Fold& fold : folds) sum += std::pow(fold.accuracy() - centre, 2);
    return sum;
  }
};

namespace detail {

/// Right answers and accepted pairs of a range of pairs, at every threshold.
struct FoldCounts {
  std::vector<int> true_accepts = std::vector<int>(FoldResult::kThresholds),
                   false_accepts = true_accepts;
  int positives = 0, negatives = 0;

  void add(double distance, bool same) {
    ++(same ? positives : negatives);
    for (int t = 0; t < FoldResult::kThresholds; ++t)
      if (distance < FoldResult::threshold_of(t))
        ++(same ? true_accepts : false_accepts)[static_cast<std::size_t>(t)];
  }
  int right(std::size_t t) const { return true_accepts[t] + negatives - false_accepts[t]; }
};

}  // namespace detail

/// Ten-fold verification, as LFW prescribes and FaceNet's, InsightFace's and AdaFace's evaluations
/// do it: "same" where the distance is below the threshold. Folds are consecutive blocks of pairs,
/// the first N mod `folds` one pair longer. For each one the first threshold with most right
/// answers on the others is taken.
///
/// `distances` are squared ones of unit vectors (`unit_distance`), 0 .. 4, a pair each; NaN counts
/// as different. `same` says which pairs show one person. std::invalid_argument where there are
/// fewer pairs than folds, or fewer than 2 folds.
inline FoldResult ten_fold(std::span<const double> distances, const std::vector<bool>& same,
                           int folds = 10) {
  const int pairs = static_cast<int>(distances.size());
  if (folds < 2 || pairs < folds || same.size() != distances.size())
    throw std::invalid_argument(std::to_string(pairs) + " pairs make no " + std::to_string(folds) +
                                " folds; give at least 2 folds and as many pairs");
  std::vector<detail::FoldCounts> counts(static_cast<std::size_t>(folds));
  for (int fold = 0, pair = 0; fold < folds; ++fold) {
    const int end = pair + pairs / folds + (fold < pairs % folds ? 1 : 0);
    for (; pair < end; ++pair)
      counts[static_cast<std::size_t>(fold)].add(distances[static_cast<std::size_t>(pair)],
                                                 same[static_cast<std::size_t>(pair)]);
  }
  FoldResult result;
  result.roc.resize(FoldResult::kThresholds);
  std::vector<int> right_of_all(FoldResult::kThresholds);
  for (const detail::FoldCounts& fold : counts)
    for (std::size_t t = 0; t < right_of_all.size(); ++t) {
      right_of_all[t] += fold.right(t);
      result.roc[t].tpr += fold.true_accepts[t] / (std::max(1, fold.positives) * 1.0 * folds);
      result.roc[t].fpr += fold.false_accepts[t] / (std::max(1, fold.negatives) * 1.0 * folds);
    }
  for (const detail::FoldCounts& fold : counts) {
    std::vector<int> train(right_of_all);
    for (std::size_t t = 0; t < train.size(); ++t) train[t] -= fold.right(t);
    const auto best = std::ranges::max_element(train);
    const auto index = static_cast<std::size_t>(best - train.begin());
    result.folds.push_back(
        {fold.positives + fold.negatives, static_cast<int>(index), *best, fold.right(index)});
  }
  return result;
}

}  // namespace nascent
