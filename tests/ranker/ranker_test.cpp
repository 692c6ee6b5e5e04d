#include "nascent/ranker/ranker_policy.hpp"

#include "../support/support.hpp"
#include "nascent/ranker/dynamic_epoch_ranker.hpp"
#include "nascent/ranker/fixed_epoch_ranker.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

/// Strategy: makes the given moves on the largest network, one after the other.
struct Moves {
  std::vector<Move> moves;
  Task<Judged<SepConvSpace>> operator()(SepConvSpace space, Judge<SepConvSpace> judge) const {
    Judged<SepConvSpace> last = co_await judge(space.start(), moves.front());
    for (std::size_t i = 1; i < moves.size(); ++i)
      last = co_await judge(Architecture(12, 60), moves[i]);
    co_return last;
  }
};

template <class Ranker>
std::vector<int> epochs_of(Ranker ranker, std::vector<Move> moves) {
  struct Writer {
    std::vector<int> epochs;
    void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
      epochs.push_back(trial.fidelity.epochs);
    }
  } writer;
  Search<Moves, Ranker, SepConvSpace>(Moves{std::move(moves)}, ranker)
      .run(Scripted{{5000}}, {}, writer);
  return writer.epochs;
}

constexpr Move kAll[] = {Move::start,    Move::deeper,   Move::deeper,    Move::narrower,
                         Move::narrower, Move::baseline, Move::operation, Move::kernel,
                         Move::narrower, Move::deeper,   Move::sample};
const std::vector<Move> all(std::begin(kAll), std::end(kAll));

TEST(DynamicEpochRanker, EpochsFollowTheMoves) {
  // d12 w60 is drawn 2 layers deeper and 2 steps narrower than the start: 10 + 2 + 4.
  EXPECT_THAT(epochs_of(DynamicEpochRanker{}, all),
              ElementsAre(10, 11, 12, 14, 16, 2, 2, 2, 18, 19, 16));
  EXPECT_THAT(
      epochs_of(DynamicEpochRanker{.start = 5, .deeper = 3, .narrower = 4, .micro = 7}, all),
      ElementsAre(5, 8, 11, 15, 19, 7, 7, 7, 23, 26, 5 + 6 + 8));
}

TEST(DynamicEpochRanker, EachRunStartsAnew) {
  const Search<Moves, DynamicEpochRanker, SepConvSpace> search(Moves{{Move::start, Move::deeper}});
  for (int run = 0; run < 2; ++run) {
    Scripted script{{1}};
    search.run(script);
    EXPECT_EQ(script.asked.back().substr(script.asked.back().size() - 3), "e11");
  }
}

TEST(FixedEpochRanker, EpochsAreAlwaysTheSame) {
  EXPECT_THAT(epochs_of(FixedEpochRanker{}, all), ::testing::Each(600));
  EXPECT_THAT(epochs_of(FixedEpochRanker{.epochs = 3}, all), ::testing::Each(3));
}

/// A short training first, and a long one only for what is better than all short ones before.
struct TwoRungs {
  int short_epochs = 1, long_epochs = 5;
  struct State {
    Accuracy best;
    int candidates = 0;
  };
  Task<Judgement> operator()(State& state, Proposal, Train train) const {
    ++state.candidates;
    const Outcome quick = co_await train(Epochs{short_epochs});
    if (!quick.ok() || !quick.accuracy.more_than(state.best)) co_return quick;
    state.best = quick.accuracy;
    const Outcome slow = co_await train(Epochs{long_epochs});
    Judgement judgement = slow;
    judgement.epochs = quick.epochs + slow.epochs;
    co_return judgement;
  }
};
static_assert(RankerPolicy<TwoRungs>);

TEST(UserRanker, MayTrainACandidateSeveralTimes) {
  Scripted script{{5000, 6000, 4999, 5000, -1, 7000, 8000}};
  const Search<Moves, TwoRungs, SepConvSpace> search(
      Moves{{Move::start, Move::deeper, Move::deeper, Move::narrower, Move::sample}});
  const auto found = search.run(script);
  EXPECT_THAT(script.asked, ElementsAre("grow d10 w64 e1", "grow d10 w64 e5", "grow d12 w60 e1",
                                        "grow d12 w60 e1", "prune d12 w60 e1", "sample d12 w60 e1",
                                        "sample d12 w60 e5"));
  EXPECT_EQ(found.judgement.accuracy, (Accuracy{8000, 10'000}));
  EXPECT_EQ(found.judgement.epochs, 6);
  EXPECT_EQ(found.cost.trials, 7);
  EXPECT_EQ(found.cost.failures, 1);
}

/// Starts several trainings before awaiting the first, and never awaits the last.
struct SideBySide {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    auto one = train(Epochs{1});
    auto two = train(Epochs{2});
    auto three = train(Epochs{3});
    const Outcome second = co_await two;
    const Outcome first = co_await one;
    (void)three;
    co_return first.accuracy.more_than(second.accuracy) ? first : second;
  }
};

TEST(UserRanker, MayTrainSideBySide) {
  Scripted script{{3000, 2000, 9999, 1000, 4000, 9999}};
  const auto found =
      Search<Moves, SideBySide, SepConvSpace>(Moves{{Move::start, Move::deeper}}).run(script);
  EXPECT_THAT(script.asked, ElementsAre("grow d10 w64 e1", "grow d10 w64 e2", "grow d10 w64 e3",
                                        "grow d12 w60 e1", "grow d12 w60 e2"));
  EXPECT_EQ(found.judgement.accuracy, (Accuracy{4000, 10'000}));
}

/// Judges without a training.
struct Guess {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train) const {
    Judgement judgement;
    judgement.accuracy = {1, 2};
    co_return judgement;
  }
};

TEST(UserRanker, MayJudgeWithoutATraining) {
  Scripted script{{1}};
  const auto found = Search<Moves, Guess, SepConvSpace>(Moves{all}).run(script);
  EXPECT_TRUE(script.asked.empty());
  EXPECT_EQ(found.judgement.accuracy, (Accuracy{1, 2}));
}

struct NoEpochs {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{0});
    co_return outcome;
  }
};

TEST(UserRanker, ATrainingOfNoEpochsIsAnError) {
  EXPECT_EQ(
      message_of<SearchError>(
          [] { Search<Moves, NoEpochs, SepConvSpace>(Moves{all}).run(Scripted{{1}}); }),
      "a ranker asked for a training of 0 epochs; give `train(Epochs{n})` an n of at least 1, and "
      "`go_on` more epochs than were trained");
}

}  // namespace
}  // namespace nascent
