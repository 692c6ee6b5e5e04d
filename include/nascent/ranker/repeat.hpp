#pragma once

#include "nascent/ranker/fixed_epoch_ranker.hpp"

namespace nascent {

/// Judges a candidate `k` times, each with seeds of its own, and takes the mean: right answers and
/// images are summed. The noise of a training falls as 1/sqrt(k) (Lindauer & Hutter 2020 ask for
/// it). A candidate that fails once has failed, and is not repeated any more.
///
/// One repetition is asked for after the other; idle workers guess the next, and where the inner
/// ranker's epochs are fixed their guess is right.
template <int k, RankerPolicy Ranker = FixedEpochRanker>
struct Repeat {
  static_assert(k >= 1, "nascent: Repeat<k> needs k of at least 1 - docs/concepts.md#ranker");
  /// Whether the ranker inside judges each candidate for itself.
  static constexpr bool inner_stands_alone = !requires { requires Ranker::needs_batches; };
  static_assert(inner_stands_alone,
                "nascent: Repeat<k> cannot repeat a Ranker that compares the candidates of a "
                "batch; repeat another, such as Asha - docs/concepts.md#ranker");

  Ranker ranker{};  ///< judges, k times

  /// That of the ranker inside.
  using State = typename Ranker::State;

  Task<Judgement> operator()(State& state, Proposal proposal, Train train) const {
    const State before = state;  // all repetitions are the same step of the inner ranker
    Judgement sum = co_await ranker(state, proposal, train);
    for (int i = 1; i < k && !sum.failed; ++i) {
      State again = before;
      const Judgement one = co_await ranker(again, proposal, train.repeated(i));
      add(sum, one);
    }
    co_return sum;
  }

  template <class Field>
  void options(Field&& field) const {
    field("k", k);
    field("ranker", ranker);
  }

 private:
  static void add(Judgement& sum, const Judgement& one) {
    add(sum.accuracy, one.accuracy);
    add(sum.train_accuracy, one.train_accuracy);
    sum.epochs += one.epochs;
    sum.failed = one.failed;
  }
  static void add(Accuracy& sum, const Accuracy& one) {
    sum.correct += one.correct;
    sum.total += one.total;
  }
};

static_assert(RankerPolicy<Repeat<2>>);

}  // namespace nascent
