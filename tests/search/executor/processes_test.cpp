#include "nascent/search/executor/processes.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "executor_support.hpp"
#include "nascent/search/history.hpp"
#include "nascent/search/stop_on_interrupt.hpp"

#ifdef __SANITIZE_ADDRESS__
constexpr bool kAddressSanitizer = true;
#else
constexpr bool kAddressSanitizer = false;
#endif

namespace nascent {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Evaluator: does something in the process of each trial.
struct Does {
  std::function<void(int)> act;
  Outcome evaluate(const TrialOf& trial) const {
    act(trial.number);
    return scored(100 + trial.number, 0, trial.fidelity.epochs);
  }
};

RandomSearch searching(int trials) { return RandomSearch({.trials = trials}, {.epochs = 1}); }

[[noreturn]] void loop_forever() {
  const volatile bool forever = true;
  while (forever) {
  }
  std::abort();
}

/// A pipe that every process begun after it holds open, also programs.
class Witness {
 public:
  Witness() { EXPECT_EQ(::pipe(ends_), 0); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness() {
    ::close(ends_[0]);
    let_go();
  }

  void say() const { EXPECT_EQ(::write(ends_[1], "!", 1), 1); }
  void let_go() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

  /// What comes next: a word, the end since nobody holds it, or too long a silence.
  std::string next() const {
    pollfd end{ends_[0], POLLIN, 0};
    if (::poll(&end, 1, 20'000) != 1) return "silence";
    char word = 0;
    return ::read(ends_[0], &word, 1) == 1 ? "said" : "nobody left";
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST(Processes, AnyNumberOfThemGivesTheTrajectoryOfOne) {
  const testing::Landscape landscape{.world = 2, .failing = 5};
  for (const int workers : {1, 3}) {
    EXPECT_EQ(story_of(searching(30), landscape, {}, Processes(workers)),
              story_of(searching(30), landscape, {}));
    const SearchOptions options{.max_trials = 60};
    EXPECT_EQ(story_of(GreedySearch{}, landscape, options, Processes(workers)),
              story_of(GreedySearch{}, landscape, options));
  }
}

TEST(Processes, ACrashCostsOnlyItself) {
  const Does evaluator{[](int number) {
    if (number == 1) std::raise(SIGSEGV);
    if (number == 2) std::abort();
    if (number == 3) std::exit(3);
    if (number == 4) ::_exit(0);
    if (number == 5) ::kill(::getpid(), SIGKILL);
    if (number == 6) throw std::runtime_error("the usual way");
  }};
  for (const int workers : {1, 3}) {
    Failures failures;
    const auto found = searching(9).run(evaluator, {}, failures, Processes(workers));
    EXPECT_TRUE(found.finished());
    EXPECT_EQ(found.judgement.accuracy.correct, 108);
    EXPECT_THAT(failures.lines,
                ElementsAre(AnyOf("1: killed by signal 11 (Segmentation fault)",
                                  "1: ended with exit code 1 without an outcome"),  // sanitized
                            "2: killed by signal 6 (Aborted)",
                            "3: ended with exit code 3 without an outcome",
                            "4: ended with exit code 0 without an outcome",
                            "5: killed by signal 9 (Killed)", "6: the usual way"));
  }
}

TEST(Processes, WhatATrialToldBeforeItsProcessCrashedCounts) {
  struct Dies {
    Outcome evaluate(const TrialOf& trial, Monitor& monitor) const {
      for (int i = 0; i < 50; ++i) monitor.on_epoch({.epoch = i, .epochs = 50});
      if (trial.number > 0) std::abort();
      return scored(1, 0, 1);
    }
  };
  struct Counts {
    int epochs = 0;
    void on_epoch(const TrialOf&, const EpochReport&) { ++epochs; }
  } counts;
  Failures failures;
  searching(3).run(Dies{}, {}, failures, counts, Processes(1));
  EXPECT_EQ(counts.epochs, 150);
  EXPECT_EQ(failures.lines.size(), 2u);
}

TEST(Processes, AReasonIsCutToALengthThatPasses) {
  for (const char letter : {'x', '\x01', '\xE9'}) {
    struct Watch {
      std::string failure;
      void on_outcome(const TrialOf&, const Outcome& outcome) { failure = outcome.failure; }
    } watch;
    const Does evaluator{[=](int) { throw std::runtime_error(std::string(100'000, letter)); }};
    searching(1).run(evaluator, {}, watch, Processes(1));
    EXPECT_THAT(watch.failure, ::testing::EndsWith("... (100000 bytes in all)"));
    EXPECT_GT(watch.failure.size(), 10'000u);
  }
}

TEST(Processes, ASearchErrorOfTheEvaluatorEndsTheSearchWithItsWords) {
  const Does evaluator{[](int number) {
    if (number == 4) throw SearchError("the table has no such network");
  }};
  for (const int workers : {1, 3})
    EXPECT_EQ(message_of<SearchError>([&] { searching(9).run(evaluator, {}, Processes(workers)); }),
              "the table has no such network");
}

TEST(Processes, EachTrialBeginsWithTheEvaluatorAsItWasInTheBeginning) {
  struct Counts {
    int evaluations = 0;
    Outcome evaluate(const TrialOf& trial) {
      return scored(++evaluations, 0, trial.fidelity.epochs);
    }
  } evaluator;
  EXPECT_EQ(searching(8).run(evaluator, {}, Processes(2)).judgement.accuracy.correct, 1);
  EXPECT_EQ(evaluator.evaluations, 0);
}

/// Fails where two processes serve as one worker at a time; the file says who is busy.
struct Alone {
  std::filesystem::path folder;
  int worker = -1;
  void serve_as(int which) { worker = which; }
  Outcome evaluate(const TrialOf& trial) const {
    const auto mine = folder / std::to_string(worker);
    if (!std::filesystem::create_directory(mine)) return Outcome::failed("not alone");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::filesystem::remove(mine);
    Outcome outcome = scored(100, 0, trial.fidelity.epochs);
    outcome.metrics.emplace_back("worker", worker);
    return outcome;
  }
};

TEST(Processes, TellEachTrialWhichWorkerItServes) {
  const Scratch scratch;
  History<SepConvSpace> history;
  RandomSearch({.trials = 20}, {.epochs = 1}).run(Alone{scratch / ""}, {}, history, Processes(3));
  std::set<double> workers;
  for (const auto& [trial, outcome] : history.entries) {
    ASSERT_TRUE(outcome.ok()) << outcome.failure;
    workers.insert(*metric(outcome.metrics, "worker"));
  }
  EXPECT_THAT(workers, ElementsAre(0, 1, 2));
}

TEST(Processes, ReportsOfEpochsArriveInTheirOrder) {
  struct Trains {
    Outcome evaluate(const TrialOf& trial, Monitor& monitor) const {
      for (int epoch = 1; epoch <= trial.fidelity.epochs; ++epoch)
        monitor.on_epoch({epoch, trial.fidelity.epochs, 0.5 / epoch, {epoch, 9}, {1, 2}});
      return scored(1, 0, trial.fidelity.epochs);
    }
  };
  struct Watch {
    std::vector<std::string> lines;
    void on_epoch(const TrialOf& trial, const EpochReport& report) {
      EXPECT_EQ(report.loss, 0.5 / report.epoch);
      EXPECT_EQ(report.train.correct, report.epoch);
      lines.push_back(std::to_string(trial.number) + ":" + std::to_string(report.epoch) + "/" +
                      std::to_string(report.epochs));
    }
  } watch;
  RandomSearch({.trials = 2}, {.epochs = 3}).run(Trains{}, {}, watch, Processes(1));
  EXPECT_THAT(watch.lines, ElementsAre("0:1/3", "0:2/3", "0:3/3", "1:1/3", "1:2/3", "1:3/3"));
}

TEST(Processes, ManyReportsAreNoReasonToHangWhileTheSearchIsBusy) {
  struct Chatters {
    Outcome evaluate(const TrialOf& trial, Monitor& monitor) const {
      for (int epoch = 0; epoch < 3000; ++epoch) monitor.on_epoch({.epoch = epoch});
      return scored(1, 0, trial.fidelity.epochs);
    }
  };
  struct Slow {
    int epochs = 0;
    void on_epoch(const TrialOf&, const EpochReport&) { ++epochs; }
    void on_outcome(const TrialOf&, const Outcome&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  } slow;
  AllAtOnceSearch({.trials = 6}, {.epochs = 1}).run(Chatters{}, {}, slow, Processes(3));
  EXPECT_EQ(slow.epochs, 6 * 3000);
}

TEST(Processes, MoreTrialsThanAChannelHoldsMessagesAreNoReasonToHang) {
  struct Deaf final : JobHost {
    void on_epoch(JobId, const EpochReport&) override {}
    bool unwanted(JobId) override { return false; }
  } host;
  const SepConvSpace space;
  const Witness witness;
  const Does evaluator{[&](int) {
    witness.say();
    ::_exit(0);
  }};
  auto crew = Processes(500).crew(space, evaluator);
  for (JobId job = 0; job < 500; ++job)
    crew.start(job, {static_cast<int>(job), {Architecture(10, 64), Move::sample}, {1}, job});
  for (int told = 0; told < 500; ++told) ASSERT_EQ(witness.next(), "said");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // now ends wait to be read
  for (JobId job = 0; job < 500; ++job) crew.cancel(job);
  for (int ended = 0; ended < 500;) ended += crew.wait(host).has_value();
}

// Ends that are forced.

TEST(Processes, AStopInTheMiddleKillsWhatIsUnderWay) {
  Witness witness;
  const Does evaluator{[](int number) {
    if (number >= 3) loop_forever();
  }};
  const auto found = searching(20).run(evaluator, {}, StopsAfter{3}, Processes(3));
  EXPECT_EQ(found.stopped, "enough");
  EXPECT_EQ(found.cost.trials, 3);
  witness.let_go();
  EXPECT_EQ(witness.next(), "nobody left");
}

TEST(Processes, AnExceptionOfACallbackKillsWhatIsUnderWay) {
  Witness witness;
  const Does evaluator{[](int number) {
    if (number >= 3) loop_forever();
  }};
  EXPECT_EQ(message_of([&] { searching(20).run(evaluator, {}, ThrowsAt{2}, Processes(3)); }),
            "disk full");
  witness.let_go();
  EXPECT_EQ(witness.next(), "nobody left");
}

TEST(Processes, ATrialOverItsTimeLimitIsKilledAndFails) {
  const Does evaluator{[](int number) {
    if (number == 2) loop_forever();
  }};
  Failures failures;
  const auto found = searching(5).run(evaluator, {.trial_seconds = 1}, failures, Processes(2));
  EXPECT_TRUE(found.finished());
  EXPECT_EQ(found.cost.trials, 5);
  EXPECT_THAT(failures.lines, ElementsAre("2: over its time limit of 1 s"));
}

TEST(Processes, ATrialBeyondItsMemoryFails) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer reserves more than any limit";
  const Does evaluator{[](int number) {
    if (number == 1) std::vector<char>().reserve(std::size_t{1} << 30);
  }};
  Failures failures;
  searching(3).run(evaluator, {}, failures, Processes(1, {.memory_bytes = std::size_t{512} << 20}));
  EXPECT_THAT(failures.lines, ElementsAre("1: out of memory"));
  failures.lines.clear();
  searching(3).run(evaluator, {}, failures, Processes(1));
  EXPECT_THAT(failures.lines, ElementsAre());
}

TEST(Processes, WhatTrialsHaveStartedEndsWithThem) {
  Witness witness;
  const Does evaluator{[](int number) {
    if (number < 3 && std::system("sleep 1000 > /dev/null 2>&1 &") != 0) std::abort();
    if (number == 1) std::abort();
    if (number == 2) loop_forever();
  }};
  Failures failures;
  searching(4).run(evaluator, {.trial_seconds = 1}, failures, Processes(2));
  EXPECT_EQ(failures.lines.size(), 2u);
  witness.let_go();
  EXPECT_EQ(witness.next(), "nobody left");
}

TEST(Processes, ASearchThatIsKilledLeavesNoneBehind) {
  Witness witness;
  const pid_t search = ::fork();
  ASSERT_GE(search, 0);
  if (search == 0) {
    const Does evaluator{[&](int) {
      if (std::system("sleep 1000 > /dev/null 2>&1 &") == 0) witness.say();
      loop_forever();
    }};
    searching(9).run(evaluator, {}, Processes(3));
    ::_exit(0);
  }
  witness.let_go();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(witness.next(), "said");
  ::kill(search, SIGKILL);
  ::waitpid(search, nullptr, 0);
  EXPECT_EQ(witness.next(), "nobody left");
}

TEST(Processes, SignalsOfATerminalOrABatchSystemAreLeftToTheSearch) {
  const Does evaluator{[](int) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTTIN, SIGTTOU}) {
      std::raise(signal);
      ::kill(::getppid(), signal);
    }
  }};
  Failures failures;
  EXPECT_TRUE(searching(6).run(evaluator, {}, failures, Processes(2)).finished());
  EXPECT_THAT(failures.lines, ElementsAre());
}

TEST(Processes, AnInterruptStopsTheSearchWithTheBestSoFar) {
  const pid_t search = ::getpid();
  const Does evaluator{[=](int number) {
    if (number < 3) return;
    ::kill(search, SIGINT);
    loop_forever();
  }};
  const auto found = searching(9).run(evaluator, {}, StopOnInterrupt{}, Processes(1));
  EXPECT_EQ(found.stopped, "interrupted");
  EXPECT_EQ(found.cost.trials, 3);
}

TEST(Processes, WithoutTheProcessThatStartsThemTheSearchEndsWithAnError) {
  Witness witness;
  const Does evaluator{[](int number) {
    if (number < 3) return;
    ::kill(::getppid(), SIGKILL);
    loop_forever();
  }};
  EXPECT_THAT(message_of<SearchError>([&] { searching(9).run(evaluator, {}, Processes(2)); }),
              HasSubstr("is gone, killed by signal 9 (Killed)"));
  witness.let_go();
  EXPECT_EQ(witness.next(), "nobody left");
}

// Beginnings.

TEST(Processes, AreRefusedWhereThereAreThreads) {
  std::atomic<bool> enough = false;
  std::thread other([&] { enough.wait(false); });
  const std::string refusal =
      message_of<SearchError>([] { searching(3).run(testing::Landscape{}, {}, Processes(2)); });
  enough = true;
  enough.notify_all();
  other.join();
  EXPECT_THAT(refusal, StartsWith("Processes must begin before any other thread, and this process "
                                  "has 2; "));
  EXPECT_TRUE(searching(3).run(testing::Landscape{}, {}, Processes(2)).finished());
}

TEST(Processes, NoneIsTooFew) {
  EXPECT_THAT(message_of<std::invalid_argument>([] { Processes(0); }), HasSubstr("at least 1"));
}

TEST(Processes, WhatWasPrintedBeforeIsPrintedOnce) {
  ::testing::internal::CaptureStdout();
  std::printf("before ");
  std::cout << "all ";
  searching(3).run(Does{[](int) { std::printf("trial "); }}, {}, Processes(1));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "before all trial trial trial ");
}

TEST(Processes, AnArchitectureThatDoesNotParseBackIsNotToldToOthers) {
  struct Forgetful : SepConvSpace {
    Architecture parse(std::string_view) const { return nascent::Architecture(10, 64); }
  };
  const Search<RandomStrategy, FixedEpochRanker, Forgetful> search({.trials = 5});
  EXPECT_THAT(message_of<SearchError>([&] { search.run(Does{[](int) {}}, {}, Processes(1)); }),
              HasSubstr("does not parse back to the same architecture"));
}

TEST(Processes, TwoSearchesMayRunSideBySide) {
  struct Inner {
    void on_outcome(const TrialOf&, const Outcome&) {
      EXPECT_TRUE(searching(3).run(testing::Landscape{}, {}, Processes(2)).finished());
    }
  };
  EXPECT_TRUE(searching(3).run(testing::Landscape{}, {}, Inner{}, Processes(1)).finished());
}

}  // namespace
}  // namespace nascent
