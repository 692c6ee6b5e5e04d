// Trainings that go on, repeat, take a share of the images or inherit weights; candidates that are
// judged together.
#include <nlohmann/json.hpp>

#include "../support/support.hpp"
#include "nascent/run.hpp"
#include "nascent/search/executor/message.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using TrialOf = Trial<Architecture>;

/// Everything that tells trials apart, and what it costs.
struct Keeper {
  std::vector<TrialOf> trials;
  std::vector<Outcome> outcomes;
  void on_outcome(const TrialOf& trial, const Outcome& outcome) {
    trials.push_back(trial);
    outcomes.push_back(outcome);
  }
};

/// Three rungs of one training, then one of another schedule.
struct Rungs {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    Outcome outcome = co_await train(Epochs{1, 9});
    outcome = co_await train.go_on(Epochs{3, 9});
    outcome = co_await train.go_on(Epochs{9, 9});
    outcome = co_await train(Epochs{3});
    co_return outcome;
  }
};

TEST(TrialKey, APausedTrainingHasOneSeedAndEachPartItsParent) {
  Search<RandomStrategy, Rungs, SepConvSpace> search({.trials = 1});
  Keeper keeper;
  const auto found = search.run(testing::Landscape{}, {}, keeper);
  ASSERT_EQ(keeper.trials.size(), 4u);
  const auto& t = keeper.trials;
  EXPECT_EQ(t[0].parent, nullptr);
  EXPECT_EQ(t[1].parent->number, 0);
  EXPECT_EQ(t[2].parent->number, 1);
  EXPECT_EQ(t[2].parent->parent->number, 0);
  EXPECT_EQ(t[3].parent, nullptr);
  EXPECT_EQ(t[0].seed, t[1].seed);
  EXPECT_EQ(t[0].seed, t[2].seed);
  EXPECT_NE(t[0].seed, t[3].seed);
  EXPECT_EQ(t[1].fidelity.resumed, 1);
  EXPECT_EQ(t[2].fidelity.resumed, 3);
  EXPECT_EQ(t[2].fidelity.schedule, 0) << "its last part is a whole training";
  EXPECT_EQ(found.cost.epochs, 1 + 2 + 6 + 3);
}

TEST(TrialKey, TheSeedOfAPausedTrainingIsThatOfTheStraightOne) {
  Search<RandomStrategy, Rungs, SepConvSpace> paused({.trials = 1});
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> straight({.trials = 1}, {.epochs = 9});
  Keeper parts, whole;
  paused.run(testing::Landscape{}, {}, parts);
  straight.run(testing::Landscape{}, {}, whole);
  EXPECT_EQ(parts.trials[2].seed, whole.trials[0].seed);
}

struct GoesOnWithNothing {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    Outcome outcome = co_await train(Epochs{1, 9});
    outcome = co_await train.go_on(Epochs{3, 27});
    co_return outcome;
  }
};

TEST(TrialKey, ATrainingDoesNotGoOnUnderAnotherSchedule) {
  Search<RandomStrategy, GoesOnWithNothing, SepConvSpace> search({.trials = 1});
  EXPECT_THAT(message_of([&] { search.run(testing::Landscape{}); }),
              ::testing::HasSubstr("under the same schedule"));
}

/// Of each candidate: two repetitions, half of the images, a proxy.
struct Everything {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const auto first = train(Epochs{2});
    const auto second = train.repeated(1)(Epochs{2});
    const auto part = train.on_share(.5, Subset::stratified)(Epochs{2});
    const auto proxy = train.score(Measure::synflow);
    Outcome outcome = co_await first;
    co_await second;
    co_await part;
    co_await proxy;
    co_return outcome;
  }
};

TEST(TrialKey, RepetitionsSharesAndProxiesAreTrialsOfTheirOwn) {
  Search<RandomStrategy, Everything, SepConvSpace> search({.trials = 1});
  Keeper keeper;
  const auto found = search.run(testing::Landscape{}, {}, keeper);
  ASSERT_EQ(keeper.trials.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t k = 0; k < i; ++k) EXPECT_NE(keeper.trials[i].seed, keeper.trials[k].seed);
  EXPECT_EQ(found.cost.repeats, 0);
  EXPECT_EQ(found.cost.epochs, 6);
}

/// From a random start, children that inherit its weights.
struct Children {
  static constexpr bool inherits = true;
  template <class Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> parent = co_await judge(space.start(), Move::start);
    for (int i = 0; i < 3; ++i)
      parent = co_await judge.inherit(space.deeper(parent.architecture), parent);
    co_return parent;
  }
};

