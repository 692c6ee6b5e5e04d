// SuccessiveHalving, Hyperband and Asha: who is trained how long.
#include <map>

#include "../support/support.hpp"
#include "nascent/ranker/asha.hpp"
#include "nascent/ranker/hyperband.hpp"
#include "nascent/ranker/successive_halving.hpp"
#include "nascent/search/history.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

template <class Ranker>
using Drawn = Search<RandomStrategy, Ranker, SepConvSpace>;

/// Trainings of each number of epochs.
template <class Search>
std::map<int, int> rungs_of(const Search& search) {
  History<SepConvSpace> history;
  search.run(testing::Landscape{}, {}, history);
  std::map<int, int> rungs;
  for (const auto& entry : history.entries) ++rungs[entry.trial.fidelity.epochs];
  return rungs;
}

TEST(SuccessiveHalving, LetsAThirdOfEachRungGoOnThreeTimesAsLong) {
  EXPECT_THAT(rungs_of(Drawn<SuccessiveHalving>({.trials = 81})),
              ElementsAre(Pair(1, 81), Pair(3, 27), Pair(9, 9), Pair(27, 3), Pair(81, 1)));
}

TEST(SuccessiveHalving, LetsOneGoOnWhereAThirdIsNone) {
  EXPECT_THAT(rungs_of(Drawn<SuccessiveHalving>({.trials = 2}, {.most = 9})),
              ElementsAre(Pair(1, 2), Pair(3, 1), Pair(9, 1)));
}

TEST(SuccessiveHalving, LetsTheBestGoOn) {
  History<SepConvSpace> history;
  Drawn<SuccessiveHalving>({.trials = 9}, {.most = 9}).run(testing::Landscape{}, {}, history);
  const auto& all = history.entries;
  for (std::size_t i = 9; i < 12; ++i) {
    const auto& chosen = all[static_cast<std::size_t>(all[i].trial.parent->number)];
    int better = 0;
    for (std::size_t k = 0; k < 9; ++k)
      better += all[k].outcome.accuracy.more_than(chosen.outcome.accuracy);
    EXPECT_LT(better, 3);
  }
}

TEST(SuccessiveHalving, PausesOneTrainingUnlessItIsToldToRestart) {
  for (const Rungs rungs : {Rungs::resumed, Rungs::restarted}) {
    History<SepConvSpace> history;
    const auto found = Drawn<SuccessiveHalving>({.trials = 9}, {.most = 9, .rungs = rungs})
                           .run(testing::Landscape{}, {}, history);
    const auto& last = history.entries.back().trial;
    EXPECT_EQ(last.fidelity.epochs, 9);
    EXPECT_EQ(last.fidelity.resumed, rungs == Rungs::resumed ? 3 : 0);
    EXPECT_EQ(history.entries.front().trial.fidelity.scheduled(), rungs == Rungs::resumed ? 9 : 1);
    EXPECT_EQ(found.cost.epochs, rungs == Rungs::resumed ? 9 + 3 * 2 + 6 : 9 + 3 * 3 + 9);
  }
}

// The trials are then those of one training, which the evaluator cannot tell from one that never
// paused.
TEST(SuccessiveHalving, PausedAndResumedTrialsAreThoseOfTheStraightTraining) {
  History<SepConvSpace> paused, straight;
  Drawn<SuccessiveHalving>({.trials = 27}, {.most = 27}).run(testing::Landscape{}, {}, paused);
  Drawn<FixedEpochRanker>({.trials = 27}, {.epochs = 27}).run(testing::Landscape{}, {}, straight);
  const auto& last = paused.entries.back().trial;
  EXPECT_EQ(last.fidelity.epochs, 27);
  EXPECT_EQ(last.fidelity.schedule, 0) << "its last part is a whole training";
  int epochs = 27, parts = 0;
  const auto seed_of_straight = [&] {
    for (const auto& entry : straight.entries)
      if (entry.trial.architecture() == last.architecture()) return entry.trial.seed;
    return std::uint64_t{0};
  }();
  for (const auto* part = &last; part; part = part->parent.get(), epochs /= 3, ++parts) {
    EXPECT_EQ(part->seed, seed_of_straight);
    EXPECT_EQ(part->fidelity.scheduled(), 27);
    EXPECT_EQ(part->fidelity.epochs, epochs);
    EXPECT_EQ(part->fidelity.resumed, part->parent ? epochs / 3 : 0);
  }
  EXPECT_EQ(parts, 4);
}

