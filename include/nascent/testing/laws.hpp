// The laws that every search keeps, to be run on policies of your own as well.
//
//     TEST(MyStrategy, KeepsTheLaws) {
//       nascent::Search<MyStrategy, nascent::FixedEpochRanker, nascent::SepConvSpace> search;
//       EXPECT_EQ(nascent::testing::broken_law(search), "");
//     }
//
// Each function returns the first violation that it finds, as a sentence, or nothing.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "nascent/search/executor/threads.hpp"
#include "nascent/search/search.hpp"
#include "nascent/space/architecture.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent::testing {

/// Callback: writes down what a search does, and disturbs it as told.
template <class Space>
struct Probe {
  /// Of the space that is searched.
  using Trial = nascent::Trial<typename Space::Architecture>;

  std::vector<Outcome> known;                              ///< recalled for the first trials
  std::size_t stop_before = static_cast<std::size_t>(-1);  ///< this many outcomes, then a stop
  int failing_from = -1, failing_to = -1;  ///< trials that fail: numbers from .. to-1

  std::vector<Trial> trials;          ///< as they were asked for
  std::vector<Outcome> outcomes;      ///< as they were delivered
  std::optional<Judged<Space>> told;  ///< the last incumbent
  std::vector<std::string> story;     ///< every trial and what was found, in words

  std::string stop() const { return outcomes.size() >= stop_before ? "told to" : ""; }
  std::optional<Outcome> recall(const Trial& trial) const {
    const auto number = static_cast<std::size_t>(trial.number);
    if (number < known.size()) return known[number];
    if (failing_from <= trial.number && trial.number < failing_to)
      return Outcome::failed("made to fail");
    return std::nullopt;
  }
  void on_outcome(const Trial& trial, const Outcome& outcome) {
    trials.push_back(trial);
    outcomes.push_back(outcome);
    story.push_back(std::string(stage_of(trial.move())) + " " + to_string(trial.architecture()) +
                    ", " + std::to_string(trial.fidelity.resumed) + " to " +
                    std::to_string(trial.fidelity.epochs) + " epochs, seed " +
                    std::to_string(trial.seed));
  }
  void on_incumbent(const Judged<Space>& best) { told = best; }
  void on_end(const Found<Space>& end) {
    for (const auto& milestone : end.milestones)
      story.push_back(milestone.name + " " + to_string(milestone.reached.architecture));
    story.push_back("found " + to_string(end.architecture) + ", " + end.summary());
  }
};

namespace detail {

/// Where two runs differ, or nothing.
inline std::string difference(std::vector<std::string> one, std::vector<std::string> other) {
  one.push_back("the end"), other.push_back("the end");
  const auto [a, b] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  return a == one.end() ? "" : "'" + *a + "' became '" + *b + "'";
}

/// About ten of the numbers 1 .. last.
inline std::vector<std::size_t> some_of(std::size_t last) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 1; i <= last; i += last / 10 + 1) numbers.push_back(i);
  return numbers;
}

}  // namespace detail

/// Law 1: the same seed gives the same trajectory, also after a stop before any trial.
template <class Search, class Evaluator>
std::string same_seed_other_trajectory(const Search& search, const Evaluator& evaluator,
                                       const SearchOptions& options) {
  Probe<decltype(Search::space)> whole, again;
  search.run(Evaluator(evaluator), options, whole);
  search.run(Evaluator(evaluator), options, again);
  if (const auto other = detail::difference(whole.story, again.story); !other.empty())
    return "the same seed gave another trajectory: " + other;
  for (const std::size_t stop : detail::some_of(whole.trials.size())) {
    Probe<decltype(Search::space)> stopped, resumed;
    stopped.stop_before = stop;
    search.run(Evaluator(evaluator), options, stopped);
    resumed.known = stopped.outcomes;
    search.run(Evaluator(evaluator), options, resumed);
    if (const auto other = detail::difference(whole.story, resumed.story); !other.empty())
      return "resumed after " + std::to_string(stop) +
             " trials, the search went elsewhere: " + other;
  }
  return "";
}

/// Law 1, for executors: workers, however many, change nothing but the time.
template <class Search, class Evaluator>
std::string workers_change_trajectory(const Search& search, const Evaluator& evaluator,
                                      const SearchOptions& options) {
  Probe<decltype(Search::space)> alone;
  search.run(Evaluator(evaluator), options, alone);
  for (const int workers : {1, 2, 4, 7}) {
    Probe<decltype(Search::space)> side_by_side;
    search.run(Evaluator(evaluator), options, side_by_side, Threads(workers));
    if (const auto other = detail::difference(alone.story, side_by_side.story); !other.empty())
      return "with " + std::to_string(workers) + " workers the search went elsewhere: " + other;
  }
  return "";
}

