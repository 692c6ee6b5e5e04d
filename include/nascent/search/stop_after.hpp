#pragma once

#include <string>

#include "nascent/search/stopwatch.hpp"

namespace nascent {

/// Callback: stops the search once this much wall time has passed since the object was made.
class StopAfter {
 public:
  /// Counted from the construction, wall time.
  explicit StopAfter(double seconds) : seconds_(seconds) {}

  std::string stop() const { return used_.seconds() < seconds_ ? "" : "the time budget is spent"; }

 private:
  double seconds_;
  Stopwatch used_;
};

}  // namespace nascent
