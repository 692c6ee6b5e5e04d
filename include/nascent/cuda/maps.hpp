// Feature maps in memory and how they are read, for the kernels of a chain of convolutions.
#pragma once

#include <cstdint>

namespace nascent::cuda {

/// [images, height, width, channels], with `stride` numbers from pixel to pixel: rows may be longer
/// than the channels, since products are faster on multiples of 8. Fewer than 2^31 numbers.
struct Map {
  float* values = nullptr;
  int images = 0, height = 0, width = 0, channels = 0, stride = 0;

  std::int64_t pixels() const { return std::int64_t{images} * height * width; }
};

/// Batch norm and rectifier in front of what reads a map: relu(scale x + shift), one number a
/// channel. `scale` null: no batch norm.
struct Norm {
  const float *scale = nullptr, *shift = nullptr;
  const float *mean = nullptr, *inverse_deviation = nullptr;
  bool relu = false;
};

/// Sums of two things for each channel: [groups][2][channels].
struct PairSums {
  float* values = nullptr;
  int groups = 0, channels = 0;
};

/// A batch norm's numbers, one a channel.
struct NormNumbers {
  const float *weight = nullptr, *bias = nullptr;
  float *running_mean = nullptr, *running_variance = nullptr;
  float *scale = nullptr, *shift = nullptr, *mean = nullptr, *inverse_deviation = nullptr;
};

/// What the backward pass of a batch norm needs of the sums of its gradient.
struct NormGradients {
  float *weight = nullptr, *bias = nullptr;  ///< gradients, written
  float* mean_gradient = nullptr;            ///< [channels], written
  float* mean_projection = nullptr;          ///< mean of gradient times normalised value, written
};

/// Threads of a block of the kernels over maps.
inline constexpr int kLaneThreads = 256;

/// Groups of blocks that share the pixels of `map`, at most: with four blocks a multiprocessor of
/// the H100.
inline constexpr int kMostGroups = 528;

/// Rows of partial sums of a depthwise weight's gradient, at most.
inline constexpr int kMostRows = 1024;

inline int threads_of_channel(int channels) {
  return channels < kLaneThreads ? kLaneThreads / channels : 1;
}

/// Groups of blocks for a map with `channels` of `pixels`, at most `most`; a thread takes four.
inline int groups_of(int channels, std::int64_t pixels, int most = kMostGroups) {
  const std::int64_t wanted = pixels / (4 * std::int64_t{threads_of_channel(channels)}) + 1;
  return static_cast<int>(wanted < most ? wanted : most);
}

/// A depthwise convolution, kernel 3, 5 or 7, stride 1 or 2, padded by kernel / 2.
struct Depthwise {
  int kernel = 3, stride = 1;
  const float* weight = nullptr;  ///< [channels, kernel, kernel]
};

}  // namespace nascent::cuda
