#pragma once

#include <ATen/Context.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace nascent {

/// While it lives, LibTorch's products in single precision on GPUs may round their factors to TF32,
/// or may not. That is one setting for the whole process: those who want the same share it, others
/// wait for them, in the order in which they came. A thread holds one at a time.
class Tf32 {
 public:
  /// Waits for those who hold the other.
  explicit Tf32(bool allowed) { Turns::all().enter(allowed); }
  ~Tf32() { Turns::all().leave(); }
  Tf32(const Tf32&) = delete;
  Tf32& operator=(const Tf32&) = delete;

 private:
  class Turns {
   public:
    static Turns& all() {
      static Turns turns;
      return turns;
    }

    void enter(bool allowed) {
      std::unique_lock lock(mutex_);
      const std::uint64_t ticket = tickets_++;
      moved_.wait(lock, [&] { return turn_ == ticket && (inside_ == 0 || allowed_ == allowed); });
      if (inside_ == 0) {
        allowed_ = allowed;
        at::globalContext().setAllowTF32CuDNN(allowed);
        at::globalContext().setAllowTF32CuBLAS(allowed);
      }
      ++inside_;
      ++turn_;
      moved_.notify_all();
    }

    void leave() {
      const std::lock_guard lock(mutex_);
      --inside_;
      moved_.notify_all();
    }

   private:
    std::mutex mutex_;
    std::condition_variable moved_;
    std::uint64_t tickets_ = 0, turn_ = 0;
    int inside_ = 0;
    bool allowed_ = false;
  };
};

}  // namespace nascent
