#include "nascent/search/engine.hpp"

#include <optional>

#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

/// Strategy made of a function, for one test.
struct Does {
  std::function<Task<Judged<SepConvSpace>>(SepConvSpace, Judge<SepConvSpace>)> body;
  Task<Judged<SepConvSpace>> operator()(SepConvSpace space, Judge<SepConvSpace> judge) const {
    return body(space, judge);
  }
};
using DoesSearch = Search<Does, FixedEpochRanker, SepConvSpace>;
using Result = Task<Judged<SepConvSpace>>;

DoesSearch searching(decltype(Does::body) body) {
  return DoesSearch(Does{std::move(body)}, {.epochs = 1});
}

Architecture net(int depth) { return Architecture(depth, 64); }

// Delivery.

TEST(Engine, TicketsRunInTheOrderOfTheirStartWhateverIsAwaitedFirst) {
  Lines order;
  const auto search = searching([&](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
    auto a = judge(net(10), Move::sample);
    auto b = judge(net(11), Move::sample);
    auto c = judge(net(12), Move::sample);
    order.push_back("started");
    const Judged<SepConvSpace> third = co_await c;
    order.push_back("c " + std::to_string(third.accuracy().correct));
    const Judged<SepConvSpace> first = co_await a;
    order.push_back("a " + std::to_string(first.accuracy().correct));
    const Judged<SepConvSpace> second = co_await b;
    order.push_back("b " + std::to_string(second.accuracy().correct));
    co_return second;
  });
  Scripted script{{1, 2, 3}};
  EXPECT_EQ(search.run(script).architecture, net(11));
  EXPECT_THAT(script.asked,
              ElementsAre("sample d10 w64 e1", "sample d11 w64 e1", "sample d12 w64 e1"));
  EXPECT_THAT(order, ElementsAre("started", "c 3", "a 1", "b 2"));
}

TEST(Engine, ATicketNeverAwaitedIsWorkNotDoneWhenTheStrategyEnds) {
  const auto search = searching([](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
    auto first = judge(net(10), Move::sample);
    auto second = judge(net(11), Move::sample);
    const Judged<SepConvSpace> judged = co_await first;
    (void)second;
    co_return judged;
  });
  Scripted script{{5}};
  EXPECT_TRUE(search.run(script).finished());
  EXPECT_EQ(script.asked.size(), 1u);
}

TEST(Engine, TrialsHaveNumbersAndSeedsOfTheirOwn) {
  struct Seen {
    std::vector<Trial<Architecture>> trials;
    void on_outcome(const Trial<Architecture>& trial, const Outcome&) { trials.push_back(trial); }
  };
  const auto search = searching([](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
    const Judged<SepConvSpace> one = co_await judge(net(10), Move::start);
    const Judged<SepConvSpace> two = co_await judge(net(11), Move::deeper);
    const Judged<SepConvSpace> again = co_await judge(net(10), Move::baseline);
    co_return again;
  });
  Seen first, same, other;
  search.run(Scripted{{1}}, {.seed = 1}, first);
  search.run(Scripted{{9}}, {.seed = 1}, same);
  search.run(Scripted{{1}}, {.seed = 2}, other);
  ASSERT_EQ(first.trials.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(first.trials[i].number, static_cast<int>(i));
    EXPECT_EQ(first.trials[i].seed, same.trials[i].seed);
    EXPECT_NE(first.trials[i].seed, other.trials[i].seed);
  }
  EXPECT_NE(first.trials[0].seed, first.trials[1].seed);
  EXPECT_EQ(first.trials[0].seed, first.trials[2].seed);  // equal trials agree
}

// Evaluators.

struct Throws {
  std::function<void(int)> act;
  Outcome evaluate(const Trial<Architecture>& trial) {
    act(trial.number);
    return scored(100 + trial.number, 0, trial.fidelity.epochs);
  }
};
using RandomSearch = Search<RandomStrategy, FixedEpochRanker, SepConvSpace>;

TEST(Engine, AnExceptionOfTheEvaluatorIsAFailedOutcomeWithItsReason) {
  struct Failures {
    Lines reasons;
    void on_outcome(const Trial<Architecture>&, const Outcome& outcome) {
      if (!outcome.ok()) reasons.push_back(outcome.failure);
    }
  } failures;
  Throws evaluator{[](int n) {
    if (n == 1) throw std::runtime_error("out of memory");
    if (n == 2) throw 42;
    if (n == 7) throw std::runtime_error("");
  }};
  const auto found = RandomSearch({.trials = 8}).run(evaluator, {}, failures);
  EXPECT_THAT(failures.reasons,
              ElementsAre("out of memory", HasSubstr("no std::exception"), "no reason given"));
  EXPECT_EQ(found.cost.trials, 8);
  EXPECT_EQ(found.cost.failures, 3);
  EXPECT_EQ(found.judgement.accuracy.correct, 106);
  EXPECT_THAT(found.summary(), HasSubstr("3 failed; finished"));
}

