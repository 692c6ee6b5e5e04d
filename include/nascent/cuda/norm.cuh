// Batch norm around the convolutions of a chain: its sums, its numbers, its way back.
#pragma once

#include "nascent/cuda/lanes.cuh"

namespace nascent::cuda {

/// Sums of a map's numbers and of their squares.
struct Moments {
  static constexpr int kThreads = kLaneThreads, kPhases = 2;
  using Shared = BlockPairSums;

  Map map;
  PairSums sums;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    const Lanes lanes(place, map.channels);
    float sum = 0, squares = 0;
    if (lanes.channel >= 0) {
      const int pixels = map.images * map.height * map.width;
      for (int i = lanes.first; i < pixels; i += lanes.step) {
        const float value = map.values[i * map.stride + lanes.channel];
        sum += value;
        squares += value * value;
      }
    }
    shared.put(place.thread, sum, squares);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    shared.write(place, map.channels, sums);
  }
};

/// Adds up what the blocks wrote, in double precision and in a fixed order: eight threads a
/// channel.
struct ChannelSums {
  static constexpr int kChannels = 32, kRows = 32;
  double first[kRows * kChannels], second[kRows * kChannels];

  NASCENT_HOST_DEVICE static int channel(Place place) {
    return place.block * kChannels + place.thread % kChannels;
  }

  NASCENT_HOST_DEVICE void add(Place place, const PairSums& sums) {
    double one = 0, other = 0;
    const int c = channel(place);
    if (c < sums.channels)
      for (int group = place.thread / kChannels; group < sums.groups; group += kRows) {
        const float* pair = sums.values + 2 * group * sums.channels + c;
        one += double(pair[0]);
        other += double(pair[sums.channels]);
      }
    first[place.thread] = one;
    second[place.thread] = other;
  }

  NASCENT_HOST_DEVICE double total(const double* parts, Place place) const {
    double sum = 0;
    for (int row = 0; row < kRows; ++row) sum += parts[row * kChannels + place.thread];
    return sum;
  }
};

/// Turns sums into the numbers of a batch norm, and moves its running statistics: momentum 0.1,
/// epsilon 1e-5, unbiased running variance. Without sums the running statistics are used.
struct FinishMoments {
  static constexpr int kThreads = ChannelSums::kRows * ChannelSums::kChannels, kPhases = 2;
  using Shared = ChannelSums;

  PairSums sums;  // values null: evaluation; may have more channels than the batch norm
  std::int64_t count = 0;
  int channels = 0;  // of the batch norm
  NormNumbers numbers;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    if (sums.values != nullptr) shared.add(place, sums);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    const int c = ChannelSums::channel(place);
    if (place.thread >= ChannelSums::kChannels || c >= channels) return;
    double mean = double(numbers.running_mean[c]), variance = double(numbers.running_variance[c]);
    if (sums.values != nullptr) {
      mean = shared.total(shared.first, place) / double(count);
      variance = shared.total(shared.second, place) / double(count) - mean * mean;
      if (variance < 0) variance = 0;
      const double unbiased = count > 1 ? variance * double(count) / double(count - 1) : variance;
      numbers.running_mean[c] = float(.9 * double(numbers.running_mean[c]) + .1 * mean);
      numbers.running_variance[c] = float(.9 * double(numbers.running_variance[c]) + .1 * unbiased);
    }
    const double inverse = 1 / square_root(variance + 1e-5);
    const double scale = double(numbers.weight[c]) * inverse;
    numbers.scale[c] = float(scale);
    numbers.shift[c] = float(double(numbers.bias[c]) - mean * scale);
    numbers.mean[c] = float(mean);
    numbers.inverse_deviation[c] = float(inverse);
  }
};

/// Turns the sums of a gradient into the gradients of a batch norm's weight and bias, and the means
/// that its way back needs.
struct FinishNormGradient {
  static constexpr int kThreads = ChannelSums::kRows * ChannelSums::kChannels, kPhases = 2;
  using Shared = ChannelSums;

  PairSums sums;
  std::int64_t count = 0;
  NormGradients to;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    shared.add(place, sums);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    const int c = ChannelSums::channel(place);
    if (place.thread >= ChannelSums::kChannels || c >= sums.channels) return;
    const double sum = shared.total(shared.first, place),
                 projection = shared.total(shared.second, place);
    to.bias[c] = float(sum);
    to.weight[c] = float(projection);
    to.mean_gradient[c] = float(sum / double(count));
    to.mean_projection[c] = float(projection / double(count));
  }
};

/// to = the gradient of what a batch norm read, given that of what it gave; the rest of a longer
/// row becomes 0. Without a batch norm it is the same gradient.
struct ThroughNorm {
  static constexpr int kThreads = kLaneThreads, kPhases = 1;
  struct Shared {};

