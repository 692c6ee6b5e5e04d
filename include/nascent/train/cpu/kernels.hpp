// The arithmetic of a training step on the CPU, for the instruction set that the machine has.
#pragma once

#include <cstddef>
#include <string>

namespace nascent::cpu {

/// Every buffer that the kernels read has this many numbers more than it needs.
constexpr int kSlack = 64;

/// Length of an array of numbers per channel.
constexpr long padded_channels(int channels) { return (channels + 15L) / 16 * 16; }

/// Length of one run in the gradient of a convolution's weights.
constexpr long padded_run(int length) { return (length + 31L) / 32 * 32; }

/// A convolution with padding kernel / 2 over one image, extents in pixels: plain, or separable
/// (depthwise with the kernel and the stride, then pointwise).
struct ConvolutionShape {
  int in = 0, out = 0;  ///< channels
  int height = 0, width = 0, out_height = 0, out_width = 0;
  int kernel = 1, stride = 1;
  bool separable = false;
};

/// What is made of an image before it is convolved: scale * x + shift for each channel (a batch
/// norm; null where there is none), then a rectifier.
struct Reading {
  const float *scale = nullptr, *shift = nullptr, *mean = nullptr;  ///< padded_channels long
  bool relu = false;
};

/// Weights of one convolution as the kernels read them.
struct Weights {
  const float *depthwise = nullptr, *depthwise_flipped = nullptr;  ///< [kernel^2][padded_channels]
  const float *forward = nullptr, *backward = nullptr;             ///< made by `pack`
};

/// Room for one image; `spread` is zero wherever no pixel lies.
struct Scratch {
  float *padded = nullptr, *spread = nullptr, *tile = nullptr, *gradient = nullptr, *taps = nullptr;
};

/// What one image's way back through a convolution takes and leaves.
struct Backward {
  const float* coefficient[3] = {};  ///< of the batch norm behind; null where there is none
  const float* g = nullptr;          ///< gradient behind the batch norm
  const float* z = nullptr;          ///< the convolution's output
  float* gradients = nullptr;        ///< added to: [channels, rounded up to 4][runs][padded_run]
  float* depthwise_gradients = nullptr;  ///< added to: [kernel^2][padded_channels]
  float* to = nullptr;     ///< gradient before the rectifier and behind the batch norm in front
  double* sums = nullptr;  ///< added to: of `to`, and of `to` times (input - mean)
};

/// How a matrix lies in an image: each pixel has `runs` runs of `run_length` consecutive numbers.
struct Rows {
  int runs = 1;
  long run_pitch = 0;
  int run_length = 0;
  long pixel = 0, row = 0;  ///< from one pixel, and from one row of pixels, to the next
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC optimize("O3")
#endif
namespace baseline {
#define NASCENT_LANES 4
#include "nascent/train/cpu/kernels.inl"
#undef NASCENT_LANES
}  // namespace baseline
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC pop_options
#endif

#ifdef __x86_64__
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("avx2,fma")
#endif
namespace avx2 {
#define NASCENT_LANES 8
#include "nascent/train/cpu/kernels.inl"
#undef NASCENT_LANES
}  // namespace avx2
#ifdef __clang__
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,fma,prefer-vector-width=512")
#endif
namespace avx512 {
#define NASCENT_LANES 16
#include "nascent/train/cpu/kernels.inl"
#undef NASCENT_LANES
}  // namespace avx512
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif  // __x86_64__

/// The kernels of one instruction set. Results of two sets differ by rounding.
struct Kernels {
  const char* instruction_set;
  decltype(&baseline::convolve_image) convolve_image;
  decltype(&baseline::convolve_image_backward) convolve_image_backward;
  decltype(&baseline::pool_image) pool_image;
  decltype(&baseline::pool_image_backward) pool_image_backward;
  decltype(&baseline::pack) pack;
};

inline constexpr Kernels kBaseline{
    "baseline",           baseline::convolve_image,      baseline::convolve_image_backward,
    baseline::pool_image, baseline::pool_image_backward, baseline::pack};
#ifdef __x86_64__
inline constexpr Kernels kAvx2{
    "avx2",           avx2::convolve_image,      avx2::convolve_image_backward,
    avx2::pool_image, avx2::pool_image_backward, avx2::pack};
inline constexpr Kernels kAvx512{
    "avx512",           avx512::convolve_image,      avx512::convolve_image_backward,
    avx512::pool_image, avx512::pool_image_backward, avx512::pack};
#endif

/// Those for this machine.
inline const Kernels& kernels() {
#ifdef __x86_64__
  static const Kernels& chosen = []() -> const Kernels& {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
      return kAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kAvx2;
    return kBaseline;
  }();
  return chosen;
#else
  return kBaseline;
#endif
}

}  // namespace nascent::cpu
