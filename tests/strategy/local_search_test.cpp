#include "nascent/strategy/local_search.hpp"

#include <set>

#include "nascent/search/session.hpp"
#include "strategy_support.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using Step = LocalSearch::Step;

static_assert(NeighbourSpace<Row> && NeighbourSpace<SepConvSpace>);

/// A map on which every search starts at s.
struct Paths {
  using Architecture = Named;
  std::map<std::string, std::string> roads;  // to the names' letters

  Named sample(Random&) const { return Named("s"); }
  std::vector<Named> neighbours(const Named& from) const {
    std::vector<Named> found;
    if (const auto at = roads.find(from.name); at != roads.end())
      for (const char to : at->second) found.emplace_back(std::string(1, to));
    return found;
  }
};

/// The letters' heights; a failure where there is none.
struct Heights {
  std::map<std::string, int> heights;
  std::string asked{};

  Outcome evaluate(const Trial<Named>& trial) {
    asked += trial.architecture().name;
    const auto at = heights.find(trial.architecture().name);
    return at == heights.end() ? Outcome::failed("scripted") : Outcome({at->second, 100}, {}, 1);
  }
  static constexpr bool pure = false;  // so that repeats are seen
};

struct Walk {
  std::string asked, found;
};

Walk walk(const Paths& paths, Heights heights, const LocalSearch& strategy) {
  const auto found =
      Search<LocalSearch, FixedEpochRanker, Paths>(strategy, {.epochs = 1}, paths).run(heights);
  EXPECT_TRUE(found.finished());
  return {heights.asked, found.architecture.name};
}

TEST(LocalSearch, MovesToTheBestNeighbourThatIsStrictlyBetter) {
  const Paths paths{{{"s", "abc"}, {"b", "sde"}, {"d", "b"}, {"e", "bf"}}};
  const Heights heights{{{"s", 10}, {"a", 11}, {"b", 30}, {"c", 20}, {"d", 5}, {"e", 31}}};
  const Walk trail = walk(paths, heights, {.trials = 8});
  EXPECT_EQ(trail.asked, "sabcdefs");  // s is not judged again until the search starts anew
  EXPECT_EQ(trail.found, "e");
}

TEST(LocalSearch, AnEqualNeighbourIsNoStepAndTheFirstOfTheBestIsTaken) {
  const Paths paths{{{"s", "ab"}, {"a", "c"}, {"b", "d"}}};
  EXPECT_EQ(walk(paths, {{{"s", 10}, {"a", 10}, {"b", 10}}}, {.trials = 7}).asked, "sabsabs");
  EXPECT_EQ(walk(paths, {{{"s", 10}, {"a", 20}, {"b", 20}, {"c", 20}}}, {.trials = 5}).asked,
            "sabcs");
}

TEST(LocalSearch, FailuresAreLeftBehind) {
  const Paths paths{{{"s", "ab"}, {"b", "c"}}};
  const Walk trail = walk(paths, {{{"b", 0}}}, {.trials = 4});
  EXPECT_EQ(trail.asked, "sabc");
  EXPECT_EQ(trail.found, "b");
  EXPECT_EQ(walk(paths, {}, {.trials = 6}).asked, "sabsab");  // all fail: it starts again
}

TEST(LocalSearch, TheFirstBetterNeighbourIsTakenInRandomOrder) {
  const Paths paths{{{"s", "abc"}, {"b", "d"}, {"c", "d"}}};
  const Heights heights{{{"s", 10}, {"a", 5}, {"b", 20}, {"c", 30}, {"d", 1}}};
  std::set<std::string> trails;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Heights measured = heights;
    Search<LocalSearch, FixedEpochRanker, Paths>({.step = Step::first}, {.epochs = 1}, paths)
        .run(measured, {.seed = seed, .max_trials = 4});
    trails.insert(measured.asked);
  }
  // Straight to b or c, or after a; then d, which is no better, and a fresh start.
  EXPECT_EQ(trails, (std::set<std::string>{"sabd", "sacd", "sbds", "scds"}));
}

TEST(LocalSearch, OfAFewAtOnceTheBestIsTaken) {
  const Paths paths{{{"s", "ab"}, {"b", "c"}}};
  const Heights heights{{{"s", 10}, {"a", 20}, {"b", 30}, {"c", 1}}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Heights measured = heights;
    Search<LocalSearch, FixedEpochRanker, Paths>({.step = Step::first, .lookahead = 2, .trials = 4},
                                                 {.epochs = 1}, paths)
        .run(measured, {.seed = seed});
    EXPECT_EQ(measured.asked.back(), 'c');
  }
}

TEST(LocalSearch, AsksForANeighbourhoodAtOnceOrForLookahead) {
  const auto asked_after_the_start = [](const LocalSearch& strategy) {
    Session session{Search<LocalSearch, FixedEpochRanker, SepConvSpace>(strategy)};
    const auto start = session.ask();
    EXPECT_FALSE(session.ask());
    session.tell(0, Outcome({1, 2}, {}, 1));
    int count = 0;
    while (session.ask()) ++count;
    const auto around = SepConvSpace{}.neighbours(start->architecture()).size();
    return count == static_cast<int>(around) ? -1 : count;
  };
  EXPECT_EQ(asked_after_the_start({}), -1);
  EXPECT_EQ(asked_after_the_start({.trials = 6}), 5);
  EXPECT_EQ(asked_after_the_start({.step = Step::first}), 1);
  EXPECT_EQ(asked_after_the_start({.step = Step::first, .lookahead = 4}), 4);
}

TEST(LocalSearch, EndsInASmallSpaceAtTheBudget) {
  for (const Step step : {Step::best, Step::first}) {
    const Search<LocalSearch, FixedEpochRanker, Row> search({.step = step}, {.epochs = 2});
    RowEvaluator evaluator;
    const auto found = search.run(evaluator, {.max_trials = 300});
    EXPECT_EQ(found.architecture.index, 19);
    EXPECT_EQ(found.cost.trials, 300);
    EXPECT_LE(evaluator.calls, 20);
    EXPECT_EQ(search.run(evaluator, {.max_epochs = 101}).cost.epochs, 100);
  }
  const Paths alone;  // a start without neighbours
  EXPECT_EQ(walk(alone, {{{"s", 1}}}, {.trials = 3}).asked, "sss");
}

TEST(LocalSearch, ClimbsAHillBetterThanRandomSearch) {
  const double random = mean_on_the_hill(RandomStrategy{}, 200);
  EXPECT_GT(mean_on_the_hill(LocalSearch{}, 200), random + 2);
  EXPECT_GT(mean_on_the_hill(LocalSearch{.step = Step::first}, 200), random + 2);
}

TEST(LocalSearch, RefusesALookaheadOfNone) {
  const Search<LocalSearch, FixedEpochRanker, Row> search({.lookahead = 0});
  RowEvaluator evaluator;
  EXPECT_EQ(message_of<std::invalid_argument>([&] { search.run(evaluator); }),
            "LocalSearch: lookahead must be at least 1");
}

}  // namespace
}  // namespace nascent
