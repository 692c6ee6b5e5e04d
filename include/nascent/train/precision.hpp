#pragma once

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

#include <stdexcept>
#include <string>
#include <string_view>

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

/// For the whole process, as LibTorch has one setting for all.
inline void allow_tf32(bool allowed) {
  at::globalContext().setAllowTF32CuDNN(allowed);
  at::globalContext().setAllowTF32CuBLAS(allowed);
}

/// While it lives, no product of the process is of rounded numbers.
class WithoutTf32 {
 public:
  WithoutTf32() { allow_tf32(false); }
  ~WithoutTf32() {
    at::globalContext().setAllowTF32CuDNN(convolutions_);
    at::globalContext().setAllowTF32CuBLAS(matrices_);
  }
  WithoutTf32(const WithoutTf32&) = delete;
  WithoutTf32& operator=(const WithoutTf32&) = delete;

 private:
  bool convolutions_ = at::globalContext().allowTF32CuDNN();
  bool matrices_ = at::globalContext().allowTF32CuBLAS();
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
