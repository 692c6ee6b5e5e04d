#include "nascent/strategy/reinforce.hpp"

#include <set>

#include "encoded_support.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using detail::FactorisedPolicy;
using ::testing::ElementsAre;

/// Share of draws with the value 0 at the first position.
double share_of_zero(const FactorisedPolicy& policy) {
  Random random(1);
  int zeros = 0;
  for (int i = 0; i < 10'000; ++i) zeros += policy.draw(random)[0] == 0;
  return zeros / 10'000.0;
}

constexpr double kClose = 0.02;  // four deviations of a share of 10,000 draws

TEST(FactorisedPolicy, IsUniformAtFirst) {
  EXPECT_NEAR(share_of_zero(FactorisedPolicy({2, 3})), 0.5, kClose);
  EXPECT_NEAR(share_of_zero(FactorisedPolicy({4})), 0.25, kClose);
}

// By hand: from uniform over two values the gradient of log p is +-1/2; p = 1 / (1 + exp(-1)).
TEST(FactorisedPolicy, MovesToWhatWasBetterThanExpected) {
  FactorisedPolicy policy({2});
  policy.learn({{{0}, 2.0}}, 0.5, 0);
  EXPECT_NEAR(share_of_zero(policy), 1 / (1 + std::exp(-1.0)), kClose);
  FactorisedPolicy away({2});
  away.learn({{{0}, -2.0}}, 0.5, 0);
  EXPECT_NEAR(share_of_zero(away), 1 / (1 + std::exp(1.0)), kClose);
}

TEST(FactorisedPolicy, LearnsFromTheMeanOfABatch) {
  FactorisedPolicy policy({2}), balanced({2});
  policy.learn({{{0}, 2.0}, {{0}, 2.0}, {{0}, 2.0}}, 0.5, 0);
  EXPECT_NEAR(share_of_zero(policy), 1 / (1 + std::exp(-1.0)), kClose);
  balanced.learn({{{0}, 5.0}, {{1}, 5.0}}, 0.5, 0);
  EXPECT_NEAR(share_of_zero(balanced), 0.5, kClose);
}

TEST(FactorisedPolicy, TheEntropyBonusLeadsBackToUniform) {
  FactorisedPolicy policy({2});
  policy.learn({{{0}, 4.0}}, 0.5, 0);
  for (int i = 0; i < 200; ++i) policy.learn({{{0}, 0.0}}, 0.5, 1);
  EXPECT_NEAR(share_of_zero(policy), 0.5, kClose);
}

TEST(Reinforce, IsBetterThanRandomSearchOnTheCells) {
  const auto random = on_the_cells(RandomStrategy{}, {200}, 200).front();
  const auto learned = on_the_cells(Reinforce{}, {200}, 200).front();
  EXPECT_TRUE(learned.exceeds(random)) << learned.mean << " and " << random.mean;
  const auto in_batches = on_the_cells(Reinforce{.lookahead = 8}, {200}, 200).front();
  EXPECT_TRUE(in_batches.exceeds(random)) << in_batches.mean << " and " << random.mean;
}

TEST(Reinforce, ProposesNothingTwiceAndEndsWhenTheSpaceIsExhausted) {
  for (const int lookahead : {1, 7})
    for (const double rate : {0.05, 100.0}) {  // the second makes up its mind at once
      const auto asked = asked_of_digits(Reinforce{.learning_rate = rate, .lookahead = lookahead});
      EXPECT_EQ(asked.size(), static_cast<std::size_t>(Digits::kSize));
      EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), asked.size());
    }
}

TEST(Reinforce, AsksForLookahead) {
  EXPECT_THAT(group_sizes(Reinforce{}, 3), ElementsAre(1, 1, 1));
  EXPECT_THAT(group_sizes(Reinforce{.lookahead = 4, .trials = 10}, 4), ElementsAre(4, 4, 2, 0));
}

TEST(Reinforce, KeepsTheLaws) {
  Search<Reinforce, FixedEpochRanker, SepConvSpace> search({.lookahead = 3});
  search.space.depth = {4, 8};
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{}, {.max_trials = 100}), "");
}

TEST(Reinforce, RefusesOptionsThatMakeNoSearch) {
  EXPECT_EQ(refusal(Reinforce{.learning_rate = 0}), "Reinforce: learning_rate must be above 0");
  EXPECT_EQ(refusal(Reinforce{.baseline_decay = 1}),
            "Reinforce: baseline_decay must be at least 0 and below 1");
  EXPECT_EQ(refusal(Reinforce{.entropy_bonus = -1}), "Reinforce: entropy_bonus must be at least 0");
  EXPECT_EQ(refusal(Reinforce{.lookahead = 0}),
            "Reinforce: lookahead and trials must be at least 1");
  EXPECT_EQ(refusal(Reinforce{.trials = 0}), "Reinforce: lookahead and trials must be at least 1");
  EXPECT_EQ(refusal(Reinforce{}), "");
}

}  // namespace
}  // namespace nascent
