#include "nascent/ranker/learning_curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "../support/support.hpp"
#include "nascent/search/history.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

constexpr int kEpochs = 60;

/// Of mean 0 and deviation 1, near enough to normal.
double noise(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.unit();
  return sum;
}

double between(Random& random, double low, double high) {
  return low + (high - low) * random.unit();
}

/// A true curve of one of the families, without noise.
using Curve = std::function<double(double)>;

Curve pow3(Random& random) {
  const double c = between(random, .6, .95), a = between(random, .2, .5);
  const double alpha = between(random, .3, 1.5);
  return [=](double x) { return c - a * std::pow(x, -alpha); };
}
Curve exp3(Random& random) {
  const double c = between(random, .6, .95), scale = between(random, .2, .5);
  const double rate = between(random, .03, .4);
  return [=](double x) { return c - scale * std::exp(-rate * x); };
}
Curve log_power(Random& random) {
  const double c = between(random, .6, .95), half = between(random, 1, 10);
  const double a = between(random, 1, 2.5);
  return [=](double x) { return c / (1 + std::pow(x / half, -a)); };
}
constexpr std::array kFamilies{pow3, exp3, log_power};

std::vector<LearningCurvePoint> measured(const Curve& curve, int epochs, double deviation,
                                         Random& random) {
  std::vector<LearningCurvePoint> points;
  for (int x = 1; x <= epochs; ++x)
    points.push_back({static_cast<double>(x), curve(x) + deviation * noise(random)});
  return points;
}

TEST(LearningCurveFit, ExtrapolatesEachFamilyWithinThreeOfItsDeviations) {
  constexpr int kRuns = 100;
  int all = 0, all_off = 0;
  for (const auto family : kFamilies)
    for (const double deviation : {.001, .005, .01})
      for (const int seen : {20, 40}) {
        int off = 0;
        for (std::uint64_t run = 0; run < kRuns; ++run) {
          Random random(run, "curves");
          const Curve curve = family(random);
          const auto end = extrapolate(measured(curve, seen, deviation, random), kEpochs);
          ASSERT_TRUE(end);
          const double final_value = curve(kEpochs) + deviation * noise(random);
          off += std::abs(end->mean() - final_value) > 3 * end->deviation();
        }
        EXPECT_LE(off, 3) << "noise " << deviation << " seen " << seen;
        all += kRuns, all_off += off;
      }
  EXPECT_LE(all_off, all / 100);  // of a normal distribution 0.27 % lie beyond
}

TEST(LearningCurveFit, IsSurerOfWhatItHasSeenMoreOf) {
  Random random(1, "curves");
  const auto points = measured(exp3(random), kEpochs, .005, random);
  double before = 1;
  for (const std::size_t seen : {10u, 20u, 40u}) {
    const double deviation = extrapolate(std::span(points).first(seen), kEpochs)->deviation();
    EXPECT_LT(deviation, before);
    before = deviation;
  }
}

/// Candidates of any family, noisy; which one it is follows from the architecture.
struct Curves {
  double deviation = .01;
  bool tells_curve = true;

  static constexpr int kImages = 10'000;

  template <class Trial>
  Outcome evaluate(const Trial& trial) const {
    const std::uint64_t which = stable_hash(to_string(trial.architecture()), 7);
    Random random(which);
    const Curve curve = kFamilies[which % kFamilies.size()](random);
    Random noisy(trial.seed, "noise");  // the same in all parts of one training
    std::vector<std::int32_t> right;
    for (const LearningCurvePoint& point : measured(curve, trial.fidelity.epochs, deviation, noisy))
      right.push_back(static_cast<std::int32_t>(point.value * kImages));
    Outcome outcome({*std::max_element(right.begin(), right.end()), kImages}, {},
                    trial.fidelity.epochs_to_train());
    if (tells_curve) outcome.curve.assign(right.begin() + trial.fidelity.resumed, right.end());
    return outcome;
  }
};

