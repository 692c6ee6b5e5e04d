#pragma once

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nascent {

/// Where networks are trained: "cpu", "cuda", "cuda:1", or "auto" (cuda where there is one).
/// Choosing cuda makes cuDNN deterministic for the whole process: one seed, one result.
class Device {
 public:
  Device() = default;

  /// std::invalid_argument for another text, std::runtime_error for a device that is not here.
  explicit Device(std::string_view text) {
    if (text == "cpu" || (text == "auto" && !at::hasCUDA())) return;
    const int index = text == "auto" || text == "cuda" ? 0 : cuda_index(text);
    if (!at::hasCUDA() || index >= at::detail::getCUDAHooks().deviceCount())
      throw std::runtime_error("the device " + std::string(text) +
                               " is not available to this program; choose cpu or auto");
    device_ = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
  }

  /// It is one, checked.
  operator at::Device() const { return device_; }  // it is one, checked

  /// Whether trainings run on the CPU.
  bool is_cpu() const { return device_.is_cpu(); }

  /// "cpu" or "cuda": what results may depend on.
  std::string type() const { return is_cpu() ? "cpu" : "cuda"; }

 private:
  static int cuda_index(std::string_view text) {
    constexpr std::string_view kPrefix = "cuda:";
    int index = -1;
    if (text.starts_with(kPrefix)) {
      const char* end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data() + kPrefix.size(), end, index);
      if (error != std::errc{} || stop != end || index > 127) index = -1;
    }
    if (index < 0)
      throw std::invalid_argument("there is no device '" + std::string(text) +
                                  "'; a device is auto, cpu, cuda or cuda:NUMBER");
    return index;
  }

  at::Device device_{at::kCPU};
};

}  // namespace nascent
