// What a ranker must offer.
#pragma once

#include <concepts>

#include "nascent/search/judgement.hpp"
#include "nascent/search/task.hpp"
#include "nascent/search/train.hpp"

namespace nascent {
namespace requirement {

template <class R>
concept ranker_has_state = requires {
  typename R::State;
}
&&std::default_initializable<typename R::State>;

template <class R>
concept ranker_judges = requires {
  typename R::State;
}
&&requires(const R& ranker, typename R::State& state, Proposal proposal, Train train) {
  { ranker(state, proposal, train) } -> std::same_as<Task<Judgement>>;
};

}  // namespace requirement

/// A ranker says how a candidate is judged cheaply: how many epochs, in how many trainings.
///
/// Minimal complete definition: `struct State` (default-constructible; one object lives for the
/// whole run and sees the candidates in the order of their proposal) and the coroutine
/// `Task<Judgement> operator()(State&, Proposal, Train) const`, which awaits `train(Epochs{n})`.
/// Optional: `void options(auto&& field) const`, `static constexpr bool needs_batches` and
/// `int batch_size(const State&) const` (docs/concepts.md#batches).
/// Models: FixedEpochRanker, DynamicEpochRanker, SuccessiveHalving, Hyperband, Asha, LearningCurve,
/// Repeat, DataSubset, ZeroCost. See docs/concepts.md#ranker.
template <class R>
concept RankerPolicy =
    std::copy_constructible<R> && requirement::ranker_has_state<R> && requirement::ranker_judges<R>;

namespace detail {

template <class R>
consteval bool explain_ranker() {
  static_assert(std::copy_constructible<R>,
                "nascent: your Ranker must be copyable, since every run has its own copy - "
                "docs/concepts.md#ranker");
  static_assert(requirement::ranker_has_state<R>,
                "nascent: your Ranker needs `struct State {...};`, default-constructible (it may "
                "be empty) - docs/concepts.md#ranker");
  if constexpr (requirement::ranker_has_state<R>)
    static_assert(requirement::ranker_judges<R>,
                  "nascent: your Ranker needs `Task<Judgement> operator()(State& state, Proposal "
                  "proposal, Train train) const` - docs/concepts.md#ranker");
  return true;
}

}  // namespace detail
}  // namespace nascent