TEST(SuccessiveHalving, PassesThroughAllRungsAlone) {
  EXPECT_THAT(rungs_of(Drawn<SuccessiveHalving>({.trials = 2, .batch = 1}, {.most = 9})),
              ElementsAre(Pair(1, 2), Pair(3, 2), Pair(9, 2)));
}

/// Eight of nine fail at once.
struct OneSurvives {
  Outcome evaluate(const Trial<Architecture>& trial) const {
    if (trial.number < 8) return Outcome::failed("scripted");
    return Outcome({1, 2}, {}, trial.fidelity.epochs_to_train());
  }
};

TEST(SuccessiveHalving, DoesNotWaitForWhatFailed) {
  const auto found = Drawn<SuccessiveHalving>({.trials = 9}, {.most = 9}).run(OneSurvives{});
  EXPECT_TRUE(found.finished());
  EXPECT_EQ(found.judgement.epochs, 9);
  EXPECT_EQ(found.cost.failures, 8);
}

TEST(SuccessiveHalving, AsksForSensibleNumbers) {
  EXPECT_THAT(message_of([] {
                Drawn<SuccessiveHalving>({}, {.least = 9, .most = 3}).run(testing::Landscape{});
              }),
              HasSubstr("1 <= least <= most"));
  EXPECT_THAT(
      message_of([] { Drawn<SuccessiveHalving>({}, {.eta = 1}).run(testing::Landscape{}); }),
      HasSubstr("eta must be at least 2"));
}

// Li et al. 2018: the formula of Algorithm 1, and the sizes in Table 1.
TEST(Hyperband, HasTheBracketsOfThePaper) {
  std::vector<int> formula, table, first;
  for (int bracket = 0; bracket < 5; ++bracket) {
    formula.push_back(Hyperband{}.size(bracket));
    table.push_back(Hyperband{.sizes = Hyperband::Sizes::table}.size(bracket));
    first.push_back(Hyperband{}.epochs(bracket));
  }
  EXPECT_THAT(formula, ElementsAre(81, 34, 15, 8, 5));
  EXPECT_THAT(table, ElementsAre(81, 27, 9, 6, 5));
  EXPECT_THAT(first, ElementsAre(1, 3, 9, 27, 81));
}

TEST(Hyperband, HalvesOneBracketAfterTheOther) {
  const Hyperband table{.sizes = Hyperband::Sizes::table};
  EXPECT_THAT(rungs_of(Drawn<Hyperband>({.trials = 81 + 27 + 9 + 6 + 5}, table)),
              ElementsAre(Pair(1, 81), Pair(3, 27 + 27), Pair(9, 9 + 9 + 9),
                          Pair(27, 3 + 3 + 3 + 6), Pair(81, 1 + 1 + 1 + 2 + 5)));
}

TEST(Hyperband, BeginsAgainAfterTheLastBracket) {
  History<SepConvSpace> history;
  Drawn<Hyperband>({.trials = 9 + 5 + 3 + 9}, {.most = 9}).run(testing::Landscape{}, {}, history);
  int at_one = 0;
  for (const auto& entry : history.entries) at_one += entry.trial.fidelity.epochs == 1;
  EXPECT_EQ(at_one, 18);
}

