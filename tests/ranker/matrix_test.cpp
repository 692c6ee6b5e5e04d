// A ranker is orthogonal to the strategy: every strategy runs under every ranker that makes sense.
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "../support/support.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/run.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

/// A line for each strategy, small enough for a test.
auto strategies() {
  return std::tuple{
      GreedyMacroMicro{},
      RandomStrategy{.trials = 20},
      AgingEvolution{.population = 6, .sample = 3, .lookahead = 4, .trials = 20},
      LocalSearch{.trials = 20},
      LocalSearch{.step = LocalSearch::Step::first, .lookahead = 3, .trials = 20},
      CoordinateSweep{},
      Tpe{.startup = 6, .lookahead = 3, .trials = 20},
      Reinforce{.lookahead = 3, .trials = 20},
      BayesianOptimisation{.startup = 6, .lookahead = 3, .trials = 20},
      Nsga2{.population = 6, .generations = 3},
      HillClimb{.steps = 3, .children = 4},
      RandGrow{.pool = 4, .trials = 20},
  };
}

/// A line for each ranker.
auto rankers() {
  return std::tuple{
      FixedEpochRanker{.epochs = 3},
      DynamicEpochRanker{},
      SuccessiveHalving{.most = 9},
      SuccessiveHalving{.most = 9, .rungs = Rungs::restarted},
      Hyperband{.most = 9},
      Asha{.most = 9},
      LearningCurve{.epochs = 12, .every = 2},
      Repeat<2>{{.epochs = 2}},
      Repeat<2, Asha>{{.most = 9}},
      DataSubset<>{.ranker = {.epochs = 2}},
      DataSubset<SuccessiveHalving>{.ranker = {.most = 9}},
      ZeroCost<Parameters>{},
      ZeroCost<SynFlow>{},
  };
}

struct Course {
  std::vector<std::string> asked;
  bool succeeded = false, best_failed = true;
};

/// The first 300 trials at most; outcomes come one by one, or those of all that was asked for come
/// backwards, as from workers.
template <class Search>
Course course(const Search& search, bool backwards) {
  const testing::Landscape world{.world = 1, .failing = 9};
  constexpr std::size_t kTrials = 300;
  Session session(search);
  Course course;
  while (!session.finished() && course.asked.size() < kTrials) {
    std::vector<Trial<Architecture>> open;
    while (auto trial = session.ask()) {
      open.push_back(*trial);
      course.asked.push_back(std::to_string(trial->fidelity.resumed) + " to " +
                             std::to_string(trial->fidelity.epochs) + " epochs of " +
                             to_string(trial->architecture()) + ", seed " +
                             std::to_string(trial->seed));
      if (!backwards) break;
    }
    EXPECT_FALSE(open.empty()) << "the search waits for nothing";
    if (open.empty()) return course;
    for (auto trial = open.rbegin(); trial != open.rend(); ++trial) {
      const Outcome outcome = world.evaluate(*trial);
      course.succeeded |= outcome.ok();
      session.tell(trial->number, outcome);
    }
  }
  course.asked.resize((std::min)(course.asked.size(), kTrials));
  course.best_failed = session.best()->failed();
  return course;
}

template <class Strategy, class Ranker>
void run_pair(const Strategy& strategy, const Ranker& ranker) {
  if constexpr (detail::Matched<Strategy, Ranker>) {
    SCOPED_TRACE(meta::type_name<Strategy>() + " under " + meta::type_name<Ranker>());
    const Search<Strategy, Ranker, SepConvSpace> search(strategy, ranker);
    const Course one_by_one = course(search, false);
    EXPECT_EQ(one_by_one.asked, course(search, true).asked);
    EXPECT_GT(one_by_one.asked.size(), 10u);
    EXPECT_TRUE(one_by_one.succeeded);
    EXPECT_FALSE(one_by_one.best_failed);
  }
}

TEST(Matrix, EveryStrategyRunsUnderEveryRankerAlikeInAnyOrderOfOutcomes) {
  std::apply(
      [](const auto&... strategy) {
        const auto under_all = [](const auto& one) {
          std::apply([&](const auto&... ranker) { (run_pair(one, ranker), ...); }, rankers());
        };
        (under_all(strategy), ...);
      },
      strategies());
}

// The sentence for them is tested in compile_fail/batch_ranker.
TEST(Matrix, OnlyRankersOfBatchesNeedAStrategyThatHasThem) {
  using detail::Matched;
  static_assert(!Matched<GreedyMacroMicro, SuccessiveHalving>);
  static_assert(!Matched<GreedyMacroMicro, Hyperband>);
  static_assert(!Matched<GreedyMacroMicro, DataSubset<Hyperband>>);
  static_assert(Matched<GreedyMacroMicro, Asha>);
  static_assert(Matched<RandomStrategy, Hyperband>);
  static_assert(Matched<AgingEvolution, SuccessiveHalving>);
  static_assert(Matched<LocalSearch, DataSubset<SuccessiveHalving>>);
}

}  // namespace
}  // namespace nascent
