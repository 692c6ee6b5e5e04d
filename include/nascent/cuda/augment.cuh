#pragma once

#include <cstddef>

#include "nascent/cuda/portable.cuh"
#include "nascent/cuda/step.hpp"
#include "nascent/data/augment/augment.hpp"

namespace nascent::cuda {

/// A batch from images that lie on the device: crop, flip, normalise and cutout in one pass, bit
/// for bit what Augment<RandomCrop, HorizontalFlip, Cutout> gives on the CPU. One block an image.
struct MakeBatch {
  static constexpr int kThreads = 256, kPhases = 2;

  struct Shared {
    int image, top, left;  // of the cut, in the raw image
    int cut_top, cut_bottom, cut_left, cut_right;
    bool mirrored;
  };

  ResidentImages from;
  const int* order = nullptr;  // the epoch's images
  const StepState* at = nullptr;
  int first = -1;  // of the batch in `order`; -1: it follows from the step
  int batch = 0;   // images of a full step
  AugmentOptions options;
  BatchView to;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    if (place.thread != 0) return;
    const int begin = first >= 0 ? first : at->step * batch;
    shared.image = order != nullptr ? order[begin + place.block] : begin + place.block;
    to.labels[place.block] = from.labels[shared.image];
    shared.top = shared.left = 0;
    shared.cut_top = shared.cut_bottom = shared.cut_left = shared.cut_right = 0;
    shared.mirrored = false;
    if (options.enabled) draw(shared);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    const int map = to.height * to.width, size = from.channels * map;
    const std::uint8_t* image = from.pixels + std::size_t(shared.image) *
                                                  std::size_t(from.channels) *
                                                  std::size_t(from.height * from.width);
    float* out = to.images + std::size_t(place.block) * std::size_t(size);
    for (int i = place.thread; i < size; i += kThreads) {
      const int channel = to.channels_last ? i % from.channels : i / map;
      const int pixel = to.channels_last ? i / from.channels : i % map;
      out[i] = value(shared, image, channel, pixel / to.width, pixel % to.width);
    }
  }

 private:
  /// In the order of the steps, from one stream, as Augment does.
  NASCENT_HOST_DEVICE void draw(Shared& shared) const {
    const RandomCrop<> crop{options.pad, options.crop};
    const Shape raw{from.channels, from.height, from.width};
    Random random = augmentation_stream(at->seed, at->epoch, shared.image);
    const RandomCrop<>::Draw corner = crop.draw(raw, random);
    shared.mirrored = HorizontalFlip{options.flip}.draw(random);
    const Cutout<> cutout{options.cutout};
    const Cutout<>::Box box = cutout.box(crop.output(raw), cutout.draw(crop.output(raw), random));
    shared.top = corner.y - options.pad;
    shared.left = corner.x - options.pad;
    shared.cut_top = box.top;
    shared.cut_bottom = box.bottom;
    shared.cut_left = box.left;
    shared.cut_right = box.right;
  }

  NASCENT_HOST_DEVICE float value(const Shared& shared, const std::uint8_t* image, int channel,
                                  int y, int x) const {
    if (y >= shared.cut_top && y < shared.cut_bottom && x >= shared.cut_left &&
        x < shared.cut_right)
      return 0;
    const int row = shared.top + y;
    const int column = shared.left + (shared.mirrored ? to.width - 1 - x : x);
    const bool inside = row >= 0 && row < from.height && column >= 0 && column < from.width;
    const int byte = inside ? image[(channel * from.height + row) * from.width + column] : 0;
    return from.table[channel * 256 + byte];
  }
};

}  // namespace nascent::cuda
