#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "nascent/train/tf32.hpp"

// Of <ATen/autocast_mode.h>, which includes all operations of LibTorch, seconds of every
// compilation.
namespace at::autocast {
TORCH_API void set_autocast_enabled(at::DeviceType device_type, bool enabled);
TORCH_API void set_autocast_dtype(at::DeviceType device_type, at::ScalarType dtype);
TORCH_API void clear_cache();
}  // namespace at::autocast

namespace nascent {

/// What products of a network on a GPU are computed in; the CPU computes in single precision.
enum class Precision {
  fp32,  ///< single precision throughout
  tf32,  ///< products of numbers rounded to 10 bits, sums in single precision (Ampere and later)
  bf16   ///< activations and products in bfloat16; parameters, statistics and updates in single
};

/// As `parse_precision` reads it.
constexpr std::string_view to_string(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "fp32";
    case Precision::tf32:
      return "tf32";
    case Precision::bf16:
      return "bf16";
  }
  return "unknown";
}

/// std::invalid_argument for another word.
inline Precision parse_precision(std::string_view text) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16})
    if (text == to_string(precision)) return precision;
  throw std::invalid_argument("there is no precision '" + std::string(text) +
                              "'; a precision is fp32, tf32 or bf16");
}

/// While it lives, products of a GPU are computed in this precision, bf16 aside, by any thread;
/// others that want another wait (Tf32). Nothing on the CPU.
class Products {
 public:
  /// Of networks on `device`.
  Products(at::Device device, Precision precision) {
    if (!device.is_cpu()) rounding_.emplace(precision != Precision::fp32);
  }

 private:
  std::optional<Tf32> rounding_;
};

/// While it lives, LibTorch computes products on the GPU in bfloat16 in this thread.
class Bfloat16Products {
 public:
  Bfloat16Products() {
    at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCUDA, true);
  }
  ~Bfloat16Products() {
    at::autocast::set_autocast_enabled(at::kCUDA, false);
    at::autocast::clear_cache();
  }
  Bfloat16Products(const Bfloat16Products&) = delete;
  Bfloat16Products& operator=(const Bfloat16Products&) = delete;
};

}  // namespace nascent