TEST(Hyperband, HalvesABatchOfAnotherSizeFromTheBracketsFirstRung) {
  // Brackets of 9 epochs begin at 1, 3 and 9; two batches of each.
  EXPECT_THAT(rungs_of(Drawn<Hyperband>({.trials = 6 * 6, .batch = 6}, {.most = 9})),
              ElementsAre(Pair(1, 12), Pair(3, 2 * 2 + 12), Pair(9, 2 * 1 + 2 * 2 + 12)));
}

TEST(Hyperband, RefusesAnEtaThatHalvesNothing) {
  for (const int eta : {1, 0, -3})
    EXPECT_THAT(
        message_of([&] { Drawn<Hyperband>({}, {.eta = eta}).run(testing::Landscape{}); }),
        HasSubstr("eta must be at least 2"));
}

TEST(Batches, OfEvolutionAreTheFoundersAndChildrenTogether) {
  History<SepConvSpace> history;
  Search<AgingEvolution, SuccessiveHalving, SepConvSpace>(
      {.population = 9, .sample = 3, .lookahead = 3, .trials = 15}, {.most = 9})
      .run(testing::Landscape{}, {}, history);
  std::vector<int> epochs;
  for (const auto& entry : history.entries) epochs.push_back(entry.trial.fidelity.epochs);
  EXPECT_THAT(epochs, ElementsAre(1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9,  // the founders
                                  1, 1, 1, 3, 9, 1, 1, 1, 3, 9));         // three children, twice
}

TEST(Batches, OfLocalSearchAreTheNeighbours) {
  History<SepConvSpace> history;
  Search<LocalSearch, SuccessiveHalving, SepConvSpace>({.trials = 10}, {.most = 9})
      .run(testing::Landscape{}, {}, history);
  std::vector<int> epochs;
  for (const auto& entry : history.entries) epochs.push_back(entry.trial.fidelity.epochs);
  EXPECT_THAT(epochs, ElementsAre(1, 3, 9,  // the start, alone
                                  1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9));
}

TEST(Asha, LetsACandidateGoOnThatIsInTheTopThirdSoFar) {
  History<SepConvSpace> history;
  Search<RandomStrategy, Asha, SepConvSpace>({.trials = 200}, {.most = 9})
      .run(testing::Landscape{1}, {}, history);
  std::vector<Accuracy> reached;
  const auto& all = history.entries;
  int went_on = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].trial.fidelity.epochs != 1) continue;
    std::size_t as_good = 0;
    for (const Accuracy& other : reached) as_good += other.at_least(all[i].outcome.accuracy);
    reached.push_back(all[i].outcome.accuracy);
    const bool expected = as_good < std::max<std::size_t>(1, reached.size() / 3);
    const bool goes_on = i + 1 < all.size() && all[i + 1].trial.fidelity.resumed == 1;
    EXPECT_EQ(goes_on, expected) << i;
    went_on += goes_on;
  }
  EXPECT_EQ(reached.size(), 200u);
  EXPECT_GT(went_on, 10);
}

TEST(Rungs, KeepTheLaws) {
  const SearchOptions few{.max_trials = 60};
  EXPECT_EQ(testing::broken_law(Drawn<SuccessiveHalving>({.trials = 30}, {.most = 9}),
                                testing::Landscape{1, 7}, few),
            "");
  EXPECT_EQ(testing::broken_law(Drawn<Hyperband>({.trials = 30}, {.most = 9}),
                                testing::Landscape{2}, few),
            "");
  EXPECT_EQ(
      testing::broken_law(Drawn<Asha>({.trials = 30}, {.most = 9}), testing::Landscape{3, 7}, few),
      "");
  const Search<AgingEvolution, Asha, SepConvSpace> evolved({.population = 6, .sample = 3},
                                                           {.most = 9});
  EXPECT_EQ(testing::broken_law(evolved, testing::Landscape{}, few), "");
}

}  // namespace
}  // namespace nascent
