#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/search/accuracy.hpp"

namespace nascent {

/// What was measured beside the accuracy, by name: latency, columns of a table, ...
using Metrics = std::vector<std::pair<std::string, double>>;

/// The value of this name, or nothing.
inline std::optional<double> metric(const Metrics& metrics, std::string_view name) {
  for (const auto& [key, value] : metrics)
    if (key == name) return value;
  return std::nullopt;
}

/// What one training gave: exact counts and costs, or a failure with its reason.
struct Outcome {
  Accuracy accuracy;        ///< on the images that guide the search, best epoch; or a proxy's score
  Accuracy train_accuracy;  ///< on the training images, the same epoch
  int epochs = 0;           ///< trained by this trial
  double seconds = 0;       ///< wall time of the evaluation
  std::string failure;      ///< empty when the training succeeded
  std::string machine;      ///< device and instruction set, which rounding depends on; may be empty
  int same_as = -1;         ///< number of the earlier, equal trial whose outcome this is
  /// Right answers of `accuracy.total` after each epoch that this trial trained; may be empty.
  std::vector<std::int32_t> curve;
  Metrics metrics;  ///< what was measured beside it

  Outcome() = default;
  /// Of a training that succeeded.
  explicit Outcome(Accuracy measured, Accuracy trained = {}, int epochs_run = 0,
                   double wall_seconds = 0)
      : accuracy(measured), train_accuracy(trained), epochs(epochs_run), seconds(wall_seconds) {}

  /// Of one that failed; the reason is for the journal.
  static Outcome failed(std::string reason) {
    Outcome outcome;
    outcome.failure = reason.empty() ? "no reason given" : std::move(reason);
    return outcome;
  }

  /// Whether the training succeeded.
  bool ok() const { return failure.empty(); }
  /// Whether it was told again from an earlier, equal trial.
  bool repeated() const { return same_as >= 0; }
};

}  // namespace nascent
