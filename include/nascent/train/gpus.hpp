#pragma once

#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

namespace nascent {

/// Whether LibTorch's CUDA part is in this program.
inline bool has_cuda_part() { return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA); }

/// GPUs that this program can use; none where the driver is missing or too old. Asked once, in a
/// process of its own: whoever has asked CUDA anything leaves it unusable to the copies that
/// Processes makes.
inline int count_gpus() {
  static const int count = [] {
    int answer[2];
    if (!has_cuda_part() || ::pipe(answer) != 0) return 0;
    const pid_t asking = ::fork();
    if (asking == 0) {
      const int nowhere = ::open("/dev/null", O_WRONLY);  // LibTorch warns; Device says the same
      ::dup2(nowhere, STDERR_FILENO);
      unsigned char found = 0;
      try {
        found = static_cast<unsigned char>(at::detail::getCUDAHooks().deviceCount());
      } catch (const std::exception&) {  // as good as none
      }
      ::_exit(::write(answer[1], &found, 1) == 1 ? 0 : 1);
    }
    ::close(answer[1]);
    unsigned char found = 0;
    while (asking > 0 && ::read(answer[0], &found, 1) < 0 && errno == EINTR) {
    }
    ::close(answer[0]);
    while (asking > 0 && ::waitpid(asking, nullptr, 0) < 0 && errno == EINTR) {
    }
    return int{found};
  }();
  return count;
}

}  // namespace nascent