TEST(Engine, WhereEverythingFailsThatIsWhatIsFound) {
  const auto found = RandomSearch({.trials = 3}).run(Throws{[](int) { throw 1; }});
  EXPECT_TRUE(found.judgement.failed);
  EXPECT_EQ(found.cost.failures, 3);
}

TEST(Engine, ASearchErrorEndsTheSearch) {
  EXPECT_EQ(message_of<SearchError>([] {
              RandomSearch({.trials = 8}).run(Throws{[](int n) {
                if (n == 3) throw SearchError("the table has no such network");
              }});
            }),
            "the table has no such network");
}

TEST(Engine, ACancelledTrialCountsAsNeverDone) {
  const auto found = RandomSearch({.trials = 8}).run(Throws{[](int n) {
    if (n == 3) throw Cancelled();
  }});
  EXPECT_EQ(found.cost.trials, 3);
  EXPECT_EQ(found.stopped, "cancelled by the evaluator");
  EXPECT_EQ(found.judgement.accuracy.correct, 102);
  EXPECT_THAT(
      message_of<SearchError>([] { RandomSearch().run(Throws{[](int) { throw Cancelled(); }}); }),
      HasSubstr("stopped before its first candidate was judged: cancelled"));
}

struct WithMonitor {
  Outcome evaluate(const Trial<Architecture>& trial, Monitor& monitor) {
    for (int epoch = 1; epoch <= trial.fidelity.epochs; ++epoch) {
      monitor.on_epoch({.epoch = epoch, .epochs = trial.fidelity.epochs});
      if (monitor.cancelled()) throw Cancelled();
    }
    return scored(trial.number, 0, trial.fidelity.epochs);
  }
};

TEST(Engine, AMonitorReportsEpochsAndAsksWhetherToStop) {
  struct Watch {
    Lines epochs;
    void on_epoch(const Trial<Architecture>& trial, const EpochReport& report) {
      epochs.push_back(std::to_string(trial.number) + ":" + std::to_string(report.epoch) + "/" +
                       std::to_string(report.epochs));
    }
    std::string stop() const { return epochs.size() == 5 ? "enough" : ""; }
  } watch;
  const auto found = RandomSearch({}, {.epochs = 3}).run(WithMonitor{}, {}, watch);
  EXPECT_THAT(watch.epochs, ElementsAre("0:1/3", "0:2/3", "0:3/3", "1:1/3", "1:2/3"));
  EXPECT_EQ(found.stopped, "enough");
  EXPECT_EQ(found.cost.trials, 1);
}

/// Takes descriptions of networks and serves every space that has them.
struct OfNetworks {
  std::vector<std::int64_t> parameters;
  Problem problem() const { return {{1, 28, 28}, 47}; }
  Outcome evaluate(const NetworkTrial& trial, Monitor&) {
    parameters.push_back(trial.network.parameters());
    return scored(1, 0, trial.fidelity.epochs);
  }
};

TEST(Engine, AnEvaluatorOfNetworksIsGivenTheDescriptionForItsProblem) {
  OfNetworks evaluator;
  struct Info {
    OptionList options;
    void on_begin(const RunInfo& info) { options = info.options; }
  } info;
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
  search.run(evaluator, {.max_trials = 1}, info);
  SepConvSpace fitted;
  fitted.problem = {{1, 28, 28}, 47};
  EXPECT_THAT(evaluator.parameters, ElementsAre(fitted.parameters(Architecture(10, 64))));
  EXPECT_EQ(search.space.problem, Problem{});  // the search itself stays as it was
  EXPECT_THAT(info.options, ::testing::Contains(std::pair("space.classes", "47")));
}

// Budgets.

TEST(Engine, BudgetsAreNeverExceeded) {
  for (int budget = 1; budget <= 40; ++budget) {
    Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
    const testing::Landscape landscape{static_cast<std::uint64_t>(budget)};
    const auto by_trials = search.run(landscape, {.max_trials = budget});
    EXPECT_LE(by_trials.cost.trials, budget);
    EXPECT_TRUE(by_trials.finished() || by_trials.cost.trials == budget);
    const std::int64_t epochs = 10 + 7 * budget;
    const auto by_epochs = search.run(landscape, {.max_epochs = epochs});
    EXPECT_LE(by_epochs.cost.epochs, epochs);
    const auto why = [](const std::string& of) { return "the budget of " + of + " is spent"; };
    if (!by_trials.finished()) {
      EXPECT_EQ(by_trials.stopped, why(std::to_string(budget) + " trials"));
    }
    if (!by_epochs.finished()) {
      EXPECT_EQ(by_epochs.stopped, why(std::to_string(epochs) + " epochs"));
    }
  }
}

