// The coroutines in which strategies are written: what a user may do in them, and the traps that
// compilers have had there. Most of these tests are of use under AddressSanitizer only.
#include "nascent/search/task.hpp"

#include <memory>
#include <optional>

#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using Space = SepConvSpace;
using Result = Task<Judged<Space>>;

template <class Strategy>
Found<Space> run(Strategy strategy, const SearchOptions& options = {}) {
  return Search<Strategy, FixedEpochRanker, Space>(std::move(strategy), {.epochs = 1})
      .run(testing::Landscape{}, options);
}

Architecture net(int depth) { return Architecture(depth, 64); }

// Counts what is alive, so that a frame that is leaked or destroyed twice shows without ASan too.
struct Counted {
  static inline int alive = 0;
  std::unique_ptr<int> memory = std::make_unique<int>(7);
  Counted() { ++alive; }
  Counted(const Counted&) { ++alive; }
  ~Counted() { --alive; }
};

// g++ 12 destroys aggregate temporaries in a co_await operand twice; ours have constructors.
struct JudgesTemporaries {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    Judged<S> one = co_await judge(Candidate{space.start(), Move::start});
    Judged<S> two = co_await judge(Candidate<Architecture>(net(11), Move::deeper));
    Judged<S> three = co_await judge(Architecture(12, 60, {'c', 5}), Move::sample);
    Judged<S> four = co_await judge(parse_architecture("d10 w16 ops=ssssssssss kernels=3333333333"),
                                    Move::sample);
    Judged<S> five =
        co_await judge(space.narrower(space.deeper(four.architecture = net(13))), Move::narrower);
    EXPECT_EQ(one.architecture, net(10));
    EXPECT_EQ(two.architecture, net(11));
    EXPECT_EQ(three.architecture, Architecture(12, 60, {'c', 5}));
    EXPECT_EQ(five.architecture, Architecture(14, 62));
    co_return five;
  }
};

TEST(Coroutines, TemporariesInAnAwaitedCallLiveAndDieOnce) {
  EXPECT_EQ(run(JudgesTemporaries{}).architecture, Architecture(14, 62));
}

// Tasks in tasks, as methods of a policy with members, and of a temporary policy. Since it owns
// memory it has a constructor; without one, g++ 12 would destroy the temporary twice.
struct Nested {
  int depth;
  std::string owns_memory;

  explicit Nested(int levels = 5,
                  std::string text = "a string that is too long for its own small buffer")
      : depth(levels), owns_memory(std::move(text)) {}

  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    Counted here;
    Judged<S> best = co_await descend(space, judge, depth);
    Judged<S> other =
        co_await Nested{2, "another policy, that is a temporary of this expression"}.descend(
            space, judge, 2);
    EXPECT_EQ(other.architecture.depth(), 10 + 2);
    EXPECT_EQ(owns_memory.size(), 50u);
    co_return best;
  }

  template <SpacePolicy S>
  Task<Judged<S>> descend(S space, Judge<S> judge, int levels) const {
    Counted here;
    const std::string copy = owns_memory;
    Judged<S> judged = co_await judge(net(10 + levels), Move::sample);
    if (levels == 0) co_return judged;
    Judged<S> below = co_await descend(space, judge, levels - 1);
    EXPECT_EQ(copy, owns_memory);
    co_return judged;
  }
};

TEST(Coroutines, TasksNestAndMembersKeepTheirPolicy) {
  EXPECT_EQ(run(Nested{}).architecture, net(15));
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Coroutines, ASearchDroppedMidwayDestroysEveryFrame) {
  for (int trials = 1; trials <= 9; ++trials) {
    EXPECT_FALSE(run(Nested{}, {.max_trials = trials}).finished() && trials < 9);
    EXPECT_EQ(Counted::alive, 0) << trials;
  }
}

/// Several tickets and a task that is never awaited are under way when the search stops.
struct LeavesWork {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    Counted here;
    auto never = Nested{}.descend(space, judge, 3);
    auto one = judge(net(10), Move::sample);
    auto two = judge(net(11), Move::sample);
    auto three = judge(net(12), Move::sample);
    Judged<S> last = co_await three;
    Judged<S> first = co_await one;
    (void)two;
    co_return first;
  }
};

TEST(Coroutines, WorkUnderWayIsDestroyedWithTheSearch) {
  EXPECT_EQ(run(LeavesWork{}).architecture, net(10));
  EXPECT_FALSE(run(LeavesWork{}, {.max_trials = 2}).finished());
  EXPECT_EQ(Counted::alive, 0);
}

