// What a strategy must offer.
#pragma once

#include <concepts>

#include "nascent/search/judge.hpp"
#include "nascent/search/task.hpp"

namespace nascent {
namespace requirement {

template <class S, class Space>
concept strategy_searches = requires(const S& strategy, Space space, Judge<Space> judge) {
  { strategy(space, judge) } -> std::same_as<Task<Judged<Space>>>;
};

}  // namespace requirement

/// A strategy says what is tried next, as a coroutine that reads like the algorithm.
///
/// Minimal complete definition: `template <SpacePolicy Space> Task<Judged<Space>>
/// operator()(Space space, Judge<Space> judge) const`, which awaits `judge(architecture, move)` and
/// returns the best. Constrain `Space` on the operator by what the strategy needs of it. It must
/// be a pure function of its options, `judge.random(...)` and the judgements, and come to an end
/// unless the run has a budget.
/// Optional: `void options(auto&& field) const`, and `template <class Space> static consteval bool
/// explain()`, which asserts by a sentence what the operator demands of a space.
/// Models: GreedyMacroMicro, RandomStrategy, AgingEvolution, LocalSearch, CoordinateSweep, Tpe,
/// Reinforce, BayesianOptimisation, Nsga2, HillClimb, RandGrow. See docs/concepts.md#strategy.
template <class S, class Space>
concept StrategyPolicy = std::copy_constructible<S> && requirement::strategy_searches<S, Space>;

namespace detail {

template <class S, class Space>
consteval bool explain_strategy() {
  static_assert(std::copy_constructible<S>,
                "nascent: your Strategy must be copyable, since every run has its own copy - "
                "docs/concepts.md#strategy");
  if constexpr (requires { S::template explain<Space>(); })
    S::template explain<Space>();
  else
    static_assert(requirement::strategy_searches<S, Space>,
                  "nascent: your Strategy needs `Task<Judged<Space>> operator()(Space space, "
                  "Judge<Space> judge) const`, callable for this Space - "
                  "docs/concepts.md#strategy");
  return true;
}

}  // namespace detail
}  // namespace nascent