/// Law 2: every proposal and every sample lies in the space; texts tell architectures apart, and
/// Architecture's parse back; parameters are those of the description.
template <class Search, class Evaluator>
std::string proposal_outside(const Search& search, const Evaluator& evaluator,
                             const SearchOptions& options) {
  using Architecture = typename decltype(Search::space)::Architecture;
  const auto& space = search.space;
  Probe<decltype(Search::space)> run;
  search.run(Evaluator(evaluator), options, run);
  std::vector<Architecture> all;
  for (const auto& trial : run.trials) all.push_back(trial.architecture());
  Random random(options.seed, "samples of the law");
  for (int i = 0; i < 50; ++i) all.push_back(space.sample(random));
  for (const Architecture& a : all) {
    const std::string text = to_string(a);
    if constexpr (requires { space.require(a); }) space.require(a);
    if constexpr (std::same_as<Architecture, nascent::Architecture>)
      if (parse_architecture(text) != a) return "'" + text + "' does not parse back";
    if constexpr (requires { space.parameters(a) == space.describe(a).parameters(); })
      if (space.parameters(a) != space.describe(a).parameters())
        return "parameters of '" + text + "' differ from its description's";
    for (const Architecture& other : all)
      if ((a == other) != (text == to_string(other)))
        return "texts do not tell architectures apart: " + text + " and " + to_string(other);
  }
  return "";
}

/// Law 3: the search ends under a budget and never exceeds it, and returns the best it told of.
template <class Search, class Evaluator>
std::string budget_or_best_lost(const Search& search, const Evaluator& evaluator,
                                const SearchOptions& options) {
  Probe<decltype(Search::space)> whole;
  search.run(Evaluator(evaluator), options, whole);
  for (const std::size_t n : detail::some_of(whole.trials.size()))
    for (const bool by_trials : {true, false}) {
      SearchOptions less = options;
      std::int64_t epochs = n % 2;  // as many as n trials take, or one more, too few for another
      for (std::size_t i = 0; i < n; ++i) epochs += whole.outcomes[i].epochs;
      less.max_trials = by_trials ? static_cast<int>(n) : options.max_trials;
      less.max_epochs = by_trials ? options.max_epochs : epochs;
      if (epochs < whole.trials.front().fidelity.epochs_to_train()) continue;  // not even one trial
      Probe<decltype(Search::space)> run;
      const auto found = search.run(Evaluator(evaluator), less, run);
      const std::string budget =
          by_trials ? std::to_string(n) + " trials" : std::to_string(epochs) + " epochs";
      if (found.cost.trials > less.max_trials || found.cost.epochs > less.max_epochs)
        return "the budget of " + budget + " was exceeded";
      if (found.finished() && run.trials.size() < whole.trials.size())
        return "the search stopped at the budget of " + budget + " and did not say so";
      if (run.told && !(found.architecture == run.told->architecture))
        return "the best told, " + to_string(run.told->architecture) + ", was lost at " + budget;
      if (std::none_of(run.trials.begin(), run.trials.end(), [&](const auto& trial) {
            return trial.architecture() == found.architecture;
          }))
        return "the best at " + budget + " was never tried: " + to_string(found.architecture);
    }
  return "";
}

/// Law 4: failed outcomes, wherever they come, never end a search and never become its best.
template <class Search, class Evaluator>
std::string failure_ends_or_wins(const Search& search, const Evaluator& evaluator,
                                 const SearchOptions& options) {
  Probe<decltype(Search::space)> whole;
  search.run(Evaluator(evaluator), options, whole);
  for (const std::size_t from : detail::some_of(whole.trials.size()))
    for (const int length : {1, 3})
      for (const bool stops : {false, true}) {  // also right after the failures
        Probe<decltype(Search::space)> run;
        run.failing_from = static_cast<int>(from) - 1;
        run.failing_to = run.failing_from + length;
        if (stops) run.stop_before = static_cast<std::size_t>(run.failing_to);
        const auto found = search.run(Evaluator(evaluator), options, run);
        if (found.judgement.failed &&
            std::any_of(run.outcomes.begin(), run.outcomes.end(),
                        [](const Outcome& outcome) { return outcome.ok(); }))
          return "after failures from trial " + std::to_string(from - 1) + " on, one was the best";
      }
  return "";
}

/// The first law that `search` breaks, or nothing. It must end under `options`.
template <class Search, class Evaluator = Landscape>
std::string broken_law(const Search& search, const Evaluator& evaluator = {},
                       const SearchOptions& options = {.max_trials = 200}) {
  try {
    for (const auto law :
         {same_seed_other_trajectory<Search, Evaluator>,
          workers_change_trajectory<Search, Evaluator>, proposal_outside<Search, Evaluator>,
          budget_or_best_lost<Search, Evaluator>, failure_ends_or_wins<Search, Evaluator>})
      if (std::string broken = law(search, evaluator, options); !broken.empty()) return broken;
  } catch (const std::exception& error) {
    return std::string("the search threw: ") + error.what();
  }
  return "";
}

}  // namespace nascent::testing
