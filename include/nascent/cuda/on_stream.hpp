#pragma once

#include <c10/core/AutogradState.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace nascent::cuda {

/// Work on a stream of its own: after what the current stream has to do, and with the backward
/// pass on this thread, as a capture needs it.
class OnStream {
 public:
  explicit OnStream(c10::cuda::CUDAStream stream) : guard_(after_current(stream)) {
    c10::AutogradState::get_tls_state().set_multithreading_enabled(false);
  }
  ~OnStream() { c10::AutogradState::get_tls_state().set_multithreading_enabled(before_); }
  OnStream(const OnStream&) = delete;
  OnStream& operator=(const OnStream&) = delete;

 private:
  static c10::cuda::CUDAStream after_current(c10::cuda::CUDAStream stream) {
    c10::cuda::getCurrentCUDAStream(stream.device_index()).synchronize();
    return stream;
  }

  bool before_ = c10::AutogradState::get_tls_state().get_multithreading_enabled();
  c10::cuda::CUDAStreamGuard guard_;
};

}  // namespace nascent::cuda