TEST(LearningCurve, RarelyStopsTheEventualWinnerAndSparesEpochs) {
  constexpr int kRuns = 60, kCandidates = 20;
  for (const bool tells_curve : {true, false}) {
    const Curves evaluator{.01, tells_curve};
    const Search<RandomStrategy, LearningCurve, SepConvSpace> search(
        {.trials = kCandidates}, {.epochs = kEpochs, .every = 5});
    const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> straight({.trials = kCandidates},
                                                                          {.epochs = kEpochs});
    int stopped = 0;
    double spent = 0;
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
      const auto found = search.run(evaluator, {.seed = seed});
      const auto winner = straight.run(evaluator, {.seed = seed});
      spent += static_cast<double>(found.cost.epochs) / (kCandidates * kEpochs);
      for (const auto& judged : found.judged)
        stopped += judged.architecture == winner.architecture && judged.judgement.epochs < kEpochs;
    }
    EXPECT_LE(stopped, kRuns / 20);
    EXPECT_LT(spent / kRuns, .6);
  }
}

TEST(LearningCurve, GoesOnWithOneTrainingStepByStep) {
  const Search<RandomStrategy, LearningCurve, SepConvSpace> search({.trials = 1},
                                                                   {.epochs = 25, .every = 10});
  History<SepConvSpace> history;
  const auto found = search.run(Curves{}, {}, history);
  ASSERT_EQ(history.entries.size(), 3u);
  std::vector<int> epochs;
  for (const auto& [trial, outcome] : history.entries) {
    epochs.push_back(trial.fidelity.epochs);
    EXPECT_EQ(trial.fidelity.scheduled(), 25);
    EXPECT_EQ(trial.seed, history.entries.front().trial.seed);
  }
  EXPECT_EQ(epochs, (std::vector<int>{10, 20, 25}));
  EXPECT_EQ(found.cost.epochs, 25);
  EXPECT_EQ(found.judgement.epochs, 25);
}

TEST(LearningCurveFit, SaysNothingOfTooFewPointsOrOfACurveThatFalls) {
  std::vector<LearningCurvePoint> points{{1, .5}, {2, .6}, {3, .65}};
  EXPECT_FALSE(extrapolate(points, 10));
  points.push_back({4, .67});
  EXPECT_TRUE(extrapolate(points, 10));
  EXPECT_FALSE(
      extrapolate(std::vector<LearningCurvePoint>{{1, .9}, {2, .7}, {3, .5}, {4, .3}}, 10));
}

TEST(LearningCurveFit, ProbabilitiesAreThoseOfAMixtureOfNormals) {
  const Extrapolation one({{2, .5, .1}});
  EXPECT_DOUBLE_EQ(one.mean(), .5);
  EXPECT_NEAR(one.deviation(), .1, 1e-12);
  EXPECT_NEAR(one.below(.5), .5, 1e-12);
  EXPECT_NEAR(one.below(.6), .841345, 1e-6);  // of the normal distribution, below one deviation
  const Extrapolation two({{1, .4, .1}, {3, .8, .1}});
  EXPECT_NEAR(two.mean(), .7, 1e-12);
  EXPECT_NEAR(two.deviation(), std::sqrt(.01 + .25 * .75 * .16), 1e-12);
  EXPECT_NEAR(two.below(.6), .25 * .977250 + .75 * .022750, 1e-6);
}

TEST(LearningCurve, KeepsTheLaws) {
  const Search<AgingEvolution, LearningCurve, SepConvSpace> search({.population = 5, .sample = 2},
                                                                   {.epochs = 12, .every = 3});
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{1, 9}, {.max_trials = 60}), "");
}

TEST(LearningCurve, RefusesNumbersThatDecideNothing) {
  const auto refusal = [](LearningCurve ranker) {
    return message_of<std::invalid_argument>([&] {
      Search<RandomStrategy, LearningCurve, SepConvSpace>({.trials = 1}, ranker).run(Curves{});
    });
  };
  EXPECT_EQ(refusal({.every = 0}),
            "LearningCurve: epochs and every must be at least 1, not 100 and 0");
  EXPECT_EQ(refusal({.confidence = 1}),
            "LearningCurve: confidence must be between 0.5 and 1, not 1.000000");
}

}  // namespace
}  // namespace nascent
