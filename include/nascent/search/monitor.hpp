// What an evaluator may say while a trial is under way.
#pragma once

#include <exception>

#include "nascent/search/accuracy.hpp"

namespace nascent {

/// What is known after an epoch.
struct EpochReport {
  int epoch = 0;                  ///< 1 .. epochs
  int epochs = 0;                 ///< of the whole training
  double loss = 0;                ///< mean training loss, nats
  Accuracy train{}, evaluated{};  ///< on the training images, and on those that guide the search
};

/// Thrown by an evaluator that was told to stop; the trial counts as never done.
struct Cancelled : std::exception {
  /// In words.
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
