// What the engine answers itself: equal trials, targets, time limits, machines that differ.
#include <malloc.h>

#include <chrono>
#include <map>
#include <thread>

#include "../support/support.hpp"
#include "nascent/run.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

/// Strategy: the same few architectures again and again.
struct Cycles {
  int trials = 9;
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space, Judge<Space> judge) const {
    std::optional<Judged<Space>> best;
    for (int i = 0; i < trials; ++i) {
      Judged<Space> judged = co_await judge(Architecture(10 + i % 3, 64), Move::sample);
      if (!best || judged.exceeds(*best)) best = judged;
    }
    co_return *best;
  }
};
using CycleSearch = Search<Cycles, FixedEpochRanker, SepConvSpace>;
const CycleSearch kCycles({}, {.epochs = 4});

struct Counting {
  std::map<int, int>* asked;  // by depth
  Outcome evaluate(const Trial<Architecture>& trial) const {
    ++(*asked)[trial.architecture().depth()];
    return Outcome({trial.architecture().depth(), 100}, {}, trial.fidelity.epochs, 7);
  }
};

TEST(Repeats, AreAnsweredFromTheFirstOutcomeAndSaySo) {
  std::map<int, int> asked;
  History<SepConvSpace> history;
  const auto found = kCycles.run(Counting{&asked}, {}, history);
  EXPECT_EQ(asked, (std::map<int, int>{{10, 1}, {11, 1}, {12, 1}}));
  EXPECT_EQ(found.cost.trials, 9);
  EXPECT_EQ(found.cost.repeats, 6);
  EXPECT_EQ(found.cost.epochs, 36);  // as asked: a budget ends every search, a repeating one too
  EXPECT_EQ(found.cost.seconds, 21);
  EXPECT_THAT(found.summary(), HasSubstr("6 repeated"));
  for (int i = 0; i < 9; ++i) {
    const Outcome& outcome = history.entries[static_cast<std::size_t>(i)].outcome;
    EXPECT_EQ(outcome.same_as, i < 3 ? -1 : i % 3);
    EXPECT_EQ(outcome.accuracy.correct, 10 + i % 3);
  }
}

TEST(Repeats, AreTheSameWithAJournalAndInThreads) {
  const Scratch scratch;
  std::map<int, int> asked;
  std::string first;
  for (const char* name : {"whole", "resumed", "threads"}) {
    const auto directory = scratch / name;
    const bool threads = std::string(name) == "threads";
    if (std::string(name) == "resumed") {
      Journal journal(directory);
      kCycles.run(testing::Landscape{}, {.max_trials = 5}, journal);
    }
    Journal journal(directory);
    if (threads)
      kCycles.run(testing::Landscape{}, {}, journal, Threads(3));
    else
      kCycles.run(testing::Landscape{}, {}, journal);
    const std::string text = read_file(directory / "journal.jsonl");
    EXPECT_THAT(text, HasSubstr("\"same_as\":2"));
    if (first.empty()) first = text;
    EXPECT_EQ(text, first) << name;
  }
}

TEST(Repeats, OfAnEvaluatorThatIsNoFunctionAreEvaluated) {
  Scripted script{{1, 2, 3, 4, 5, 6, 7, 8, 9}};
  const auto found = kCycles.run(script);
  EXPECT_EQ(script.asked.size(), 9u);
  EXPECT_EQ(found.cost.repeats, 0);
  EXPECT_EQ(found.judgement.accuracy.correct, 9);
}

TEST(Target, EndsTheSearchOnceReached) {
  std::map<int, int> asked;
  const auto found = kCycles.run(Counting{&asked}, {.target = 11});
  EXPECT_EQ(found.cost.trials, 2);
  EXPECT_EQ(found.stopped, "the target accuracy is reached");
  EXPECT_EQ(found.architecture.depth(), 11);
  EXPECT_TRUE(kCycles.run(Counting{&asked}, {.target = 12.5}).finished());
}

/// Evaluator: never ends the networks of 11 layers, unless it is told to.
struct Endless {
  Outcome evaluate(const Trial<Architecture>& trial, Monitor& monitor) const {
    while (trial.architecture().depth() == 11) {
      if (monitor.cancelled()) throw Cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Outcome({trial.architecture().depth(), 100}, {}, trial.fidelity.epochs);
  }
};

TEST(TimeLimit, MakesATrialAFailureAndTheSearchGoesOn) {
  for (const int workers : {0, 1, 3}) {
    History<SepConvSpace> history;
    const SearchOptions options{.trial_seconds = 0.05};
    const auto found = workers == 0 ? kCycles.run(Endless{}, options, history)
                                    : kCycles.run(Endless{}, options, history, Threads(workers));
    EXPECT_TRUE(found.finished());
    EXPECT_EQ(found.cost.failures, 3);
    EXPECT_EQ(found.architecture.depth(), 12);
    EXPECT_EQ(history.entries[1].outcome.failure, "over its time limit of 0.05 s");
  }
}

/// Evaluator: says where it runs.
struct Somewhere {
  std::string where;
  Outcome evaluate(const Trial<Architecture>& trial) const {
    return Outcome({trial.architecture().depth(), 100}, {}, trial.fidelity.epochs);
  }
  std::string machine() const { return where; }
};

TEST(Machines, ThatRoundDifferentlyAreNotMixedUnlessAllowed) {
  const Scratch scratch;
  const auto go = [&](const char* where, const SearchOptions& options) {
    Journal journal(scratch / "run");
    return kCycles.run(Somewhere{where}, options, journal).cost.trials;
  };
  EXPECT_EQ(go("cpu avx2", {.max_trials = 2}), 2);
  EXPECT_EQ(message_of<SearchError>([&] { go("cpu avx512", {}); }),
            "trial 2 was computed on 'cpu avx512', those before it on 'cpu avx2', which round "
            "differently; go on there, or allow mixed machines");
  EXPECT_EQ(go("cpu avx2", {.max_trials = 3}), 3);
  EXPECT_EQ(go("cpu avx512", {.allow_mixed = true}), 9);
}

/// Callback: the bytes in use after two numbers of trials.
struct Memory {
  std::size_t early = 0, late = 0;
  void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
    if (trial.number == 1'000) early = ::mallinfo2().uordblks;
    if (trial.number == 5'000) late = ::mallinfo2().uordblks;
  }
};

TEST(Memory, GrowsByAtMostAKilobyteACandidate) {
  const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 5'001},
                                                                      {.epochs = 1});
  for (const int workers : {0, 2}) {
    const Scratch scratch;
    Journal journal(scratch / "run", {.sync_seconds = -1});
    Memory memory;
    if (workers == 0)
      search.run(testing::Landscape{}, {}, journal, memory);
    else
      search.run(testing::Landscape{}, {}, journal, memory, Threads(workers));
    EXPECT_LE(memory.late, memory.early + 4'000 * 1'024) << workers << " workers";
  }
}

TEST(Speculation, ChangesNothingButTheTime) {
  const auto space = [] {
    Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
    search.space.depth = {3, 6};
    search.space.width = {8, 12, 2};
    return search;
  }();
  const auto alone = space.run(testing::Landscape{3});
  for (const bool speculation : {true, false}) {
    const auto found = space.run(testing::Landscape{3}, {.speculation = speculation}, Threads(4));
    EXPECT_EQ(found.architecture, alone.architecture);
    EXPECT_EQ(found.summary(), alone.summary());
    EXPECT_EQ(found.speculation.started > 0, speculation);
    EXPECT_LE(found.speculation.used, found.speculation.started);
  }
}

}  // namespace
}  // namespace nascent
