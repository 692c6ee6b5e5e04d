#include "nascent/search/executor/threads.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "executor_support.hpp"
#include "nascent/search/history.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Some trials fail, each takes another time.
struct Delayed : testing::Landscape {
  Outcome evaluate(const TrialOf& trial) const {
    std::this_thread::sleep_for(std::chrono::microseconds(trial.seed % 1500));
    return Landscape::evaluate(trial);
  }
};

TEST(Threads, AnyNumberOfThemGivesTheTrajectoryOfOne) {
  for (const int threads : {1, 2, 4, 7})
    for (const int world : {1, 2, 3}) {
      const Delayed evaluator{{.world = static_cast<std::uint64_t>(world), .failing = 5}};
      const RandomSearch random({.trials = 40}, {.epochs = 1});
      EXPECT_EQ(story_of(random, evaluator, {}, Threads(threads)), story_of(random, evaluator, {}));
      const SearchOptions options{.max_trials = 80};
      EXPECT_EQ(story_of(GreedySearch{}, evaluator, options, Threads(threads)),
                story_of(GreedySearch{}, evaluator, options));
    }
}

TEST(Threads, TheTrajectoryIsTheSameWithoutWorkAhead) {
  const Delayed evaluator{{.world = 2, .failing = 7}};
  const auto expected = story_of(GreedySearch{}, evaluator, {.max_trials = 40});
  EXPECT_EQ(
      story_of(GreedySearch{}, evaluator, {.max_trials = 40, .speculation = false}, Threads(4)),
      expected);
}

/// From some trial on it trains until it is told to stop.
struct Endless {
  int from;
  Outcome evaluate(const TrialOf& trial, Monitor& monitor) const {
    while (trial.number >= from) {
      if (monitor.cancelled()) throw Cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return scored(trial.number, 0, trial.fidelity.epochs);
  }
};

TEST(Threads, AStopInTheMiddleCancelsWhatIsUnderWay) {
  const auto found =
      RandomSearch({.trials = 20}, {.epochs = 1}).run(Endless{3}, {}, StopsAfter{3}, Threads(4));
  EXPECT_EQ(found.stopped, "enough");
  EXPECT_EQ(found.cost.trials, 3);
}

TEST(Threads, ATrialOverItsTimeLimitFails) {
  Failures failures;
  const auto found = RandomSearch({.trials = 4}, {.epochs = 1})
                         .run(Endless{3}, {.trial_seconds = 0.05}, failures, Threads(2));
  EXPECT_TRUE(found.finished());
  EXPECT_THAT(failures.lines, ElementsAre("3: over its time limit of 0.05 s"));
}

TEST(Threads, AnExceptionOfACallbackEndsThemAll) {
  EXPECT_EQ(
      message_of([] {
        RandomSearch({.trials = 20}, {.epochs = 1}).run(Endless{3}, {}, ThrowsAt{2}, Threads(4));
      }),
      "disk full");
}

struct Counts {
  std::atomic<int>* evaluations;
  int mine = 0;
  Outcome evaluate(const TrialOf& trial) {
    ++mine;  // no lock
    ++*evaluations;
    return scored(mine, 0, trial.fidelity.epochs);
  }
};

TEST(Threads, EachHasItsOwnCopyOfTheEvaluator) {
  std::atomic<int> evaluations = 0;
  Counts evaluator{&evaluations};
  AllAtOnceSearch({.trials = 80}, {.epochs = 1}).run(evaluator, {}, Threads(4));
  EXPECT_EQ(evaluations, 80);
  EXPECT_EQ(evaluator.mine, 0);
}

/// Tells for which worker it has evaluated.
struct Serving {
  int worker = -1;
  void serve_as(int which) { worker = which; }
  Outcome evaluate(const TrialOf& trial) const {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    Outcome outcome = scored(100, 0, trial.fidelity.epochs);
    outcome.metrics.emplace_back("worker", worker);
    return outcome;
  }
};

TEST(Threads, TellEachCopyOfTheEvaluatorWhichWorkerItServes) {
  History<SepConvSpace> history;
  RandomSearch({.trials = 30}, {.epochs = 1}).run(Serving{}, {}, history, Threads(3));
  std::set<double> workers;
  for (const auto& [trial, outcome] : history.entries)
    workers.insert(*metric(outcome.metrics, "worker"));
  EXPECT_THAT(workers, ElementsAre(0, 1, 2));
}

TEST(Threads, ASearchErrorOfTheEvaluatorEndsTheSearchWithItsWords) {
  struct Throws {
    Outcome evaluate(const TrialOf& trial) const {
      if (trial.number == 9) throw SearchError("the table has no such network");
      return scored(1);
    }
  };
  for (const int threads : {1, 4})
    EXPECT_EQ(message_of<SearchError>([&] {
                RandomSearch({.trials = 20}, {.epochs = 1}).run(Throws{}, {}, Threads(threads));
              }),
              "the table has no such network");
}

TEST(Threads, ReportsOfEpochsArriveOnTheThreadOfTheSearch) {
  struct Trains {
    Outcome evaluate(const TrialOf& trial, Monitor& monitor) const {
      for (int epoch = 1; epoch <= trial.fidelity.epochs; ++epoch)
        monitor.on_epoch({.epoch = epoch, .epochs = trial.fidelity.epochs});
      return scored(1, 0, trial.fidelity.epochs);
    }
  };
  struct Watch {
    std::thread::id search = std::this_thread::get_id();
    int epochs = 0;
    void on_epoch(const TrialOf&, const EpochReport&) {
      EXPECT_EQ(std::this_thread::get_id(), search);
      ++epochs;
    }
  } watch;
  AllAtOnceSearch({.trials = 10}, {.epochs = 3}).run(Trains{}, {}, watch, Threads(3));
  EXPECT_EQ(watch.epochs, 30);
}

TEST(Threads, NoneIsTooFew) {
  EXPECT_THAT(message_of<std::invalid_argument>([] { Threads(0); }), HasSubstr("at least 1"));
}

}  // namespace
}  // namespace nascent
