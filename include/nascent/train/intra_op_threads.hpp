#pragma once

#include <ATen/Parallel.h>

#include <stdexcept>

namespace nascent {

/// Sets how many threads one operation of the calling thread uses, for the life of the object.
/// Sums are split among them, so the number is part of a training's protocol.
class IntraOpThreads {
 public:
  /// Sets LibTorch's number of threads until the end of the scope.
  explicit IntraOpThreads(int threads) : before_(at::get_num_threads()) {
    if (threads < 1) throw std::invalid_argument("a training needs at least 1 thread");
    at::set_num_threads(threads);
  }
  ~IntraOpThreads() { at::set_num_threads(before_); }
  IntraOpThreads(const IntraOpThreads&) = delete;
  IntraOpThreads& operator=(const IntraOpThreads&) = delete;

 private:
  int before_;
};

}  // namespace nascent
