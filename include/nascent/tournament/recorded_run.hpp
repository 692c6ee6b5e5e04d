// One run of a tournament: recorded while it is evaluated, then told again to read it off.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

#include "nascent/search/budget.hpp"
#include "nascent/search/history.hpp"
#include "nascent/search/search.hpp"
#include "nascent/tournament/comparison.hpp"

namespace nascent {
namespace detail {

/// Callback: keeps what a run was asked to do and its trials.
template <class Space>
struct RunRecord {
  RunInfo info;
  History<Space> history;
  std::string caveat;

  void on_begin(const RunInfo& asked) { info = asked; }
  void on_outcome(const Trial<typename Space::Architecture>& trial, const Outcome& outcome) {
    history.on_outcome(trial, outcome);
  }
  void on_end(const Found<Space>& found) { caveat = found.caveat; }
};

template <class Evaluator, class Architecture>
concept knows_final_accuracy = requires(Evaluator& evaluator, const Architecture& architecture) {
  { evaluator.final_accuracy(architecture) } -> std::same_as<Accuracy>;
};

template <class Evaluator>
consteval bool trains_for_final_accuracy() {
  if constexpr (requires { Evaluator::trains_for_final_accuracy; })
    return Evaluator::trains_for_final_accuracy;
  else
    return false;
}

inline SearchOptions options_for(const Budgets& budgets, std::uint64_t seed) {
  SearchOptions options{.seed = seed};
  switch (budgets.unit()) {
    case Budgets::Unit::trials:
      options.max_trials = static_cast<int>(budgets.largest());
      break;
    case Budgets::Unit::evaluations:
      options.max_evaluations = static_cast<int>(budgets.largest());
      break;
    case Budgets::Unit::epochs:
      options.max_epochs = budgets.largest();
      break;
  }
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
        budget_(options_for(budgets, seed)),
        trajectory_(search.strategy, search.ranker, fitted(search.space, evaluator), seed) {
    run_.seed = seed;
  }

  AnytimeRun read(const RunRecord<Space>& record) {
    trajectory_.start();
    for (const auto& [trial, outcome] : record.history.entries) {
      // A trial that ends before its epochs are over costs less than it had to be paid for.
      const std::int64_t before = needed_;
      needed_ = (std::max)(needed_, needed_for(trial.fidelity, outcome.repeated()));
      if (kAtBudgets && ends_between(before, needed_)) note(before);
      charged_ += outcome.ok() ? outcome.epochs : trial.fidelity.epochs_to_train();
      budget_.charge(trial.fidelity, outcome);
      trajectory_.tell(outcome);
      if (!kAtBudgets) note(needed_);
    }
    if (kAtBudgets) note(needed_);
    run_.cost = budget_.cost();
    run_.finished = trajectory_.finished();
    if (best_) run_.architecture = to_string(best_->architecture);
    return run_;
  }

  /// The run ended by neither its strategy nor its budget.
  bool cut_short() const {
    return !trajectory_.finished() && budget_.spent(trajectory_.next().fidelity, false).empty();
  }

 private:
  /// The least budget that comes to the next trial, by the rules of `Budget`.
  std::int64_t needed_for(const Fidelity& fidelity, bool repeats) const {
    const Cost& cost = budget_.cost();
    switch (budgets_.unit()) {
      case Budgets::Unit::trials:
        return cost.trials + 1;
      case Budgets::Unit::evaluations:
        return cost.trials - cost.repeats + !repeats;
      case Budgets::Unit::epochs:
        return charged_ + fidelity.epochs_to_train();
    }
    return 0;
  }

  /// What can be paid for `from`, and not what needs `to`.
  bool ends_between(std::int64_t from, std::int64_t to) const {
    return std::ranges::any_of(budgets_.amounts(),
                               [&](std::int64_t end) { return from <= end && end < to; });
  }

  /// The result from a budget of `needed` on.
  void note(std::int64_t needed) {
    const std::optional<Judged<Space>> best = trajectory_.best();
    if (!best || best->failed()) return;
    const double value = measure(*best);
    best_ = best;
    if (!run_.steps.empty() && run_.steps.back().value == value) return;
    if (!run_.steps.empty() && run_.steps.back().at == needed)
      run_.steps.back().value = value;
    else
      run_.steps.push_back({needed, value});
  }

  double measure(const Judged<Space>& best) {
    if constexpr (knows_final_accuracy<Evaluator, typename Space::Architecture>) {
      if (best_ && best_->architecture == best.architecture) return run_.steps.back().value;
      return evaluator_.final_accuracy(best.architecture).percent();
    } else {
      if (best.judgement.measure != run_.measure) run_.steps.clear();
      run_.measure = best.judgement.measure;
      return best.accuracy().percent();
    }
  }

  static constexpr bool kAtBudgets =
      knows_final_accuracy<Evaluator, typename Space::Architecture> &&
      trains_for_final_accuracy<Evaluator>();

  Evaluator& evaluator_;
  Budgets budgets_;
  Budget budget_;
  std::int64_t charged_ = 0, needed_ = 0;
  Trajectory<Strategy, Ranker, Space> trajectory_;
  AnytimeRun run_;
  std::optional<Judged<Space>> best_;
};

}  // namespace detail
}  // namespace nascent
