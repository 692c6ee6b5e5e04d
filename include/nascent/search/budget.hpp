// When a search may not go on.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "nascent/search/found.hpp"
#include "nascent/search/search_options.hpp"

namespace nascent::detail {

/// What a run may spend, and what it has spent.
class Budget {
 public:
  explicit Budget(const SearchOptions& options) : options_(options) {}

  void charge(const Fidelity& fidelity, const Outcome& outcome) {
    ++cost_.trials;
    cost_.repeats += outcome.repeated();
    repeats_in_a_row_ = outcome.repeated() ? repeats_in_a_row_ + 1 : 0;
    cost_.failures += !outcome.ok();
    cost_.epochs += outcome.epochs;
    cost_.seconds += outcome.seconds;
    // What failed may have trained long and not told: to the budget it costs what was asked.
    charged_ += outcome.ok() ? outcome.epochs : fidelity.epochs_to_train();
  }

  const Cost& cost() const { return cost_; }

  /// Why the next trial may not be delivered; empty when it may.
  std::string spent(const Fidelity& next, bool repeats) const {
    const auto reason = [](std::int64_t budget, const char* of) {
      return "the budget of " + std::to_string(budget) + " " + of + " is spent";
    };
    if (cost_.trials >= options_.max_trials) return reason(options_.max_trials, "trials");
    if (options_.max_epochs - charged_ < next.epochs_to_train())
      return reason(options_.max_epochs, "epochs");
    if (!repeats && cost_.trials - cost_.repeats >= options_.max_evaluations)
      return reason(options_.max_evaluations, "evaluations");
    if (repeats_in_a_row_ >= kMostRepeats && options_.max_evaluations < kUnlimited)
      return "nothing new was proposed " + std::to_string(kMostRepeats) + " times in a row";
    return {};
  }

  /// Whether a trial beyond the next one may be started.
  template <class TrialOf>
  bool allows(const TrialOf& trial) const {
    return trial.number < options_.max_trials &&
           trial.number - cost_.repeats < options_.max_evaluations &&
           options_.max_epochs - charged_ >= trial.fidelity.epochs_to_train();
  }

 private:
  static constexpr int kUnlimited = (std::numeric_limits<int>::max)();
  /// Under a budget of evaluations a strategy that has nothing new to propose would never end.
  static constexpr int kMostRepeats = 100'000;

  const SearchOptions options_;
  Cost cost_;
  std::int64_t charged_ = 0;
  int repeats_in_a_row_ = 0;
};

}  // namespace nascent::detail
