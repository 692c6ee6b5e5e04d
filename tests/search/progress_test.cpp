// What watches and stops a run: forecast, progress, time budget, interrupt.
#include "nascent/search/progress.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "../support/support.hpp"
#include "nascent/search/forecast.hpp"
#include "nascent/search/history.hpp"
#include "nascent/search/stop_after.hpp"
#include "nascent/search/stop_on_interrupt.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;
using PaperSearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;

PaperSearch small() {
  PaperSearch search;
  search.space.depth = {3, 9};
  search.space.width = {8, 20, 2};
  return search;
}

TEST(History, KeepsEveryTrialInItsOrder) {
  History<SepConvSpace> history;
  const auto found = small().run(testing::Landscape{2, 4}, {}, history);
  ASSERT_EQ(history.entries.size(), static_cast<std::size_t>(found.cost.trials));
  for (std::size_t i = 0; i < history.entries.size(); ++i) {
    const auto& [trial, outcome] = history.entries[i];
    EXPECT_EQ(trial.number, static_cast<int>(i));
    EXPECT_EQ(outcome.accuracy, testing::Landscape({2, 4}).evaluate(trial).accuracy);
  }
}

// Seen from any point of a run, what really came lies between the two ends; a phase that ends early
// because nothing is left to gain is not foreseen.
TEST(Forecast, TheRestOfASearchLiesBetweenItsEnds) {
  for (std::uint64_t world = 1; world <= 12; ++world) {
    PaperSearch search = small();
    search.strategy.grow.saturated = search.strategy.grow.fitted = 101;
    History<SepConvSpace> all;
    const auto found = search.run(testing::Landscape{world, world % 2 ? 0 : 7}, {}, all);
    std::int64_t epochs_left = 0;
    for (const auto& entry : all.entries) epochs_left += entry.trial.fidelity.epochs;
    History<SepConvSpace> so_far;
    for (const auto& entry : all.entries) {
      const Forecast ahead = forecast(search, {}, so_far);
      const int trials_left = found.cost.trials - static_cast<int>(so_far.entries.size());
      EXPECT_LE(ahead.least.trials, trials_left) << world << " at " << so_far.entries.size();
      EXPECT_GE(ahead.most.trials, trials_left) << world << " at " << so_far.entries.size();
      EXPECT_LE(ahead.least.epochs, epochs_left) << world << " at " << so_far.entries.size();
      EXPECT_GE(ahead.most.epochs, epochs_left) << world << " at " << so_far.entries.size();
      EXPECT_TRUE(trials_left == 0 || ahead.least.mac_epochs > 0);
      EXPECT_FALSE(ahead.endless);
      so_far.entries.push_back(entry);
      epochs_left -= entry.trial.fidelity.epochs;
    }
    const Forecast end = forecast(search, {}, so_far);
    EXPECT_EQ(end.most.trials, 0);
    EXPECT_EQ(end.least.epochs, 0);
  }
}

TEST(Forecast, KeepsToTheBudget) {
  History<SepConvSpace> history;
  small().run(testing::Landscape{}, {.max_trials = 4}, history);
  const Forecast ahead = forecast(small(), {.max_trials = 6}, history);
  EXPECT_EQ(ahead.most.trials, 2);
  EXPECT_EQ(ahead.least.trials, 2);
  const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> random({}, {.epochs = 2});
  EXPECT_EQ(forecast(random, {.max_trials = 6}, history).most.epochs, 4);
}

