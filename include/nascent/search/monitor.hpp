// What an evaluator may say while a trial is under way.
#pragma once

#include <exception>

#include "nascent/search/accuracy.hpp"

namespace nascent {

struct EpochReport {
  int epoch = 0;  ///< 1 .. epochs
  int epochs = 0;
  double loss = 0;  ///< mean training loss, nats
  Accuracy train{}, evaluated{};
};

/// Thrown by an evaluator that was told to stop; the trial counts as never done.
struct Cancelled : std::exception {
  const char* what() const noexcept override { return "the evaluation was cancelled"; }
};

/// Handed to evaluators that take one: `evaluate(trial, Monitor&)`.
class Monitor {
 public:
  virtual ~Monitor() = default;

  /// Call after each epoch.
  virtual void on_epoch(const EpochReport&) {}

  /// True when the trial is no longer wanted; answer by throwing Cancelled, soon.
  virtual bool cancelled() { return false; }
};

}  // namespace nascent
