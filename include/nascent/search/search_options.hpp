#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace nascent {

/// Options of a run; those of the policies are in the policies. None but the seed changes what is
/// proposed: they say when to stop, and how.
struct SearchOptions {
  std::uint64_t seed = 1;                              ///< of every random choice of the search
  int max_trials = (std::numeric_limits<int>::max)();  ///< trainings, never exceeded
  int max_evaluations = (std::numeric_limits<int>::max)();  ///< trainings that are no repeats
  std::int64_t max_epochs = (std::numeric_limits<std::int64_t>::max)();  ///< never exceeded
  std::optional<double> target{};  ///< accuracy in percent that ends the search, once reached
  /// Wall time of one trial, beyond which it counts as failed. Evaluators that take a Monitor are
  /// told to stop; others are ended only by `Processes`.
  double trial_seconds = std::numeric_limits<double>::infinity();
  bool speculation = true;   ///< idle workers evaluate what will probably be asked next
  bool allow_mixed = false;  ///< outcomes of machines that round differently may be mixed
};

}  // namespace nascent