  Map gradient, in;
  Norm norm;
  const float *mean_gradient, *mean_projection;
  Map to;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const Lanes lanes(place, to.stride);
    const int c = lanes.channel;
    if (c < 0) return;
    const bool real = c < to.channels, normed = real && norm.scale != nullptr;
    const float scale = normed ? norm.scale[c] : 1, mean = normed ? norm.mean[c] : 0;
    const float inverse = normed ? norm.inverse_deviation[c] : 0;
    const float constant = normed ? mean_gradient[c] : 0, slope = normed ? mean_projection[c] : 0;
    const int pixels = to.images * to.height * to.width;
    for (int i = lanes.first; i < pixels; i += lanes.step) {
      float value = 0;
      if (real) {
        const float normalised = (in.values[i * in.stride + c] - mean) * inverse;
        value = scale * (gradient.values[i * gradient.stride + c] - constant - normalised * slope);
      }
      to.values[i * to.stride + c] = value;
    }
  }
};

/// to = relu(norm(in)), for what reads it without doing so itself.
struct Activate {
  static constexpr int kThreads = kLaneThreads, kPhases = 1;
  struct Shared {};

  Map in;
  Norm norm;
  Map to;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const Lanes lanes(place, in.channels);
    if (lanes.channel < 0) return;
    const Reading read(norm, lanes.channel);
    const int pixels = in.images * in.height * in.width;
    for (int i = lanes.first; i < pixels; i += lanes.step)
      to.values[i * to.stride + lanes.channel] = read(in.values[i * in.stride + lanes.channel]);
  }
};

/// to = what of the gradient of relu(norm(in)) comes through the rectifier, with its sums, as
/// DepthwiseInputGradient. A gradient of 1x1 pixels is that of the mean over all.
struct ThroughRelu {
  static constexpr int kThreads = kLaneThreads, kPhases = 2;
  using Shared = BlockPairSums;

  Map gradient, in;
  Norm norm;
  Map to;
  PairSums sums;  // values null: none

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    const Lanes lanes(place, in.channels);
    const int c = lanes.channel;
    float sum = 0, projection = 0;
    if (c >= 0) {
      const Reading read(norm, c);
      const float mean = norm.scale != nullptr ? norm.mean[c] : 0;
      const float inverse = norm.scale != nullptr ? norm.inverse_deviation[c] : 1;
      const int map = in.height * in.width, pixels = in.images * map;
      const bool pooled = gradient.height * gradient.width != map;
      const float share = pooled ? 1 / float(map) : 1;
      for (int i = lanes.first; i < pixels; i += lanes.step) {
        const int from = pooled ? i / map : i;
        const float value = in.values[i * in.stride + c];
        const float through =
            read.through(value, gradient.values[from * gradient.stride + c] * share);
        to.values[i * to.stride + c] = through;
        sum += through;
        projection += through * ((value - mean) * inverse);
      }
    }
    shared.put(place.thread, sum, projection);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    if (sums.values != nullptr) shared.write(place, in.channels, sums);
  }
};

/// to[image, channel] = the mean of relu(norm(in)) over the pixels.
struct Pool {
  static constexpr int kThreads = kLaneThreads, kPhases = 1;
  struct Shared {};

  Map in;
  Norm norm;
  float* to = nullptr;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const int i = place.block * kThreads + place.thread, c = i % in.channels;
    if (i >= in.images * in.channels) return;
    const Reading read(norm, c);
    const int map = in.height * in.width;
    const float* from = in.values + i / in.channels * map * in.stride + c;
    float sum = 0;
    for (int p = 0; p < map; ++p) sum += read(from[p * in.stride]);
    to[i] = sum / float(map);
  }
};

/// to[c][k] = sums over the rows of [rows][taps][channels].
struct SumRows {
  static constexpr int kColumns = 32, kThreads = 1024, kPhases = 2, kParts = kThreads / kColumns;
  struct Shared {
    float parts[kThreads];
  };

  const float* from = nullptr;
  int rows = 0, taps = 0, channels = 0;
  float* to = nullptr;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    const int width = taps * channels, column = place.block * kColumns + place.thread % kColumns;
    float sum = 0;
    if (column < width)
      for (int row = place.thread / kColumns; row < rows; row += kParts)
        sum += from[row * width + column];
    shared.parts[place.thread] = sum;
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    const int column = place.block * kColumns + place.thread;
    if (place.thread >= kColumns || column >= taps * channels) return;
    float sum = 0;
    for (int part = 0; part < kParts; ++part) sum += shared.parts[part * kColumns + place.thread];
    to[column % channels * taps + column / channels] = sum;
  }
};

}  // namespace nascent::cuda
