// Properties over random worlds: workers, delays and failures change nothing but the time.
#include <rapidcheck.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "../../support/support.hpp"
#include "nascent/run.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

// The same worlds each time, unless RC_PARAMS asks for others.
[[maybe_unused]] const int kSeeded = ::setenv("RC_PARAMS", "seed=1", 0);

/// Evaluator: a random world, in which each trial takes a while of its own and some fail.
struct World {
  testing::Landscape landscape;
  int longest = 0;  // microseconds

  Outcome evaluate(const Trial<Architecture>& trial, Monitor& monitor) const {
    // Of the clock, not of the trial: a trial done twice takes another time.
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    Random random(trial.seed ^ static_cast<std::uint64_t>(ticks));
    for (int left = longest > 0 ? random.below(longest) : 0; left > 0; left -= 100) {
      if (monitor.cancelled()) throw Cancelled();
      std::this_thread::sleep_for(std::chrono::microseconds(std::min(left, 100)));
    }
    return landscape.evaluate(trial);
  }
};

template <class Search>
Search small(Search search) {
  search.space.depth = {3, 6};
  search.space.width = {8, 14, 2};
  return search;
}

template <class Search>
std::vector<std::string> story(const Search& search, const World& world,
                               const SearchOptions& options, int workers) {
  testing::Probe<SepConvSpace> probe;
  if (workers == 0)
    search.run(world, options, probe);
  else
    search.run(world, options, probe, Threads(workers));
  return probe.story;
}

template <class Search>
void expect_the_same_story(const Search& search) {
  const bool held = rc::check([&] {
    const World world{{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange(0, 8)},
                      *rc::gen::element(0, 0, 300, 2000)};
    const SearchOptions options{.seed = *rc::gen::arbitrary<std::uint64_t>(),
                                .max_trials = *rc::gen::inRange(1, 40),
                                .speculation = *rc::gen::arbitrary<bool>()};
    const auto alone = story(search, {world.landscape}, options, 0);
    RC_ASSERT(story(search, world, options, *rc::gen::element(1, 2, 4, 7)) == alone);
  });
  EXPECT_TRUE(held);
}

TEST(AnyExecutor, TellsTheSameStoryOfRandomSearch) {
  expect_the_same_story(small(Search<RandomStrategy, DynamicEpochRanker, SepConvSpace>()));
}

TEST(AnyExecutor, TellsTheSameStoryOfAgingEvolution) {
  expect_the_same_story(small(Search<AgingEvolution, DynamicEpochRanker, SepConvSpace>(
      {.population = 8, .sample = 3, .lookahead = 3})));
}

TEST(AnyExecutor, TellsTheSameStoryOfLocalSearch) {
  using LocalSearches = Search<LocalSearch, DynamicEpochRanker, SepConvSpace>;
  expect_the_same_story(small(LocalSearches()));
  expect_the_same_story(small(LocalSearches({.step = LocalSearch::Step::first, .lookahead = 3})));
}

TEST(AnyExecutor, TellsTheSameStoryOfGreedyMacroMicro) {
  expect_the_same_story(small(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>()));
}

TEST(AnyExecutor, TellsTheSameStoryOfTrgNas) {
  expect_the_same_story(
      small(Search<GreedyMacroMicro, FixedEpochRanker, SepConvSpace>(trg_nas(), {.epochs = 3})));
}

TEST(AnyExecutor, MayBeChosenAtRunTime) {
  using Any = AnyExecutor<SepConvSpace, const World>;
  const auto search = small(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>());
  const World world{{5, 7}, 100};
  const auto alone = story(search, world, {}, 0);
  for (Any executor : {Any(Inline()), Any(Threads(3)), Any(Simulated(2))}) {
    testing::Probe<SepConvSpace> probe;
    search.run(world, {}, probe, executor);
    EXPECT_EQ(probe.story, alone) << executor.name();
  }
  EXPECT_EQ(Any(Threads(3)).name(), "3 threads");
}

TEST(AnyExecutor, StoppedAnywhereInAnyWayGoesOnToTheSameJournal) {
  const auto search = small(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>());
  const bool held = rc::check([&] {
    const Scratch scratch;
    const World world{{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange(0, 8)},
                      *rc::gen::element(0, 300)};
    {
      Journal journal(scratch / "whole", {.sync_seconds = -1});
      search.run(World{world.landscape}, {}, journal);
    }
    for (int part = 0; part < 4; ++part) {
      const int more = *rc::gen::inRange(1, 10), workers = *rc::gen::element(1, 2, 4, 7);
      Journal journal(scratch / "parts", {.sync_seconds = -1});
      search.run(world, {.max_trials = part == 3 ? 1'000 : (part + 1) * more}, journal,
                 Threads(workers));
    }
    RC_ASSERT(read_file(scratch / "parts" / "journal.jsonl") ==
              read_file(scratch / "whole" / "journal.jsonl"));
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace nascent
