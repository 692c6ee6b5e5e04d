// How the threads of a kernel share a map: neighbouring threads have neighbouring channels, each
// thread one channel and every so many pixels, so that sums over pixels stay in registers.
#pragma once

#include "nascent/cuda/maps.hpp"
#include "nascent/cuda/portable.cuh"

namespace nascent::cuda {

struct Lanes {
  int channel;      ///< -1: this thread has nothing to do
  int width;        ///< channels of the block
  int slot, slots;  ///< threads of the block that share the channel
  int group;        ///< blocks that share it
  int first, step;  ///< of the thread's strips of pixels

  NASCENT_HOST_DEVICE Lanes(Place place, int channels)
      : width(channels < kLaneThreads ? channels : kLaneThreads),
        slot(place.thread / width),
        slots(kLaneThreads / width) {
    const int chunks = (channels + width - 1) / width;
    group = place.block / chunks;
    channel = place.block % chunks * width + place.thread % width;
    if (slot >= slots || channel >= channels) channel = -1;
    first = group * slots + slot;
    step = place.blocks / chunks * slots;
  }
};

inline int blocks_of(int channels, int groups) {
  return (channels + kLaneThreads - 1) / kLaneThreads * groups;
}

/// Pixels that a thread takes at once, side by side.
inline constexpr int kStrip = 4;

NASCENT_HOST_DEVICE inline int strips_of_row(int width) { return (width + kStrip - 1) / kStrip; }
NASCENT_HOST_DEVICE inline int strips_of(const Map& map) {
  return map.images * map.height * strips_of_row(map.width);
}

/// Where a strip is.
struct Strip {
  int image, y, x;

  NASCENT_HOST_DEVICE Strip(const Map& map, int index) {
    const int strips = strips_of_row(map.width), row = index / strips;
    x = index % strips * kStrip;
    y = row % map.height;
    image = row / map.height;
  }
};

/// First number of a channel in a row of pixels.
NASCENT_HOST_DEVICE inline float* row_of(const Map& map, int image, int y, int channel) {
  return map.values + (image * map.height + y) * map.width * map.stride + channel;
}

/// One channel as its reader sees it.
struct Reading {
  float scale = 1, shift = 0;
  bool relu = false;

  NASCENT_HOST_DEVICE Reading(const Norm& norm, int channel) : relu(norm.relu) {
    if (norm.scale == nullptr) return;
    scale = norm.scale[channel];
    shift = norm.shift[channel];
  }

  NASCENT_HOST_DEVICE float before_relu(float value) const { return scale * value + shift; }
  NASCENT_HOST_DEVICE float operator()(float value) const {
    const float normalised = before_relu(value);
    return relu && !(normalised > 0) ? 0 : normalised;
  }
  /// What of a gradient of the value read comes through the rectifier.
  NASCENT_HOST_DEVICE float through(float value, float gradient) const {
    return relu && !(before_relu(value) > 0) ? 0 : gradient;
  }
};

/// Two sums of each channel over a block's threads: put in one phase, written in the next.
struct BlockPairSums {
  float first[kLaneThreads], second[kLaneThreads];

  NASCENT_HOST_DEVICE void put(int thread, float one, float other) {
    first[thread] = one;
    second[thread] = other;
  }

  NASCENT_HOST_DEVICE void write(Place place, int channels, const PairSums& to) const {
    const Lanes lanes(place, channels);
    if (lanes.channel < 0 || lanes.slot != 0) return;
    float one = 0, other = 0;
    for (int slot = 0; slot < lanes.slots; ++slot) {
      one += first[place.thread + slot * lanes.width];
      other += second[place.thread + slot * lanes.width];
    }
    float* sums = to.values + 2 * lanes.group * channels + lanes.channel;
    sums[0] = one;
    sums[channels] = other;
  }
};

}  // namespace nascent::cuda