TEST(Engine, AFailureCostsTheBudgetTheEpochsItWasGiven) {
  RandomSearch search({}, {.epochs = 10});
  const auto found = search.run(Throws{[](int) { throw 1; }}, {.max_epochs = 55});
  EXPECT_EQ(found.cost.trials, 5);
  EXPECT_EQ(found.cost.epochs, 0);  // none was told
}

TEST(Engine, ASearchThatEndsWithItsBudgetHasFinished) {
  EXPECT_TRUE(RandomSearch({.trials = 5}).run(testing::Landscape{}, {.max_trials = 5}).finished());
}

TEST(Engine, ABudgetForNothingIsAnError) {
  for (const SearchOptions& none : {SearchOptions{.max_trials = 0},
                                    {.max_epochs = 599},
                                    {.max_trials = -1},
                                    {.max_epochs = -1}})
    EXPECT_THAT(message_of<SearchError>([&] { RandomSearch().run(testing::Landscape{}, none); }),
                HasSubstr("stopped before its first candidate was judged: the budget of"));
}

// What is returned when a search stops.

TEST(Engine, AStoppedSearchReturnsTheLastIncumbentOrElseTheLeader) {
  for (const bool tells : {true, false}) {
    const auto search = searching([=](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
      for (int depth = 10;; ++depth) {
        const Judged<SepConvSpace> judged = co_await judge(net(depth), Move::sample);
        if (tells && depth <= 12) judge.incumbent(judged);
      }
    });
    const auto found = search.run(Scripted{{10, 30, 30, 5}}, {.max_trials = 4});
    EXPECT_EQ(found.architecture, net(tells ? 12 : 11));
  }
}

TEST(Engine, AFailureToldAsIncumbentIsNotBelieved) {
  const auto search = searching([](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
    for (int depth = 10;; ++depth) {
      const Judged<SepConvSpace> judged = co_await judge(net(depth), Move::sample);
      judge.incumbent(judged);
      if (depth == 13) co_return judged;
    }
  });
  EXPECT_EQ(search.run(Scripted{{10, 30, -1, 5}}, {.max_trials = 3}).architecture, net(11));
  EXPECT_EQ(search.run(Scripted{{-1, 30, 20, -1}}).architecture, net(12));
  EXPECT_EQ(search.run(Scripted{{-1, 30}}, {.max_trials = 1}).architecture, net(10));
}

// Callbacks.

struct Everything {
  Lines calls;
  int stop_at = 1000;
  std::string name;

  void on_begin(const RunInfo& info) { calls.push_back("begin " + info.strategy); }
  void on_trial(const Trial<Architecture>& t) { call("trial", t); }
  void on_epoch(const Trial<Architecture>& t, const EpochReport&) { call("epoch", t); }
  void on_outcome(const Trial<Architecture>& t, const Outcome&) { call("outcome", t); }
  void on_incumbent(const Judged<SepConvSpace>&) { calls.push_back("incumbent"); }
  void on_milestone(const Milestone<SepConvSpace>& m) { calls.push_back("milestone " + m.name); }
  void on_end(const Found<SepConvSpace>& f) { calls.push_back("end " + f.stopped); }
  std::optional<Outcome> recall(const Trial<Architecture>& t) {
    call("recall", t);
    if (t.number == 1) return scored(7, 0, 1);
    return std::nullopt;
  }
  std::string stop() { return static_cast<int>(calls.size()) >= stop_at ? "told to" : ""; }

 private:
  void call(const char* what, const Trial<Architecture>& trial) {
    calls.push_back(what + (" " + std::to_string(trial.number)));
  }
};

TEST(Callbacks, AreCalledInTheOrderOfTheSearch) {
  const auto search = searching([](SepConvSpace, Judge<SepConvSpace> judge) -> Result {
    const Judged<SepConvSpace> one = co_await judge(net(10), Move::start);
    judge.incumbent(one);
    judge.milestone("half", one);
    const Judged<SepConvSpace> two = co_await judge(net(11), Move::deeper);
    co_return two;
  });
  Everything all;
  search.run(WithMonitor{}, {}, all);
  EXPECT_THAT(all.calls, ElementsAre(::testing::StartsWith("begin "), "recall 0", "trial 0",
                                     "epoch 0", "outcome 0", "incumbent", "milestone half",
                                     "recall 1", "outcome 1", "end "));
  all = {};
  all.stop_at = 5;
  EXPECT_EQ(search.run(WithMonitor{}, {}, all).stopped, "told to");
  EXPECT_EQ(all.calls.back(), "end told to");
}

