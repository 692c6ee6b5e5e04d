// A tournament of searches: same evaluator, same budgets, same seeds.
//
//     const auto result = compare<Search<RandomStrategy, FixedEpochRanker, SepConvSpace>,
//                                 Search<LocalSearch, FixedEpochRanker, SepConvSpace>>(
//         evaluator, Budgets::trials({50, 100, 200}), 10);
//     std::cout << comparison_text(result);
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "nascent/meta/type_name.hpp"
#include "nascent/tournament/comparison.hpp"
#include "nascent/tournament/comparison_text.hpp"
#include "nascent/tournament/recorded_run.hpp"

namespace nascent {

/// A search with a name: variants often differ in options only.
template <class Search>
struct Entrant {
  std::string name;  ///< in the tables
  Search search;     ///< with its options

  /// Both at once.
  Entrant(std::string called, Search what) : name(std::move(called)), search(std::move(what)) {}
};

namespace detail {

template <class Evaluator>
consteval bool explain_compared() {
  static_assert(is_pure<Evaluator>(),
                "nascent: compare needs an Evaluator whose outcomes depend on the trial alone, "
                "and yours says `pure = false`: what one search is told would depend on the "
                "others - docs/concepts.md#comparing-policies");
  return true;
}

/// What one run is given: an extra that makes one for each run is asked, any other is given as it
/// is.
template <class Extra>
decltype(auto) extra_of_run(Extra& extra, const std::string& name, std::uint64_t seed) {
  if constexpr (requires { extra.of_run(name, seed); })
    return extra.of_run(name, seed);
  else
    return static_cast<Extra&>(extra);
}

template <class Strategy, class Ranker, class Space, class Evaluator, class... Extras>
Contender contend(const std::string& name, const Search<Strategy, Ranker, Space>& search,
                  Evaluator& evaluator, const Budgets& budgets, const Seeds& seeds,
                  Extras&... extras) {
  Contender contender{name, {}};
  for (const std::uint64_t seed : seeds.list()) {
    RunRecord<Space> record;
    try {
      search.run(evaluator, options_for(budgets, seed), record,
                 extra_of_run(extras, name, seed)...);
    } catch (const NothingJudged&) {
      // The budget is too small for one judgement: a run without a result.
    }
    Retelling<Strategy, Ranker, Space, Evaluator> retelling(search, evaluator, budgets, seed);
    contender.runs.push_back(retelling.read(record));
    if (retelling.cut_short())
      throw SearchError("compare: the run of '" + name + "' with seed " + std::to_string(seed) +
                        " was stopped before its budget was spent, so that nothing can be said; "
                        "run it again to the end");
    if (contender.runs.size() == 1) contender.protocol = record.info;
    if (contender.caveat.empty()) contender.caveat = record.caveat;
  }
  return contender;
}

/// What the values of these searches are; the same for all of them, or they do not compare.
template <class Evaluator, class... Searches>
consteval bool measured_finally() {
  constexpr std::size_t known =
      (std::size_t{0} + ... +
       knows_final_accuracy<Evaluator,
                            typename std::remove_cvref_t<decltype(Searches::space)>::Architecture>);
  static_assert(known == 0 || known == sizeof...(Searches),
                "nascent: your Evaluator has `final_accuracy` for the architectures of some of "
                "these searches only: their values would not compare - "
                "docs/concepts.md#comparing-policies");
  return known > 0;
}

template <class... Searches>
std::vector<std::string> names_of() {
  const std::vector<std::string> strategies{meta::type_name<decltype(Searches::strategy)>()...};
  if (std::set<std::string>(strategies.begin(), strategies.end()).size() == strategies.size())
    return strategies;
  return {meta::type_name<Searches>()...};
}

/// Of a comparison that is complete but for its measure. Runs without a result have none.
inline Comparison measured(Comparison comparison) {
  const AnytimeRun* first = nullptr;
  const Contender* by = nullptr;
  for (const Contender& contender : comparison.contenders)
    for (const AnytimeRun& run : contender.runs) {
      if (run.steps.empty()) continue;
      if (first && run.measure != first->measure)
        throw SearchError("compare: '" + by->name + "' is measured by " +
                          std::string(to_string(first->measure)) + ", '" + contender.name +
                          "' by " + std::string(to_string(run.measure)) +
                          "; give the evaluator `final_accuracy`, so that their values compare");
      if (first) continue;
      first = &run;
      by = &contender;
      comparison.measure = run.measure;
    }
  return comparison;
}

inline void require_names(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) throw std::invalid_argument("compare: give every search a name");
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j])
        throw std::invalid_argument("compare: two searches are named '" + names[i] +
                                    "'; give them different names");
  }
}

}  // namespace detail