TEST(Duration, IsToldInTheUnitsOfPeople) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(3599.7), "1 h 00 min");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
  EXPECT_EQ(duration_text(360'000), "100 h 00 min");
}

/// What is printed to a file while `watch` runs a search.
std::vector<std::string> printed(const std::function<void(std::FILE*)>& watch) {
  std::FILE* file = std::tmpfile();
  watch(file);
  std::rewind(file);
  std::vector<std::string> lines;
  for (char line[2000]; std::fgets(line, sizeof line, file);) lines.emplace_back(line);
  std::fclose(file);
  return lines;
}

TEST(Progress, PrintsALineForEachCandidateAndPhase) {
  int trials = 0;
  const auto lines = printed([&](std::FILE* file) {
    trials = small().run(testing::Landscape{2, 9}, {}, Progress(small(), {}, file)).cost.trials;
  });
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(trials) + 5);
  EXPECT_THAT(lines[0], HasSubstr("0 grow     d3 w20 ops=sss kernels=333  10 epochs  "));
  EXPECT_THAT(lines[0], HasSubstr(" % in "));
  EXPECT_THAT(lines[0], HasSubstr("; used 0 s, left "));
  EXPECT_THAT(lines[1], HasSubstr("; best before "));
  const auto phases = [&](const std::string& name) {
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.starts_with("  -- " + name + ": d");
    });
  };
  for (const char* name : {"grow", "prune", "baseline", "replace", "update"})
    EXPECT_EQ(phases(name), 1) << name;
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("failed: a hole in the ground")));
  for (const std::string& line : lines) EXPECT_EQ(line.find('\033'), std::string::npos);
}

TEST(Progress, SaysHowMuchWasRecalledAndNothingOfIt) {
  History<SepConvSpace> known;
  small().run(testing::Landscape{}, {.max_trials = 5}, known);
  struct Recalls {
    History<SepConvSpace>& known;
    std::optional<Outcome> recall(const Trial<Architecture>& trial) {
      const auto n = static_cast<std::size_t>(trial.number);
      if (n < known.entries.size()) return known.entries[n].outcome;
      return std::nullopt;
    }
  };
  const auto lines = printed([&](std::FILE* file) {
    small().run(testing::Landscape{}, {.max_trials = 7}, Recalls{known},
                Progress(small(), {.max_trials = 7}, file));
  });
  ASSERT_GE(lines.size(), 3u);
  EXPECT_EQ(lines[0], "5 candidates recalled\n");
  EXPECT_THAT(lines[1], HasSubstr("  5 "));
}

// A strategy without an end of its own, stopped by the clock, must not hang the display.
TEST(Progress, WatchesASearchThatOnlyTheClockEnds) {
  using Random = Search<RandomStrategy, FixedEpochRanker, SepConvSpace>;
  const auto lines = printed([](std::FILE* file) {
    struct Few {
      int seen = 0;
      void on_outcome(const Trial<Architecture>&, const Outcome&) { ++seen; }
      std::string stop() const { return seen == 3 ? "enough" : ""; }
    };
    Random().run(testing::Landscape{}, {}, Progress(Random(), {}, file), Few{});
  });
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[2], HasSubstr("left until it is stopped"));
}

TEST(StopAfter, StopsOnceTheTimeIsSpent) {
  EXPECT_EQ(StopAfter(3600).stop(), "");
  EXPECT_EQ(StopAfter(0).stop(), "the time budget is spent");
  StopAfter soon(0.02);
  const auto found =
      Search<RandomStrategy, FixedEpochRanker, SepConvSpace>().run(testing::Landscape{}, {}, soon);
  EXPECT_EQ(found.stopped, "the time budget is spent");
  EXPECT_GT(found.cost.trials, 0);
}

extern "C" void ignore_signal(int) {}

TEST(StopOnInterrupt, TheFirstSignalStopsAndTheFormerHandlersComeBack) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto former = std::signal(signal, ignore_signal);
    {
      StopOnInterrupt interrupt;
      struct Raises {
        int signal;
        void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
          if (trial.number == 2) std::raise(signal);
        }
      };
      const auto found = small().run(testing::Landscape{}, {}, Raises{signal}, interrupt);
      EXPECT_EQ(found.stopped, "interrupted");
      EXPECT_EQ(found.cost.trials, 3);
      EXPECT_EQ(std::signal(signal, SIG_DFL), SIG_DFL);  // a second one ends the process
    }
    EXPECT_EQ(std::signal(signal, former), ignore_signal);
    EXPECT_EQ(StopOnInterrupt().stop(), "");  // a later search starts anew
  }
}

}  // namespace
}  // namespace nascent
