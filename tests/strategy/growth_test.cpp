// Strategies whose candidates inherit weights.
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "nascent/strategy/hill_climb.hpp"
#include "nascent/strategy/rand_grow.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"
#include "strategy_support.hpp"

namespace nascent {
namespace {

static_assert(StrategyPolicy<HillClimb, SepConvSpace> && StrategyPolicy<RandGrow, SepConvSpace>);

/// Trials and what they gave.
struct Keeper {
  std::vector<Trial<Architecture>> trials;
  std::vector<Outcome> outcomes;
  std::vector<Accuracy> incumbents;
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    trials.push_back(trial);
    outcomes.push_back(outcome);
  }
  void on_incumbent(const Judged<SepConvSpace>& best) { incumbents.push_back(best.accuracy()); }
};

template <class Strategy>
Keeper run(const Strategy& strategy, std::uint64_t world, int trials = 100) {
  const Search<Strategy, FixedEpochRanker, SepConvSpace> search(strategy, {.epochs = 2});
  Keeper keeper;
  search.run(testing::Landscape{world, world % 3 == 0 ? 5 : 0},
             {.seed = world, .max_trials = trials}, keeper);
  return keeper;
}

/// Every child has its parent's weights to inherit, and no part of it shrinks.
void expect_growth(const Keeper& keeper) {
  const SepConvSpace space;
  for (const auto& trial : keeper.trials) {
    if (trial.move() == Move::start) {
      EXPECT_EQ(trial.parent, nullptr);
      continue;
    }
    EXPECT_EQ(trial.move(), Move::morph);
    if (!trial.parent) continue;  // its parent had failed
    const Architecture &small = trial.parent->architecture(), &large = trial.architecture();
    EXPECT_GE(large.depth(), small.depth());
    EXPECT_GE(large.width, small.width);
    EXPECT_GE(space.parameters(large), space.parameters(small));
    const std::vector<int> origin = space.origin(small, large);  // throws where a kernel shrinks
    EXPECT_EQ(growth(space.describe(small), space.describe(large), origin).obstacle, "");
  }
}

void expect_never_to_fall(const std::vector<Accuracy>& best) {
  for (std::size_t i = 1; i < best.size(); ++i) EXPECT_FALSE(best[i - 1].more_than(best[i]));
}

TEST(HillClimb, NothingEverShrinksAndTheBestNeverFalls) {
  for (std::uint64_t world = 1; world <= 12; ++world) {
    const Keeper keeper = run(HillClimb{.steps = 6}, world);
    EXPECT_EQ(keeper.trials.size(), 1U + 6 * 8);
    expect_growth(keeper);
    expect_never_to_fall(keeper.incumbents);
  }
}

TEST(HillClimb, ChildrenOfAStepAreDifferentAndOfTheBest) {
  const Keeper keeper = run(HillClimb{.steps = 4, .children = 5, .morphs = 1}, 1);
  int best = 0;
  for (std::size_t step = 0; step < 4; ++step) {
    std::set<std::string> texts;
    int next = best;
    for (std::size_t i = 1 + 5 * step; i <= 5 + 5 * step; ++i) {
      EXPECT_EQ(keeper.trials[i].parent->number, best);
      texts.insert(to_string(keeper.trials[i].architecture()));
      if (keeper.outcomes[i].accuracy.more_than(keeper.outcomes[std::size_t(next)].accuracy))
        next = static_cast<int>(i);
    }
    EXPECT_EQ(texts.size(), 5U);
    best = next;
  }
}

TEST(RandGrow, NothingEverShrinksAndTheBestNeverFalls) {
  for (std::uint64_t world = 1; world <= 12; ++world) {
    const Keeper keeper = run(RandGrow{}, world);
    EXPECT_EQ(keeper.trials.size(), 100U);
    expect_growth(keeper);
    expect_never_to_fall(keeper.incumbents);
  }
}

TEST(RandGrow, ParentsAreAmongTheBestOfTheirTime) {
  const RandGrow strategy{.pool = 3, .children = 2, .morphs = 1};
  const Keeper keeper = run(strategy, 2, 41);
  for (std::size_t i = 3; i < keeper.trials.size(); ++i) {
    const std::size_t told = i - (i - 3) % 2;  // before its round
    const auto& parent = keeper.outcomes[std::size_t(keeper.trials[i].parent->number)].accuracy;
    int better = 0;
    for (std::size_t k = 0; k < told; ++k) better += keeper.outcomes[k].accuracy.more_than(parent);
    EXPECT_LT(better, 3) << i;
  }
}

/// Letters that grow to the next one, up to `last`; no seedlings and no odds of its own.
struct Alphabet {
  using Architecture = Named;
  char last = 'c';
  Named sample(Random&) const { return Named("a"); }
  std::vector<Named> morphs(const Named& from) const {
    if (from.name[0] >= last) return {};
    return {Named(std::string(1, static_cast<char>(from.name[0] + 1)))};
  }
};

TEST(HillClimb, EndsWhereNothingGrowsAnyMore) {
  const Search<HillClimb, FixedEpochRanker, Alphabet> search({.steps = 9, .morphs = 1},
                                                             {.epochs = 1});
  InOrder scores{{10, 20, 30}};
  const auto found = search.run(scores);
  EXPECT_TRUE(found.finished());
  EXPECT_EQ(scores.asked, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(found.architecture.name, "c");
}

TEST(HillClimb, TiesAndFailuresKeepTheParent) {
  const Search<HillClimb, FixedEpochRanker, Alphabet> search({.steps = 2, .morphs = 1},
                                                             {.epochs = 1});
  for (const int score : {10, -1}) {
    InOrder scores{{10, score, score}};
    EXPECT_EQ(search.run(scores).architecture.name, "a");
    EXPECT_EQ(scores.asked, (std::vector<std::string>{"a", "b", "b"}));
  }
}

TEST(Growth, KeepsTheLaws) {
  using ::nascent::testing::broken_law;
  const SearchOptions options{.max_trials = 60};
  const testing::Landscape sound, holed{3, 4};
  for (const auto& world : {sound, holed}) {
    EXPECT_EQ(broken_law(Search<HillClimb, FixedEpochRanker, SepConvSpace>{}, world, options), "");
    EXPECT_EQ(broken_law(Search<RandGrow, FixedEpochRanker, SepConvSpace>{}, world, options), "");
  }
}

TEST(Growth, RefusesNumbersBelowOne) {
  const auto refusal = [](const auto& strategy) {
    using Strategy = std::remove_cvref_t<decltype(strategy)>;
    return message_of<std::invalid_argument>([&] {
      Search<Strategy, FixedEpochRanker, SepConvSpace>(strategy).run(testing::Landscape{});
    });
  };
  EXPECT_EQ(refusal(HillClimb{.children = 0}), "HillClimb: children must be at least 1");
  EXPECT_EQ(refusal(RandGrow{.pool = 0}), "RandGrow: pool must be at least 1");
}

}  // namespace
}  // namespace nascent
