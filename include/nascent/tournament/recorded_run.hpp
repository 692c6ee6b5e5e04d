// One run of a tournament: recorded while it is evaluated, then told again to read it off.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "nascent/search/history.hpp"
#include "nascent/search/search.hpp"
#include "nascent/tournament/comparison.hpp"

namespace nascent {
namespace detail {

/// Knows by which budget a search would have stopped before a trial; the rules are those of the
/// engine (trials, epochs) and of RunRecord (evaluations).
class Meter {
 public:
  explicit Meter(Budgets::Unit unit) : unit_(unit) {}

  /// The least budget under which the search comes to its next trial, of so many epochs.
  std::int64_t needed(int epochs) {
    // A trial that ends before its epochs are over costs less than it must be paid for in advance.
    return needed_ = (std::max)(needed_, spent_ + (unit_ == Budgets::Unit::epochs ? epochs : 1));
  }

  void add(int epochs, const Outcome& outcome) {
    switch (unit_) {
      case Budgets::Unit::trials:
        spent_ += 1;
        return;
      case Budgets::Unit::evaluations:
        spent_ += !outcome.repeated();
        return;
      case Budgets::Unit::epochs:
        spent_ += outcome.ok() ? outcome.epochs : epochs;
        return;
    }
  }

  std::int64_t spent() const { return spent_; }

 private:
  Budgets::Unit unit_;
  std::int64_t spent_ = 0, needed_ = 0;
};

/// Callback: keeps what a run was asked to do, its trials and its cost, and ends it when its
/// evaluations are spent.
template <class Space>
class RunRecord {
 public:
  using TrialOf = Trial<typename Space::Architecture>;

  explicit RunRecord(const Budgets& budgets)
      : most_(budgets.unit() == Budgets::Unit::evaluations
                  ? budgets.largest()
                  : (std::numeric_limits<std::int64_t>::max)()) {}

  RunInfo info;
  History<Space> history;
  std::string caveat;
  Cost cost;

  void on_begin(const RunInfo& asked) { info = asked; }
  void on_outcome(const TrialOf& trial, const Outcome& outcome) {
    history.on_outcome(trial, outcome);
    meter_.add(trial.fidelity.epochs, outcome);
  }
  void on_end(const Found<Space>& found) {
    caveat = found.caveat;
    cost = found.cost;
  }
  std::string stop() const {
    return meter_.spent() < most_
               ? ""
               : "the budget of " + std::to_string(most_) + " evaluations is spent";
  }

 private:
  std::int64_t most_;
  Meter meter_{Budgets::Unit::evaluations};
};

template <class Evaluator, class Architecture>
concept knows_final_accuracy = requires(Evaluator& evaluator, const Architecture& architecture) {
  { evaluator.final_accuracy(architecture) } -> std::same_as<Accuracy>;
};

/// A search that finds nothing new to propose would never spend its evaluations: it ends after so
/// many trials for each of them.
inline constexpr std::int64_t kTrialsPerEvaluation = 100;

inline SearchOptions options_for(const Budgets& budgets, std::uint64_t seed) {
  constexpr std::int64_t kMost = (std::numeric_limits<int>::max)();
  SearchOptions options{.seed = seed};
  if (budgets.unit() == Budgets::Unit::epochs)
    options.max_epochs = budgets.largest();
  else if (budgets.unit() == Budgets::Unit::trials)
    options.max_trials = static_cast<int>(budgets.largest());
  else
    options.max_trials =
        static_cast<int>((std::min)(kMost, budgets.largest() * kTrialsPerEvaluation));
  return options;
}

/// Tells the trials of a record to the search again, which is a pure function of them, and asks
/// after each what the result would be now: exactly that of a run under the budget up to there.
template <class Strategy, class Ranker, class Space, class Evaluator>
class Retelling {
 public:
  Retelling(const Search<Strategy, Ranker, Space>& search, Evaluator& evaluator,
            const Budgets& budgets, std::uint64_t seed)
      : evaluator_(evaluator),
        budgets_(budgets),
        meter_(budgets.unit()),
        trajectory_(search.strategy, search.ranker, fitted(search.space, evaluator), seed) {
    run_.seed = seed;
  }

  AnytimeRun read(const RunRecord<Space>& record) {
    trajectory_.start();
    for (const auto& [trial, outcome] : record.history.entries) {
      const std::int64_t from = meter_.needed(trial.fidelity.epochs);
      meter_.add(trial.fidelity.epochs, outcome);
      trajectory_.tell(outcome);
      note(from);
    }
    run_.cost = record.cost;
    run_.finished = trajectory_.finished();
    if (best_) run_.architecture = to_string(best_->architecture);
    return run_;
  }

  /// The run ended by neither its strategy nor its budget.
  bool cut_short() {
    if (trajectory_.finished()) return false;
    if (budgets_.unit() == Budgets::Unit::evaluations &&
        trajectory_.next().number >= options_for(budgets_, run_.seed).max_trials)
      return false;
    return meter_.needed(trajectory_.next().fidelity.epochs) <= budgets_.largest();
  }

 private:
  void note(std::int64_t from) {
    const std::optional<Judged<Space>> best = trajectory_.best();
    if (!best || best->failed()) return;
    const bool same = best_ && best_->architecture == best->architecture;
    const double value = measure(*best, same);
    best_ = best;
    if (!run_.steps.empty() && run_.steps.back().value == value) return;
    if (!run_.steps.empty() && run_.steps.back().at == from)
      run_.steps.back().value = value;
    else
      run_.steps.push_back({from, value});
  }

  double measure(const Judged<Space>& best, bool same) {
    if constexpr (knows_final_accuracy<Evaluator, typename Space::Architecture>)
      return same ? run_.steps.back().value
                  : evaluator_.final_accuracy(best.architecture).percent();
    else
      return best.accuracy().percent();
  }

  Evaluator& evaluator_;
  const Budgets& budgets_;
  Meter meter_;
  Trajectory<Strategy, Ranker, Space> trajectory_;
  AnytimeRun run_;
  std::optional<Judged<Space>> best_;
};

}  // namespace detail
}  // namespace nascent
