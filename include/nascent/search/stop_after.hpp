#pragma once

#include <chrono>
#include <string>

namespace nascent {

/// Callback: stops the search once this much wall time has passed since the object was made.
class StopAfter {
 public:
  /// Counted from the construction, wall time.
  explicit StopAfter(double seconds)
      : seconds_(seconds), start_(std::chrono::steady_clock::now()) {}

  std::string stop() const {
    const std::chrono::duration<double> used = std::chrono::steady_clock::now() - start_;
    return used.count() < seconds_ ? "" : "the time budget is spent";
  }

 private:
  double seconds_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace nascent