TEST(TrialKey, AChildNamesTheTrainingWhoseWeightsItInherits) {
  Search<Children, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 2});
  Keeper keeper;
  search.run(testing::Landscape{}, {}, keeper);
  ASSERT_EQ(keeper.trials.size(), 4u);
  EXPECT_EQ(keeper.trials[3].parent->number, 2);
  EXPECT_EQ(keeper.trials[3].parent->parent->parent->number, 0);
  EXPECT_FALSE(keeper.trials[3].resumes());
  EXPECT_EQ(keeper.trials[3].move(), Move::morph);

  Search<Children, FixedEpochRanker, SepConvSpace> other({}, {.epochs = 2});
  Keeper again;
  other.run(testing::Landscape{}, {.seed = 2}, again);
  EXPECT_NE(keeper.trials[3].seed, again.trials[3].seed);
}

TEST(TrialKey, PassesToOtherProcessesWhole) {
  Search<Children, Rungs, SepConvSpace> search;
  Keeper keeper;
  search.run(testing::Landscape{}, {}, keeper);
  for (const TrialOf& trial : keeper.trials) {
    const auto read = detail::trial_of(
        search.space,
        nlohmann::ordered_json::parse(detail::json_text(detail::message_of_trial(1, trial))));
    EXPECT_TRUE(same_trial(read, trial));
    const TrialOf *there = &read, *here = &trial;
    for (; here->parent; there = there->parent.get(), here = here->parent.get()) {
      ASSERT_TRUE(there->parent);
      EXPECT_TRUE(same_trial(*there->parent, *here->parent));
      EXPECT_EQ(there->parent->number, here->parent->number);
    }
    EXPECT_EQ(there->parent, nullptr);
  }
}

/// Outcomes with all that one can have.
struct Measured {
  Outcome evaluate(const TrialOf& trial) const {
    Outcome outcome = testing::Landscape{}.evaluate(trial);
    for (int e = 0; e < trial.fidelity.epochs_to_train(); ++e) outcome.curve.push_back(10 + e);
    outcome.metrics = {{"latency_ms", 0.1 + 0.2}, {"depth", trial.architecture().depth()}};
    return outcome;
  }
};

TEST(TrialKey, TheJournalKeepsIt) {
  Scratch scratch;
  for (const int trials : {3, 1000}) {
    Journal journal(scratch / "run");
    Search<Children, Everything, SepConvSpace> search;
    search.run(Measured{}, {.max_trials = trials}, journal);
  }
  const std::string text = read_file(scratch / "run" / "journal.jsonl");
  const JournalText journal = parse_journal(text, "journal");
  ASSERT_EQ(journal.trials.size(), 16u);
  for (const TrialRecord& record : journal.trials) {
    EXPECT_THAT(text, ::testing::HasSubstr(to_line(record)));
    EXPECT_EQ(metric(record.outcome.metrics, "latency_ms"), 0.1 + 0.2);
  }
  EXPECT_EQ(journal.trials[1].fidelity.repeat, 1);
  EXPECT_EQ(journal.trials[2].fidelity.share, .5);
  EXPECT_EQ(journal.trials[2].fidelity.subset, Subset::stratified);
  EXPECT_EQ(journal.trials[3].fidelity.measure, Measure::synflow);
  EXPECT_EQ(journal.trials[4].parent, 0);
  EXPECT_EQ(journal.trials[0].outcome.curve, (std::vector<std::int32_t>{10, 11}));
}

TEST(TrialKey, ALineOfAnUnknownMeasureIsDamaged) {
  TrialRecord record;
  std::string line = to_line(record);
  line.insert(line.size() - 1, ",\"measure\":\"taste\"");
  EXPECT_THAT(message_of([&] { parse_record(line, "j", 3); }),
              ::testing::HasSubstr("j:3: this line is damaged (measure is unknown)"));
}

TEST(TrialKey, KeepsTheLawsWithRungsAndInheritance) {
  EXPECT_EQ(testing::broken_law(Search<Children, Rungs, SepConvSpace>{}), "");
  EXPECT_EQ(testing::broken_law(Search<Children, Everything, SepConvSpace>{}), "");
}

/// Batches of some sizes.
struct Batches {
  static constexpr bool batches = true;
  std::vector<int> sizes{4, 1, 3};

  template <class Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("batches");
    std::optional<Judged<Space>> best;
    for (const int size : sizes) {
      std::vector<typename Space::Architecture> drawn;
      for (int i = judge.batch_size(size); i > 0; --i) drawn.push_back(space.sample(random));
      for (const auto& ticket : judge.batch(drawn, Move::sample)) {
        Judged<Space> judged = co_await ticket;
        if (!best || judged.exceeds(*best)) best = judged;
      }
    }
    co_return *best;
  }
};

