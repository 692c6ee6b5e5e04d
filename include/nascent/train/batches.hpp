// Batches of an image set as tensors.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "nascent/data/augment/augment.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// `images` float [n, channels, height, width], `labels` int64 [n].
struct ImageBatch {
  at::Tensor images, labels;  ///< on the device that trains

  /// How many images it has.
  std::int64_t size() const { return labels.numel(); }
};

namespace detail {

/// Writes the batch image by image: `write(index, values)` fills one.
template <class Write>
ImageBatch make_batch(const ImageSet& set, std::span<const int> indices, Shape shape,
                      at::Device device, Write write) {
  const auto count = static_cast<std::int64_t>(indices.size());
  const auto size = static_cast<std::size_t>(shape.size());
  at::Tensor images = at::empty({count, shape.channels, shape.height, shape.width}, at::kFloat);
  at::Tensor labels = at::empty({count}, at::kLong);
  const std::span values(images.mutable_data_ptr<float>(), indices.size() * size);
  auto* label = labels.mutable_data_ptr<std::int64_t>();
  for (std::size_t k = 0; k < indices.size(); ++k) {
    write(indices[k], values.subspan(k * size, size));
    label[k] = set.label(indices[k]);
  }
  return {images.to(device), labels.to(device)};
}

}  // namespace detail

/// The images of one epoch in their order, from the seed and the epoch alone.
inline std::vector<int> epoch_order(int images, std::uint64_t seed, int epoch) {
  std::vector<int> order(static_cast<std::size_t>(images));
  std::iota(order.begin(), order.end(), 0);
  Random random(mix(seed + static_cast<std::uint64_t>(epoch)), "shuffle");
  for (int left = images; left > 1; --left)
    std::swap(order[std::size_t(left - 1)], order[std::size_t(random.below(left))]);
  return order;
}

/// Augmented images in a new order every epoch; order and augmentation depend on the seed, the
/// epoch and the image alone. Making them takes about a hundredth of a step on one core
/// (benchmarks/step_parts), so they are made when they are needed.
template <class Augmentation>
class TrainingBatches {
 public:
  /// The images outlive it; `batch` images a step.
  TrainingBatches(const ImageSet& set, Augmentation augmentation, Normalizer normalizer, int batch,
                  std::uint64_t seed)
      : set_(set),
        augmentation_(augmentation),
        normalizer_(std::move(normalizer)),
        batch_(batch),
        seed_(seed) {}

  /// Steps of one epoch; the last may be smaller than the others.
  int steps() const { return (set_.size() + batch_ - 1) / batch_; }

  /// Shuffles for this epoch, counted from 0.
  void begin_epoch(int epoch) {
    epoch_ = epoch;
    order_ = epoch_order(set_.size(), seed_, epoch);
  }

  /// The images of a step, counted from 0, on `device`.
  ImageBatch at_step(int step, at::Device device) const {
    const Shape shape = augmentation_.output(set_.image);
    typename Augmentation::Workspace workspace;
    return detail::make_batch(
        set_, slice(step), shape, device, [&](int index, std::span<float> out) {
          Random random = augmentation_stream(seed_, epoch_, index);
          augmentation_({set_.image, set_[index]}, normalizer_, random, out, workspace);
        });
  }

 private:
  std::span<const int> slice(int step) const {
    const int begin = step * batch_, count = std::min(batch_, set_.size() - begin);
    return std::span(order_).subspan(std::size_t(begin), std::size_t(count));
  }

  const ImageSet& set_;
  Augmentation augmentation_;
  Normalizer normalizer_;
  int batch_;
  std::uint64_t seed_;
  std::vector<int> order_;
  int epoch_ = 0;
};

/// Images `begin` .. of an evaluation, at most `count` of them, normalised only, at their own size.
inline ImageBatch evaluation_batch(const ImageSet& set, const Normalizer& normalizer, int begin,
                                   int count, at::Device device) {
  std::vector<int> indices(static_cast<std::size_t>(std::min(count, set.size() - begin)));
  std::iota(indices.begin(), indices.end(), begin);
  return detail::make_batch(set, indices, set.image, device, [&](int index, std::span<float> out) {
    normalizer.apply(set[index], set.image, out);
  });
}

}  // namespace nascent
