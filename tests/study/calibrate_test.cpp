#include "nascent/study/calibrate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nascent/core.hpp"
#include "nascent/ranker/successive_halving.hpp"
#include "nascent/ranker/zero_cost.hpp"
#include "../support/support.hpp"

namespace nascent {
namespace {

/// Deeper is better, by and by; what has more than 40 channels fails.
struct Deeper {
  int evaluated = 0;

  Outcome evaluate(const Trial<Architecture>& trial) {
    ++evaluated;
    const Architecture& net = trial.architecture();
    if (net.width > 40) return Outcome::failed("too wide");
    const int epochs = trial.fidelity.epochs;
    const double noise = 40.0 / epochs * std::sin(7.0 * net.width + net.depth());
    return Outcome(Accuracy::of_percent(std::clamp(net.depth() / 2.0 + noise, 0.0, 100.0)), {},
                   trial.fidelity.epochs_to_train());
  }
};

TEST(Calibrate, FindsAFullTrainingToAgreeWithItself) {
  Deeper evaluator;
  const Calibration same =
      calibrate(FixedEpochRanker{50}, SepConvSpace{}, evaluator, {.networks = 30, .epochs = 50});
  EXPECT_GE(same.scores.size(), 10U);
  EXPECT_EQ(same.scores, same.accuracy);
  EXPECT_EQ(same.agreement.spearman, 1);
  EXPECT_EQ(same.agreement.kendall_interval.low, 1);
  EXPECT_EQ(same.ranker_cost.epochs, same.full_cost.epochs);
}

TEST(Calibrate, LeavesOutNetworksThatFail) {
  Deeper evaluator;
  const Calibration result =
      calibrate(FixedEpochRanker{1}, SepConvSpace{}, evaluator, {.networks = 100, .epochs = 50});
  EXPECT_GT(result.scores.size(), 10U);
  EXPECT_LT(result.scores.size(), 90U);
  for (const std::string& text : result.architectures)
    EXPECT_LE(SepConvSpace{}.parse(text).width, 40) << text;
}

TEST(Calibrate, TellsShortTrainingsFromFullOnes) {
  Deeper evaluator;
  const CalibrationOptions options{.networks = 60, .epochs = 50};
  const auto agreement = [&](int epochs) {
    return calibrate(FixedEpochRanker{epochs}, SepConvSpace{}, evaluator, options).agreement;
  };
  EXPECT_LT(agreement(1).spearman, agreement(10).spearman);
  EXPECT_LT(agreement(1).spearman_interval.low, agreement(1).spearman);
}

TEST(Calibrate, TakesRankersThatCompareABatchAndThoseThatTrainNothing) {
  Deeper evaluator;
  const CalibrationOptions options{.networks = 27, .epochs = 81};
  const Calibration halving = calibrate(SuccessiveHalving{}, SepConvSpace{}, evaluator, options);
  EXPECT_GT(halving.agreement.spearman, 0);
  EXPECT_LT(halving.ranker_cost.epochs, halving.full_cost.epochs);
  const Calibration size = calibrate(ZeroCost<Parameters>{}, SepConvSpace{}, evaluator, options);
  EXPECT_EQ(size.ranker_cost.epochs, 0);
  EXPECT_NEAR(size.agreement.spearman, size.parameters_agreement.spearman, 1e-12);
}

TEST(Calibrate, GoesOnFromItsJournals) {
  const Scratch scratch;
  const CalibrationOptions options{
      .networks = 10, .epochs = 20, .directory = scratch / "calibration"};
  Deeper evaluator;
  const Calibration first = calibrate(FixedEpochRanker{2}, SepConvSpace{}, evaluator, options);
  const int evaluated = evaluator.evaluated;
  const Calibration again = calibrate(FixedEpochRanker{2}, SepConvSpace{}, evaluator, options);
  EXPECT_EQ(evaluator.evaluated, evaluated);
  EXPECT_EQ(first.scores, again.scores);
  EXPECT_EQ(first.accuracy, again.accuracy);
  EXPECT_TRUE(std::filesystem::exists(options.directory / "full" / "journal.jsonl"));
}

}  // namespace
}  // namespace nascent
