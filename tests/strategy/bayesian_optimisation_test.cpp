#include "nascent/strategy/bayesian_optimisation.hpp"

#include <set>

#include "encoded_support.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using detail::CodeProcess;
using ::testing::ElementsAre;

// By hand: one code of score y, covariance k: mean k y / (1 + noise), variance 1 - k^2 / (1 +
// noise).
TEST(CodeProcess, ForecastsFromOneCodeAsTheFormulaSays) {
  CodeProcess process(0.5, 0.1);
  EXPECT_EQ(process.forecast({0, 0}).mean, 0);
  EXPECT_EQ(process.forecast({0, 0}).deviation, 1);
  process.add({0, 0});
  process.learn({2});
  const double k = std::exp(-1.0);  // half of the positions differ
  EXPECT_NEAR(process.forecast({0, 1}).mean, 2 * k / 1.1, 1e-12);
  EXPECT_NEAR(process.forecast({0, 1}).deviation, std::sqrt(1 - k * k / 1.1), 1e-12);
  EXPECT_NEAR(process.forecast({0, 0}).mean, 2 / 1.1, 1e-12);
}

// By hand, with the inverse of [1.1 k; k 1.1].
TEST(CodeProcess, ForecastsFromTwoCodesAsTheFormulaSays) {
  CodeProcess process(0.5, 0.1);
  process.add({0, 0});
  process.add({0, 1});
  process.learn({2, -1});
  const double k = std::exp(-1.0), far = std::exp(-2.0), det = 1.21 - k * k;
  // {1, 0} differs from the first in one position, from the second in both.
  EXPECT_NEAR(process.forecast({1, 0}).mean, (k * (2 * 1.1 + k) + far * (-1 * 1.1 - 2 * k)) / det,
              1e-12);
  EXPECT_NEAR(process.forecast({1, 0}).deviation,
              std::sqrt(1 - (1.1 * k * k - 2 * k * k * far + 1.1 * far * far) / det), 1e-12);
}

TEST(CodeProcess, CodesUnderWayMakeForecastsMoreCertainAndNoBetterOrWorse) {
  CodeProcess process(0.5, 0.1);
  process.add({0, 0});
  process.learn({2});
  const auto before = process.forecast({0, 1});
  process.add({0, 1});
  const auto after = process.forecast({0, 1});
  EXPECT_NEAR(after.mean, before.mean, 1e-12);
  EXPECT_LT(after.deviation, before.deviation / 2);
}

// Reference: AgingEvolution of 10 and 3 on the same table, 1,000 runs of another implementation.
TEST(BayesianOptimisation, IsBetterThanAgingEvolutionOnTheCells) {
  const Statistic evolution{91.158, 0.281, 1000};
  const auto alone = on_the_cells(BayesianOptimisation{}, {100}, 25).front();
  EXPECT_TRUE(alone.exceeds(evolution)) << alone.mean;
  const auto grouped = on_the_cells(BayesianOptimisation{.lookahead = 10}, {100}, 25).front();
  EXPECT_TRUE(grouped.exceeds(evolution)) << grouped.mean;
}

TEST(BayesianOptimisation, ProposesNothingTwiceAndEndsWhenTheSpaceIsExhausted) {
  for (const int lookahead : {1, 7}) {
    const auto asked = asked_of_digits(BayesianOptimisation{.lookahead = lookahead});
    EXPECT_EQ(asked.size(), static_cast<std::size_t>(Digits::kSize));
    EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), asked.size());
  }
}

TEST(BayesianOptimisation, AsksForItsStartAtOnceThenForLookahead) {
  EXPECT_THAT(group_sizes(BayesianOptimisation{}, 4), ElementsAre(10, 1, 1, 1));
  EXPECT_THAT(group_sizes(BayesianOptimisation{.startup = 6, .lookahead = 4, .trials = 12}, 4),
              ElementsAre(6, 4, 2, 0));
}

TEST(BayesianOptimisation, KeepsTheLaws) {
  Search<BayesianOptimisation, FixedEpochRanker, SepConvSpace> search(
      {.candidates = 20, .lookahead = 3});
  search.space.depth = {4, 8};
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{}, {.max_trials = 50}), "");
}

TEST(BayesianOptimisation, RefusesOptionsThatMakeNoSearch) {
  using Mine = BayesianOptimisation;
  EXPECT_EQ(refusal(Mine{.startup = 0}), "BayesianOptimisation: startup must be at least 1");
  EXPECT_EQ(refusal(Mine{.candidates = 0}), "BayesianOptimisation: candidates must be at least 1");
  EXPECT_EQ(refusal(Mine{.parents = 0}), "BayesianOptimisation: parents must be at least 1");
  EXPECT_EQ(refusal(Mine{.length = 0}), "BayesianOptimisation: length must be from 1e-6 to 1e6");
  EXPECT_EQ(refusal(Mine{.noise = 0}), "BayesianOptimisation: noise must be from 1e-6 to 1e6");
  EXPECT_EQ(refusal(Mine{.exploration = -1}),
            "BayesianOptimisation: exploration must be at least 0");
  EXPECT_EQ(refusal(Mine{.lookahead = 0}), "BayesianOptimisation: lookahead must be at least 1");
  EXPECT_EQ(refusal(Mine{.trials = 0}), "BayesianOptimisation: trials must be at least 1");
  EXPECT_EQ(refusal(Mine{}), "");
}

}  // namespace
}  // namespace nascent