/// 50,000 nested tasks one after the other, and a thousand inside each other.
struct Long {
  template <SpacePolicy S>
  Task<Judged<S>> one(S, Judge<S> judge, int i) const {
    Judged<S> judged = co_await judge(net(10 + i % 80), Move::sample);
    co_return judged;
  }
  template <SpacePolicy S>
  Task<Judged<S>> down(S space, Judge<S> judge, int levels) const {
    if (levels == 0) {
      Judged<S> judged = co_await judge(net(10), Move::sample);
      co_return judged;
    }
    Judged<S> judged = co_await down(space, judge, levels - 1);
    co_return judged;
  }
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    for (int i = 0; i < 20'000; ++i) Judged<S> judged = co_await one(space, judge, i);
    Judged<S> deep = co_await down(space, judge, 1000);
    co_return deep;
  }
};

TEST(Coroutines, LongSearchesAndDeepNestingNeedNoStack) {
  EXPECT_EQ(run(Long{}).cost.trials, 20'001);
}

struct AwaitsTwice {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S, Judge<S> judge) const {
    auto ticket = judge(net(10), Move::start);
    Judged<S> one = co_await ticket;
    Judged<S> two = co_await ticket;
    co_return two;
  }
};

TEST(Coroutines, ATicketAwaitedTwiceIsAnError) {
  EXPECT_EQ(message_of<std::logic_error>([] { run(AwaitsTwice{}); }),
            "nascent: a ticket is awaited twice; keep its value instead");
}

struct Gives {
  int at;
  template <SpacePolicy S>
  Task<Judged<S>> inner(S, Judge<S> judge) const {
    Counted here;
    if (at == 1) throw std::runtime_error("before the first trial of a nested task");
    Judged<S> judged = co_await judge(net(10), Move::start);
    if (at == 2) throw std::runtime_error("after a trial of a nested task");
    co_return judged;
  }
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    Counted here;
    if (at == 0) throw std::runtime_error("at once");
    Judged<S> judged = co_await inner(space, judge);
    if (at == 3) throw std::runtime_error("at the end");
    co_return judged;
  }
};

TEST(Coroutines, AnExceptionOfAStrategyComesOutOfTheRun) {
  const char* messages[] = {"at once", "before the first trial of a nested task",
                            "after a trial of a nested task", "at the end", ""};
  for (int at = 0; at <= 4; ++at) {
    EXPECT_EQ(message_of<std::runtime_error>([&] { run(Gives{at}); }), messages[at]);
    EXPECT_EQ(Counted::alive, 0);
  }
}

struct Catches {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    std::optional<Judged<S>> judged;
    try {
      judged = co_await Gives{2}.inner(space, judge);
    } catch (const std::runtime_error&) {
    }
    if (!judged) judged = co_await judge(net(12), Move::sample);
    co_return *judged;
  }
};

TEST(Coroutines, AStrategyMayCatchWhatItsTaskThrows) {
  EXPECT_EQ(run(Catches{}).architecture, net(12));
}

struct ProposesOutside {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S, Judge<S> judge) const {
    Judged<S> judged = co_await judge(net(9), Move::start);
    co_return judged;
  }
};

TEST(Coroutines, AProposalOutsideTheSpaceIsAnError) {
  EXPECT_THAT(message_of<std::invalid_argument>([] { run(ProposesOutside{}); }),
              ::testing::HasSubstr("lies outside the bounds of this space"));
}

struct ThrowingRanker {
  bool at_once = false;
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    Counted here;
    if (at_once) throw std::runtime_error("the ranker is at a loss");
    const Outcome outcome = co_await train(Epochs{1});
    throw std::runtime_error("the ranker is at a loss after " + std::to_string(outcome.epochs));
  }
};

TEST(Coroutines, AnExceptionOfARankerComesOutOfTheRun) {
  for (const bool at_once : {true, false}) {
    const auto message = message_of<std::runtime_error>([&] {
      Search<RandomStrategy, ThrowingRanker, Space>({}, {at_once}).run(testing::Landscape{});
    });
    EXPECT_EQ(message, at_once ? "the ranker is at a loss" : "the ranker is at a loss after 1");
    EXPECT_EQ(Counted::alive, 0);
  }
}

/// Waits for an outcome that nobody will bring.
struct Waits {
  template <SpacePolicy S>
  Task<Judged<S>> operator()(S space, Judge<S> judge) const {
    Judged<S> judged = co_await judge(space.start(), Move::start);
    co_await std::suspend_always{};
    co_return judged;
  }
};

TEST(Coroutines, AStrategyThatWaitsForNothingIsAnError) {
  EXPECT_THAT(message_of<SearchError>([] { run(Waits{}); }),
              ::testing::HasSubstr("neither judged nor trained"));
}

TEST(Coroutines, PoliciesOfASearchAreItsOwnCopies) {
  std::optional<Search<Nested, FixedEpochRanker, Space>> search(std::in_place, Nested{},
                                                                FixedEpochRanker{1});
  struct Destroys {  // the search object, while its run is under way
    std::optional<Search<Nested, FixedEpochRanker, Space>>& search;
    void on_begin(const RunInfo&) { search.reset(); }
  };
  EXPECT_EQ(search->run(testing::Landscape{}, {}, Destroys{search}).architecture, net(15));
}

}  // namespace
}  // namespace nascent
