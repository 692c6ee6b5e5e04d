// What the kernels of a training step read and write, all of it in the memory of the device.
#pragma once

#include <cstdint>

namespace nascent::cuda {

/// Where a training is: written by the host once an epoch, moved on by the last kernel of a step,
/// so that one captured graph serves every step.
struct StepState {
  std::uint64_t seed = 0;
  int epoch = 0;
  int step = 0;
  std::int64_t correct = 0;  ///< right answers of the epoch so far
};

/// Images as bytes, [images, channels, height, width], their labels, and what each byte of each
/// channel becomes: [channels, 256].
struct ResidentImages {
  const std::uint8_t* pixels = nullptr;
  const std::int64_t* labels = nullptr;
  const float* table = nullptr;
  int channels = 0, height = 0, width = 0;
};

/// A batch to be written: [images, channels, height, width] with channels last or not, and labels.
struct BatchView {
  float* images = nullptr;
  std::int64_t* labels = nullptr;
  int count = 0, height = 0, width = 0;
  bool channels_last = true;
};

/// What the augmentation draws from; `enabled` is false for an image as it is.
struct AugmentOptions {
  int pad = 0, crop = 0, cutout = 0;
  bool flip = false, enabled = false;
};

/// Numbers that a sum over all parameters is made of.
inline constexpr int kPartialSums = 128;

struct SgdOptions {
  double clip = 0, momentum = 0, weight_decay = 0;
};

/// Parameters, gradients and momenta of a network, `count` of each.
struct FlatNetwork {
  float *parameters = nullptr, *gradients = nullptr, *momenta = nullptr;
  std::int64_t count = 0;
};

}  // namespace nascent::cuda