/// One epoch for all; the better half (rounded up) goes on twice.
struct BetterHalf {
  static constexpr bool needs_batches = true;
  struct State {
    std::vector<Standing> standings;
  };
  Task<Judgement> operator()(State& state, Proposal, Train train) const {
    Outcome outcome = co_await train(Epochs{1, 3});
    for (int rung = 2; rung <= 3; ++rung) {
      const Standing standing = co_await train.meet(outcome);
      state.standings.push_back(standing);
      if (2 * standing.rank >= standing.of + standing.of % 2) break;
      outcome = co_await train.go_on(Epochs{rung, 3});
    }
    co_return outcome;
  }
};

TEST(Batch, ItsCandidatesMeetAndTheBetterHalfGoesOn) {
  Search<Batches, BetterHalf, SepConvSpace> search;
  Keeper keeper;
  const auto found = search.run(testing::Landscape{}, {}, keeper);
  EXPECT_TRUE(found.finished());
  EXPECT_EQ(found.judged.size(), 8u);
  std::vector<int> epochs;
  for (const TrialOf& trial : keeper.trials) epochs.push_back(trial.fidelity.epochs);
  EXPECT_EQ(epochs, (std::vector<int>{1, 1, 1, 1, 2, 2, 3, 1, 2, 3, 1, 1, 1, 2, 2, 3}));
  const auto percent = [&](std::size_t i) { return keeper.outcomes[i].accuracy.percent(); };
  for (const std::size_t goes_on : {4u, 5u})
    for (std::size_t i = 0; i < 4; ++i) {
      const auto first = static_cast<std::size_t>(keeper.trials[goes_on].parent->number);
      const bool other_goes_on = static_cast<int>(i) == keeper.trials[4].parent->number ||
                                 static_cast<int>(i) == keeper.trials[5].parent->number;
      if (!other_goes_on) {
        EXPECT_GE(percent(first), percent(i));
      }
    }
}

TEST(Batch, KeepsTheLaws) {
  EXPECT_EQ(testing::broken_law(Search<Batches, BetterHalf, SepConvSpace>{}), "");
  EXPECT_EQ(testing::broken_law(Search<Batches, BetterHalf, SepConvSpace>{Batches{{5, 5, 5}}},
                                testing::Landscape{3, 4}),
            "");
}

/// Would like five.
struct WantsFive : BetterHalf {
  using State = BetterHalf::State;
  int batch_size(const State&) const { return 5; }
};

TEST(Batch, ARankerMayWishForItsSize) {
  Search<Batches, WantsFive, SepConvSpace> search;
  EXPECT_EQ(search.run(testing::Landscape{}).judged.size(), 15u);
}

/// Wishes for nothing.
struct WantsNone : BetterHalf {
  using State = BetterHalf::State;
  int batch_size(const State&) const { return 0; }
};

TEST(Batch, OfAWishForNoneHasOne) {
  Search<Batches, WantsNone, SepConvSpace> search;
  EXPECT_EQ(search.run(testing::Landscape{}).judged.size(), 3u);
}

/// A space that excludes every second architecture drawn.
struct Picky : SepConvSpace {
  bool admits(const Architecture& architecture) const { return architecture.width % 4 == 0; }
};

TEST(Batch, WhatTheSpaceDoesNotAdmitIsJudgedWorseThanAllAtNoCost) {
  Search<Batches, BetterHalf, Picky> search(Batches{{40, 40}});
  Keeper keeper;
  const auto found = search.run(testing::Landscape{}, {}, keeper);
  EXPECT_TRUE(found.finished());
  EXPECT_LT(found.judged.size(), 80u);
  EXPECT_GT(found.judged.size(), 0u);
  for (const TrialOf& trial : keeper.trials) EXPECT_EQ(trial.architecture().width % 4, 0);
  EXPECT_EQ(found.architecture.width % 4, 0);
}

TEST(Evaluations, AreCountedWithoutRepeats) {
  Search<AgingEvolution, FixedEpochRanker, SepConvSpace> search({.population = 5, .sample = 3},
                                                                {.epochs = 1});
  search.space.depth = {3, 3};
  search.space.width = {8, 8, 2};
  const auto found = search.run(testing::Landscape{}, {.max_evaluations = 40});
  EXPECT_GT(found.cost.repeats, 0);
  EXPECT_EQ(found.cost.trials - found.cost.repeats, 40);
  EXPECT_EQ(found.stopped, "the budget of 40 evaluations is spent");
}

TEST(Evaluations, EndWhereNothingNewIsProposed) {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 1});
  search.space.depth = {3, 3};
  search.space.width = {8, 8, 2};
  const auto found = search.run(testing::Landscape{}, {.max_evaluations = 65});  // it has 64
  EXPECT_EQ(found.cost.trials - found.cost.repeats, 64);
  EXPECT_EQ(found.stopped, "nothing new was proposed 100000 times in a row");
}

}  // namespace
}  // namespace nascent
