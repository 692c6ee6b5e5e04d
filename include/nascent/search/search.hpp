// The front of Nascent: a search is a type.
#pragma once

#include <type_traits>
#include <utility>

#include "nascent/search/engine.hpp"
#include "nascent/search/executor/inline.hpp"

namespace nascent {
namespace detail {

// An argument in another's place is told so, instead of what it lacks for the place it is in.

template <class T>
consteval bool explain_first() {
  constexpr bool is_space = SpacePolicy<T>, is_ranker = RankerPolicy<T>;
  static_assert(!is_space,
                "nascent: argument 1 of Search is a Space; the order is Strategy, Ranker, Space - "
                "docs/concepts.md");
  static_assert(!is_ranker,
                "nascent: argument 1 of Search is a Ranker; the order is Strategy, Ranker, Space - "
                "docs/concepts.md");
  return !is_space && !is_ranker;
}

template <class T>
consteval bool explain_second() {
  constexpr bool is_space = SpacePolicy<T>;
  static_assert(!is_space,
                "nascent: argument 2 of Search is a Space; the order is Strategy, Ranker, Space - "
                "docs/concepts.md");
  return !is_space;
}

template <class T>
consteval bool explain_third() {
  constexpr bool is_ranker = RankerPolicy<T>;
  static_assert(!is_ranker,
                "nascent: argument 3 of Search is a Ranker; the order is Strategy, Ranker, Space - "
                "docs/concepts.md");
  return !is_ranker;
}

template <class S>
consteval bool declares_batches() {
  if constexpr (requires { S::batches; })
    return S::batches;
  else
    return false;
}

template <class R>
consteval bool needs_batches() {
  if constexpr (requires { R::needs_batches; })
    return R::needs_batches;
  else
    return false;
}

/// What stands alone cannot be compared with its batch.
template <class Strategy, class Ranker>
concept Matched = declares_batches<Strategy>() || !needs_batches<Ranker>();

template <class Strategy, class Ranker>
consteval bool explain_pair() {
  constexpr bool matched = Matched<Strategy, Ranker>;
  static_assert(matched,
                "nascent: this Ranker compares the candidates of a batch, and this Strategy "
                "proposes them one by one; take a strategy that says `static constexpr bool "
                "batches = true`, such as RandomStrategy, or another ranker, such as Asha - "
                "docs/concepts.md#batches");
  return true;
}

template <class Strategy, class Ranker, class Space>
consteval bool explain_search() {
  constexpr bool first = explain_first<Strategy>();
  constexpr bool second = explain_second<Ranker>();
  constexpr bool third = explain_third<Space>();
  if constexpr (second) explain_ranker<Ranker>();
  if constexpr (first && third) explain_space<Space>();
  if constexpr (first && SpacePolicy<Space>) explain_strategy<Strategy, Space>();
  if constexpr (first && second) explain_pair<Strategy, Ranker>();
  return true;
}

/// Of what a run is given beside its evaluator.
template <class T, class Space, class Evaluator>
consteval bool explain_extra() {
  using A = typename Space::Architecture;
  if constexpr (offers_crew<T, Space, Evaluator>)
    return explain_crew<decltype(std::declval<T&>().crew(std::declval<const Space&>(),
                                                         std::declval<Evaluator&>())),
                        A>();
  else
    return explain_callback<T, Space>();
}

template <class Space, class Evaluator, class First, class... Rest>
auto& first_executor(First& first, Rest&... rest) {
  if constexpr (ExecutorPolicy<First, Space, Evaluator>)
    return first;
  else
    return first_executor<Space, Evaluator>(rest...);
}

}  // namespace detail

/// A search: what is tried next, how candidates are judged, what varies.
///
///     Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
///     auto found = search.run(evaluator, {.seed = 1});
///
/// This primary template is chosen when a policy lacks something, and says what.
template <class Strategy, class Ranker, class Space>
struct Search {
  static_assert(detail::explain_search<Strategy, Ranker, Space>());
};

/// A search whose policies have all that is asked of them.
template <class Strategy, RankerPolicy Ranker, SpacePolicy Space>
requires StrategyPolicy<Strategy, Space> && detail::Matched<Strategy, Ranker>
struct Search<Strategy, Ranker, Space> {
  Strategy strategy{};  ///< what is tried next
  Ranker ranker{};      ///< how candidates are judged
  Space space{};        ///< what varies

  Search() = default;
  /// With options of one's own.
  explicit Search(Strategy what_next, Ranker how_judged = {}, Space what_varies = {})
      : strategy(std::move(what_next)),
        ranker(std::move(how_judged)),
        space(std::move(what_varies)) {}

  /// Runs to the end of the strategy, or to the budget, or until a callback stops it; in each case
  /// the best so far is returned. `extras` are callbacks and at most one executor; without one,
  /// trials are evaluated `Inline`. Objects that are passed as lvalues are used in place.
  ///
  /// Throws std::invalid_argument when the space's bounds make no space, NothingJudged when
  /// the search stopped before its first judgement, and what callbacks throw.
  template <class Evaluator, class... Extras>
  Found<Space> run(Evaluator&& evaluator, const SearchOptions& options = {},
                   Extras&&... extras) const {
    using A = typename Space::Architecture;  // `Architecture` would shadow nascent's
    using E = std::remove_reference_t<Evaluator>;
    constexpr int executors = (0 + ... + ExecutorPolicy<std::remove_reference_t<Extras>, Space, E>);
    static_assert(detail::explain_evaluator<E, A>());
    static_assert(detail::explain_recipe<E, Space>());
    static_assert((detail::explain_extra<std::remove_reference_t<Extras>, Space, E>() && ...));
    static_assert(executors <= 1,
                  "nascent: give one executor, since a run has only one - "
                  "docs/concepts.md#executor");
    if constexpr (EvaluatorPolicy<E, A> && executors == 0) {
      Inline executor;
      return run_on(executor, options, evaluator, extras...);
    } else if constexpr (EvaluatorPolicy<E, A>) {
      return run_on(detail::first_executor<Space, E>(extras...), options, evaluator, extras...);
    }
  }

 private:
  template <class Executor, class Evaluator, class... Extras>
  Found<Space> run_on(Executor& executor, const SearchOptions& options, Evaluator& evaluator,
                      Extras&... extras) const {
    return detail::Engine<Strategy, Ranker, Space, Evaluator, Executor, Extras...>(
               strategy, ranker, space, options, evaluator, executor, extras...)
        .run();
  }
};

/// `Search(strategy, ranker, space)` is a search of these types.
template <class Strategy, class Ranker, class Space>
Search(Strategy, Ranker, Space) -> Search<Strategy, Ranker, Space>;

}  // namespace nascent
