#include "nascent/strategy/tpe.hpp"

#include <set>

#include "encoded_support.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

const std::vector<int> kChoices{2, 3};

template <class Visit>
void each_code(Visit visit) {
  for (int a = 0; a < kChoices[0]; ++a)
    for (int b = 0; b < kChoices[1]; ++b) visit(std::vector<int>{a, b});
}

TEST(ParzenDensity, SumsToOneAndIsDrawnFrom) {
  for (const std::size_t seen : {0u, 1u, 3u, 40u}) {
    std::vector<std::vector<int>> codes;
    for (std::size_t i = 0; i < seen; ++i) codes.push_back({i % 2 == 0, static_cast<int>(i % 3)});
    const detail::ParzenDensity density(kChoices, codes, 1);
    Random random(seen);
    std::map<std::vector<int>, int> drawn;
    constexpr int kDraws = 20'000;
    for (int i = 0; i < kDraws; ++i) ++drawn[density.draw(random)];
    double sum = 0;
    each_code([&](const std::vector<int>& code) {
      const double p = std::exp(density.log_at(code));
      sum += p;
      EXPECT_NEAR(drawn[code], kDraws * p, 4.5 * std::sqrt(kDraws * p * (1 - p)));
    });
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

// By hand: one component, smeared by 1/2 on each value, and the prior, as heavy.
TEST(ParzenDensity, SmearsWhatWasSeenByThePrior) {
  const detail::ParzenDensity density(kChoices, {{0, 2}}, 1);
  EXPECT_NEAR(std::exp(density.log_at({0, 2})), (1.5 / 2 * 1.5 / 2.5 + 1.0 / 6) / 2, 1e-12);
  EXPECT_NEAR(std::exp(density.log_at({1, 0})), (0.5 / 2 * 0.5 / 2.5 + 1.0 / 6) / 2, 1e-12);
}

// References: means of 200 runs of another implementation, which this one is at least as good as.
TEST(Tpe, IsAsGoodOnTheCellsAsItShouldBe) {
  const auto found = on_the_cells(Tpe{}, {50, 100, 200}, 100);
  EXPECT_TRUE(found[0].reaches({91.05, found[0].deviation, 200})) << found[0].mean;
  EXPECT_TRUE(found[1].reaches({91.30, found[1].deviation, 200})) << found[1].mean;
  EXPECT_TRUE(found[2].reaches({91.43, found[2].deviation, 200})) << found[2].mean;
}

TEST(Tpe, IsBetterThanRandomSearchAlsoInGroups) {
  const auto random = on_the_cells(RandomStrategy{}, {100}, 50).front();
  const auto grouped = on_the_cells(Tpe{.lookahead = 10}, {100}, 50).front();
  EXPECT_TRUE(grouped.exceeds(random)) << grouped.mean;
}

TEST(Tpe, ProposesNothingTwiceAndEndsWhenTheSpaceIsExhausted) {
  for (const int lookahead : {1, 7}) {
    const auto asked = asked_of_digits(Tpe{.lookahead = lookahead});
    EXPECT_EQ(asked.size(), static_cast<std::size_t>(Digits::kSize));
    EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), asked.size());
  }
}

TEST(Tpe, AsksForItsStartAtOnceThenForLookahead) {
  EXPECT_THAT(group_sizes(Tpe{}, 4), ElementsAre(10, 1, 1, 1));
  EXPECT_THAT(group_sizes(Tpe{.startup = 6, .lookahead = 4, .trials = 12}, 4),
              ElementsAre(6, 4, 2, 0));
}

TEST(Tpe, KeepsTheLaws) {
  Search<Tpe, FixedEpochRanker, SepConvSpace> search({.lookahead = 3});
  search.space.depth = {4, 8};
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{}, {.max_trials = 50}), "");
}

TEST(Tpe, RefusesOptionsThatMakeNoSearch) {
  EXPECT_EQ(refusal(Tpe{.startup = 0}), "Tpe: startup must be at least 1");
  EXPECT_EQ(refusal(Tpe{.candidates = 0}), "Tpe: candidates must be at least 1");
  EXPECT_EQ(refusal(Tpe{.good = 0}), "Tpe: good must be above 0 and at most 1");
  EXPECT_EQ(refusal(Tpe{.most_good = 0}), "Tpe: most_good must be at least 1");
  EXPECT_EQ(refusal(Tpe{.prior_weight = 0}), "Tpe: prior_weight must be above 0");
  EXPECT_EQ(refusal(Tpe{.lookahead = 0}), "Tpe: lookahead must be at least 1");
  EXPECT_EQ(refusal(Tpe{.trials = 0}), "Tpe: trials must be at least 1");
  EXPECT_EQ(refusal(Tpe{}), "");
}

}  // namespace
}  // namespace nascent
