#pragma once

#include <ATen/Context.h>
#include <c10/core/Device.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

#include "nascent/train/gpus.hpp"

namespace nascent {

/// Where networks are trained: "cpu", "cuda:1", "cuda" (all GPUs there are, one for each worker in
/// turn), or "auto" (cuda where there is one). Choosing cuda makes cuDNN deterministic for the
/// whole process: one seed, one result.
class Device {
 public:
  Device() = default;

  /// std::invalid_argument for another text, std::runtime_error for a device that is not here.
  explicit Device(std::string_view text) : Device(text, text == "cpu" ? 0 : count_gpus()) {}

  /// The same on a machine with so many GPUs.
  Device(std::string_view text, int gpus) {
    if (text == "cpu" || (text == "auto" && gpus == 0)) return;
    const bool any = text == "auto" || text == "cuda";
    const int index = any ? 0 : cuda_index(text);
    if (index >= gpus)
      throw std::runtime_error("the device " + std::string(text) +
                               " is not available to this program: " + why_not(gpus) +
                               "; choose cpu or auto");
    device_ = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
    if (any) gpus_ = gpus;
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
  }

  /// It is one, checked.
  operator at::Device() const { return device_; }  // it is one, checked

  /// Of one of several workers, counted from 0: GPUs in turn, unless one was named.
  Device of_worker(int worker) const {
    Device device = *this;
    if (gpus_ > 0)
      device.device_ = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(worker % gpus_));
    return device;
  }

  /// Whether trainings run on the CPU.
  bool is_cpu() const { return device_.is_cpu(); }

  /// "cpu" or "cuda": what results may depend on.
  std::string type() const { return is_cpu() ? "cpu" : "cuda"; }

 private:
  static std::string why_not(int gpus) {
    if (gpus > 0)
      return "there " + (gpus == 1 ? std::string("is one GPU, cuda:0")
                                   : "are " + std::to_string(gpus) +
                                         " GPUs, cuda:0 to cuda:" + std::to_string(gpus - 1));
    if (!has_cuda_part())
      return "its LibTorch has no CUDA part, which `NASCENT_TORCH_CUDA=1 make setup` brings";
    return "there is no GPU here, or its driver is missing or too old";
  }

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
  int gpus_ = 0;  // that workers take in turn; 0: the device is one
};

}  // namespace nascent
