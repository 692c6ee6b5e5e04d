#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "nascent/data/image_set.hpp"
#include "nascent/search/accuracy.hpp"
#include "nascent/search/monitor.hpp"

namespace nascent {

/// What the steps of one epoch gave, on the CPU.
struct EpochSums {
  at::Tensor losses;         ///< double [steps]: summed over each batch
  at::Tensor norms;          ///< double [steps]: of the gradients before clipping
  std::int64_t correct = 0;  ///< right answers
};

/// Does what a Trainer would do with one network, in another way: nascent/cuda/fast_training.hpp.
class FastPath {
 public:
  virtual ~FastPath() = default;

  /// The next of the `epochs` that the schedule spans, `epoch` of them done; nothing, and nothing
  /// changed, where it must not be used any more.
  virtual std::optional<EpochSums> train_epoch(int epoch, int epochs, Monitor& monitor) = 0;

  /// Whether it was made for these images and this seed.
  virtual bool serves(const ImageSet& images, std::uint64_t seed) const = 0;

  /// Right answers in evaluation mode, images at their own size.
  virtual Accuracy evaluate(const ImageSet& images) = 0;
};

}  // namespace nascent