TEST(Callbacks, SeveralAreCalledOneAfterTheOther) {
  struct Named {
    Lines& log;
    std::string name;
    void on_outcome(const Trial<Architecture>& t, const Outcome&) {
      log.push_back(name + std::to_string(t.number));
    }
  };
  struct Recalls {
    Lines& log;
    std::optional<Outcome> recall(const Trial<Architecture>& t) {
      log.push_back("r" + std::to_string(t.number));
      return scored(1);
    }
  };
  Lines log;
  RandomSearch({.trials = 2})
      .run(Throws{[](int) { ADD_FAILURE() << "what is recalled is not evaluated"; }}, {},
           Named{log, "a"}, Recalls{log}, Named{log, "b"}, Recalls{log});
  EXPECT_THAT(log, ElementsAre("r0", "a0", "b0", "r1", "a1", "b1"));
}

TEST(Callbacks, TheFirstReasonToStopIsTheOneTold) {
  struct Stops {
    std::string reason;
    std::string stop() const { return reason; }
  };
  EXPECT_THAT(message_of<SearchError>([] {
                RandomSearch().run(testing::Landscape{}, {}, Stops{""}, Stops{"tea"},
                                   Stops{"lunch"});
              }),
              HasSubstr("judged: tea"));
}

TEST(Callbacks, WhatTheyThrowEndsTheSearch) {
  struct Thrower {
    void on_outcome(const Trial<Architecture>& t, const Outcome&) {
      if (t.number == 2) throw std::runtime_error("disk full");
    }
  };
  struct OnIncumbent {
    void on_incumbent(const Judged<SepConvSpace>&) { throw std::runtime_error("no paper"); }
  };
  EXPECT_EQ(message_of([] { RandomSearch().run(testing::Landscape{}, {}, Thrower{}); }),
            "disk full");
  EXPECT_EQ(message_of([] { RandomSearch().run(testing::Landscape{}, {}, OnIncumbent{}); }),
            "no paper");
}

// What a run says of itself.

TEST(Options, AreListedWithTheNamesOfTheirPolicies) {
  struct Info {
    RunInfo info;
    void on_begin(const RunInfo& now) { info = now; }
  } seen;
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
  search.strategy.prune.reference = Prune::Reference::grown;
  search.run(testing::Landscape{.world = 3}, {.seed = 5, .max_trials = 1}, seen);
  EXPECT_EQ(seen.info.strategy, "GreedyMacroMicro");
  EXPECT_EQ(seen.info.ranker, "DynamicEpochRanker");
  EXPECT_EQ(seen.info.space, "SepConvSpace");
  EXPECT_EQ(seen.info.evaluator, "testing::Landscape");
  EXPECT_EQ(seen.info.seed, 5u);
  const OptionList expected = {{"strategy.grow.gain", "0.1"},
                               {"strategy.grow.free_pass", "0.05"},
                               {"strategy.grow.patience", "3"},
                               {"strategy.grow.saturated", "99.9"},
                               {"strategy.grow.fitted", "99.5"},
                               {"strategy.prune.reference", "grown"},
                               {"strategy.prune.tolerance", "0"},
                               {"strategy.prune.patience", "3"},
                               {"strategy.micro.gain", "0"},
                               {"strategy.micro.extra", "10000"},
                               {"strategy.micro.retrain_baseline", "true"},
                               {"strategy.micro.compensate_width", "true"},
                               {"strategy.micro.layers_numerator", "1"},
                               {"strategy.micro.layers_denominator", "1"},
                               {"ranker.start", "10"},
                               {"ranker.deeper", "1"},
                               {"ranker.narrower", "2"},
                               {"ranker.micro", "2"},
                               {"space.depth_min", "10"},
                               {"space.depth_max", "100"},
                               {"space.width_min", "16"},
                               {"space.width_max", "64"},
                               {"space.width_step", "2"},
                               {"space.channels", "3"},
                               {"space.image_height", "32"},
                               {"space.image_width", "32"},
                               {"space.classes", "10"},
                               {"evaluator.world", "3"},
                               {"evaluator.failing", "0"}};
  EXPECT_EQ(seen.info.options, expected);
}

TEST(Search, BoundsThatMakeNoSpaceAreRefusedBeforeAnything) {
  RandomSearch search;
  search.space.depth.min = 2;
  EXPECT_THAT(message_of<std::invalid_argument>([&] { search.run(testing::Landscape{}); }),
              HasSubstr("at least 3"));
}

TEST(Search, PoliciesAreGivenByValueInTheirOrder) {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search{
      {.grow = {.patience = 1}}, {.start = 2}, mobile()};
  EXPECT_EQ(search.strategy.grow.patience, 1);
  EXPECT_EQ(search.ranker.start, 2);
  EXPECT_EQ(search.space.width.max, 128);
}

}  // namespace
}  // namespace nascent
