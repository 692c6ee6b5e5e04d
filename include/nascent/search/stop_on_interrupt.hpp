#pragma once

#include <csignal>
#include <string>

namespace nascent {

/// Callback: the first Ctrl-C (SIGINT) or SIGTERM stops the search cleanly, with the best so far;
/// a second one ends the process. The former handlers come back when the object is destroyed.
/// At most one object at a time.
class StopOnInterrupt {
 public:
  StopOnInterrupt() {
    interrupted_ = 0;
    former_interrupt_ = std::signal(SIGINT, on_signal);
    former_terminate_ = std::signal(SIGTERM, on_signal);
  }
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;
  ~StopOnInterrupt() {
    std::signal(SIGINT, former_interrupt_);
    std::signal(SIGTERM, former_terminate_);
  }

  std::string stop() const { return interrupted_ ? "interrupted" : ""; }

 private:
  using Handler = void (*)(int);

  static void on_signal(int signal) {
    interrupted_ = 1;
    std::signal(signal, SIG_DFL);
  }

  inline static volatile std::sig_atomic_t interrupted_ = 0;
  Handler former_interrupt_, former_terminate_;
};

}  // namespace nascent
