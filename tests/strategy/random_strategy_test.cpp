#include "nascent/strategy/random_strategy.hpp"

#include <cmath>
#include <optional>
#include <set>

#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"

namespace {

struct Entry {
  int index = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
  friend std::string to_string(const Entry& entry) { return std::to_string(entry.index); }
};

/// A table of 20 entries, the accuracies of which are 1 .. 20 of 20.
struct TableSpace {
  using Architecture = Entry;
  Entry sample(nascent::Random& random) const { return {random.below(20)}; }
};

struct TableEvaluator {
  int calls = 0;
  nascent::Outcome evaluate(const nascent::Trial<Entry>& trial) {
    ++calls;
    return nascent::Outcome({trial.architecture().index + 1, 20}, {}, trial.fidelity.epochs);
  }
};

}  // namespace

namespace nascent {
namespace {

using TableSearch = Search<RandomStrategy, FixedEpochRanker, TableSpace>;

// The best of n draws with replacement from 1 .. m is, on average, m - sum over k < m of (k/m)^n.
TEST(RandomStrategy, TheMeanBestOfNIsTheExactExpectation) {
  for (const int n : {1, 2, 5, 10}) {
    double expected = 20, square = 400;  // of the mean and of the mean square
    for (int k = 1; k < 20; ++k) {
      expected -= std::pow(k / 20.0, n);
      square -= (2 * k + 1) * std::pow(k / 20.0, n);
    }
    constexpr int kRuns = 2000;
    double sum = 0;
    for (int seed = 0; seed < kRuns; ++seed) {
      TableEvaluator evaluator;
      const auto found = TableSearch({.trials = n}, {.epochs = 1})
                             .run(evaluator, {.seed = static_cast<std::uint64_t>(seed)});
      EXPECT_EQ(found.cost.trials, n);
      EXPECT_EQ(evaluator.calls, n - found.cost.repeats);
      sum += static_cast<double>(found.judgement.accuracy.correct);
    }
    const double deviation = std::sqrt((square - expected * expected) / kRuns);
    EXPECT_NEAR(sum / kRuns, expected, 4 * deviation) << n;
  }
}

TEST(RandomStrategy, ReturnsTheMostAccurateOfWhatItDrew) {
  using Search = nascent::Search<RandomStrategy, DynamicEpochRanker, SepConvSpace>;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    struct Most {
      std::optional<Accuracy> accuracy;
      void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
        EXPECT_EQ(stage_of(trial.move()), "sample");
        if (outcome.ok() && (!accuracy || outcome.accuracy.more_than(*accuracy)))
          accuracy = outcome.accuracy;
      }
    } most;
    const auto found =
        Search({.trials = 30}).run(testing::Landscape{seed, 5}, {.seed = seed}, most);
    EXPECT_TRUE(found.finished());
    EXPECT_EQ(found.cost.trials, 30);
    EXPECT_EQ(found.judgement.accuracy, *most.accuracy);
  }
}

TEST(RandomStrategy, GoesOnToTheBudgetByDefault) {
  TableEvaluator evaluator;
  const auto found = TableSearch({}, {.epochs = 3}).run(evaluator, {.max_trials = 17});
  EXPECT_EQ(found.cost.trials, 17);
  EXPECT_EQ(found.stopped, "the budget of 17 trials is spent");
  EXPECT_EQ(TableSearch({}, {.epochs = 3}).run(evaluator, {.max_epochs = 20}).cost.epochs, 18);
}

TEST(RandomStrategy, SeedsGiveDifferentSearches) {
  std::set<std::string> first;
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    first.insert(to_string(Search<RandomStrategy, FixedEpochRanker, SepConvSpace>({.trials = 1})
                               .run(testing::Landscape{}, {.seed = seed})
                               .architecture));
  EXPECT_EQ(first.size(), 50u);
}

}  // namespace
}  // namespace nascent
