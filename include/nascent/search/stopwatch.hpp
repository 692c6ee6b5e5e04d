// Of POSIX: <chrono> brings calendars and streams, an eighth of what core.hpp costs to compile.
#pragma once

#include <time.h>

namespace nascent {

/// Counts wall time from when it was made, whatever the clock on the wall is set to meanwhile.
class Stopwatch {
 public:
  /// Since it was made.
  double seconds() const { return now() - start_; }

 private:
  static double now() {
    timespec time;
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  double start_ = now();
};

}  // namespace nascent
