// How much work is left: the rest of the search, run on guesses.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nascent/search/engine.hpp"
#include "nascent/search/history.hpp"

namespace nascent {

/// Work that a search would still do if every candidate from now on failed (`least`), or were
/// better than all before (`most`).
struct Forecast {
  /// What remains to be done.
  struct Work {
    int trials = 0;           ///< that would be asked for
    std::int64_t epochs = 0;  ///< that they would train
    double mac_epochs = 0;    ///< epochs x multiply-adds of an image, where the space counts them
  };
  Work least, most;      ///< the bounds
  bool endless = false;  ///< the search goes on until it is stopped; the work is cut off

  static constexpr int kFar = 2'000;  ///< trials ahead at which a search counts as endless
};

namespace detail {

/// Tells the history again, then always the same guess, and sums up what was asked beyond it.
template <class Space>
class GuessingEvaluator {
 public:
  using Architecture = typename Space::Architecture;
  static constexpr bool pure = false;  // the history is told by number

  /// A guess of nothing is a failure.
  GuessingEvaluator(const Space& space, const History<Space>& history, Accuracy guess,
                    Forecast::Work& work)
      : space_(space), history_(history), guess_(guess), work_(work) {}

  Outcome evaluate(const Trial<Architecture>& trial) {
    const auto number = static_cast<std::size_t>(trial.number);
    if (number < history_.entries.size()) return history_.entries[number].outcome;
    if (work_.trials == Forecast::kFar) throw Cancelled();
    ++work_.trials;
    work_.epochs += trial.fidelity.epochs_to_train();
    if constexpr (counts_macs<Space, Architecture>)
      work_.mac_epochs +=
          trial.fidelity.epochs_to_train() * static_cast<double>(space_.macs(trial.architecture()));
    Outcome outcome(guess_, {}, trial.fidelity.epochs_to_train());
    if (guess_.correct == 0) outcome.failure = "a guess";
    // Always better means better than the last guess too, by the 0.1 points that count as a gain.
    else
      guess_.correct = (std::min)(guess_.correct + guess_.total / 1000, guess_.total);
    return outcome;
  }

 private:
  const Space& space_;
  const History<Space>& history_;
  Accuracy guess_;
  Forecast::Work& work_;
};

}  // namespace detail

/// Since a search is a pure function of its options, its seed and the outcomes so far, what is left
/// of it can be run on guesses: no strategy needs a line for it.
template <class Search>
Forecast forecast(const Search& search, const SearchOptions& options,
                  const History<decltype(Search::space)>& history) {
  using Space = decltype(Search::space);
  constexpr std::int64_t kImages = 1'000'000;
  Accuracy best{0, 1};
  for (const auto& entry : history.entries)
    if (entry.outcome.accuracy.more_than(best)) best = entry.outcome.accuracy;
  const auto better =
      static_cast<std::int64_t>(best.percent() / 100 * kImages) + kImages / 1000 + 1;
  Forecast result;
  search.run(detail::GuessingEvaluator<Space>(search.space, history, {0, kImages}, result.least),
             options);
  search.run(detail::GuessingEvaluator<Space>(search.space, history,
                                              {(std::min)(better, kImages), kImages}, result.most),
             options);
  result.endless = (std::max)(result.least.trials, result.most.trials) == Forecast::kFar;
  return result;
}

}  // namespace nascent