/// Runs every search under every seed, once, to the largest budget.
///
/// The value of a run at a budget is the accuracy, %, of the architecture that the search would
/// have returned, had it been stopped by that budget: the incumbent that its strategy told of, else
/// the most accurate judged (`Judge::incumbent`). It is exact, not an approximation from the
/// larger run: the recorded trials are told to the search again, which is a pure function of them.
/// Failed trials are never a result. A search that finished earlier keeps its result.
///
/// Which accuracy? An evaluator may have `Accuracy final_accuracy(const Architecture&)`, by which
/// then all are measured, once for each new incumbent. Without it, the value is the search's own
/// signal: optimistic, since the best of many noisy ones was chosen, not comparable between
/// rankers that give other epochs (for those that measure a proxy it is the proxy), and it may fall
/// where a strategy measures its incumbent afresh with fewer of them (the baseline of
/// GreedyMacroMicro).
///
/// An evaluator whose final accuracy is a training says `static constexpr bool
/// trains_for_final_accuracy = true`: then only what is the result at one of the budgets is
/// measured, and anytime curves have no steps between.
/// With `RunsIn(directory)` among the extras every run has a journal of its own, and goes on.
///
/// The same seed pairs runs: equal trials of two searches then have equal seeds. `extras` are
/// callbacks and at most one executor, given to every run; results do not depend on the executor.
/// A strategy runs twice, the second time without evaluations.
///
/// Throws std::invalid_argument for budgets, seeds and names that make no tournament, SearchError
/// when a callback stopped a run before its budget or searches are measured by different proxies,
/// and what a run throws.
template <class... Searches, class Evaluator, class... Extras>
Comparison compare(const std::tuple<Entrant<Searches>...>& entrants, Evaluator&& evaluator,
                   const Budgets& budgets, const Seeds& seeds, Extras&&... extras) {
  using E = std::remove_reference_t<Evaluator>;
  static_assert(sizeof...(Searches) > 0, "nascent: name at least one search to compare");
  static_assert(detail::explain_compared<E>());
  constexpr bool finally = detail::measured_finally<E, Searches...>();
  return std::apply(
      [&](const auto&... entrant) -> Comparison {
        detail::require_names({entrant.name...});
        Comparison result{budgets,
                          seeds.list(),
                          {detail::contend(entrant.name, entrant.search, evaluator, budgets, seeds,
                                           extras...)...},
                          finally};
        return detail::measured(std::move(result));
      },
      entrants);
}

/// Of searches of one type, as many as a program makes of them.
template <class Search, class Evaluator, class... Extras>
Comparison compare(const std::vector<Entrant<Search>>& entrants, Evaluator&& evaluator,
                   const Budgets& budgets, const Seeds& seeds, Extras&&... extras) {
  using E = std::remove_reference_t<Evaluator>;
  static_assert(detail::explain_compared<E>());
  std::vector<std::string> names;
  for (const auto& entrant : entrants) names.push_back(entrant.name);
  if (names.empty()) throw std::invalid_argument("compare: give at least one search");
  detail::require_names(names);
  Comparison result{budgets, seeds.list(), {}, detail::measured_finally<E, Search>()};
  for (const auto& entrant : entrants)
    result.contenders.push_back(
        detail::contend(entrant.name, entrant.search, evaluator, budgets, seeds, extras...));
  return detail::measured(std::move(result));
}

/// Of searches with the default options, named by their strategies, or wholly where these are not
/// all different.
template <class... Searches, class Evaluator, class... Extras>
requires(sizeof...(Searches) > 0) Comparison
    compare(Evaluator&& evaluator, const Budgets& budgets, const Seeds& seeds, Extras&&... extras) {
  const std::vector<std::string> names = detail::names_of<Searches...>();
  auto name = names.begin();
  return compare(std::tuple{Entrant(*name++, Searches{})...}, evaluator, budgets, seeds, extras...);
}

}  // namespace nascent
