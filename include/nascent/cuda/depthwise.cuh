// Depthwise convolutions that read through batch norm and rectifier, forwards and backwards.
#pragma once

#include "nascent/cuda/lanes.cuh"

namespace nascent::cuda {

/// Calls `use(tap, pixel, value)` for every value of `in` that a strip of outputs reads, with the
/// tap that meets it at each pixel of the strip; what lies outside is 0, or skipped by whole rows.
template <int K, int S, class Use>
NASCENT_HOST_DEVICE void read_window(const Map& in, const Reading& read, const Strip& at,
                                     int channel, const Use& use) {
  constexpr int kWindow = (kStrip - 1) * S + K;
  NASCENT_UNROLL
  for (int ky = 0; ky < K; ++ky) {
    const int y = at.y * S + ky - K / 2;
    if (y < 0 || y >= in.height) continue;
    const float* row = row_of(in, at.image, y, channel);
    NASCENT_UNROLL
    for (int j = 0; j < kWindow; ++j) {
      const int x = at.x * S + j - K / 2;
      const float value = x >= 0 && x < in.width ? read(row[x * in.stride]) : 0;
      NASCENT_UNROLL
      for (int pixel = 0; pixel < kStrip; ++pixel) {
        const int kx = j - pixel * S;
        if (kx >= 0 && kx < K) use(ky * K + kx, pixel, value);
      }
    }
  }
}

/// out = depthwise(relu(norm(in))); the rest of a longer row of `out` becomes 0.
template <int K, int S>
struct DepthwiseForward {
  static constexpr int kThreads = kLaneThreads, kPhases = 1;
  struct Shared {};

  Map in;
  Norm norm;
  const float* weight;
  Map out;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const Lanes lanes(place, out.stride);
    if (lanes.channel < 0) return;
    const bool real = lanes.channel < out.channels;
    const Reading read(norm, real ? lanes.channel : 0);
    float taps[K * K];
    for (int k = 0; k < K * K; ++k) taps[k] = real ? weight[lanes.channel * K * K + k] : 0;
    const int strips = strips_of(out);
    for (int i = lanes.first; i < strips; i += lanes.step) {
      const Strip at(out, i);
      float sums[kStrip] = {};
      if (real)
        read_window<K, S>(in, read, at, lanes.channel, [&](int tap, int pixel, float value) {
          sums[pixel] += taps[tap] * value;
        });
      float* to = row_of(out, at.image, at.y, lanes.channel) + at.x * out.stride;
      NASCENT_UNROLL
      for (int p = 0; p < kStrip; ++p)
        if (at.x + p < out.width) to[p * out.stride] = sums[p];
    }
  }
};

/// to = the gradient of what is read of `in` before its rectifier, given that of `out`; with its
/// sums, and those of its product with the normalised value, for the batch norm.
template <int K, int S>
struct DepthwiseInputGradient {
  static constexpr int kThreads = kLaneThreads, kPhases = 2;
  // Outputs that a strip of inputs has a share in, in a row.
  static constexpr int kFirst = (K / 2) / S, kWindow = (kStrip - 1 + 2 * (K / 2)) / S + 1;
  using Shared = BlockPairSums;

  Map gradient;  // of `out`
  const float* weight;
  Map in;
  Norm norm;
  Map to;
  PairSums sums;  // values null: none

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    const Lanes lanes(place, in.channels);
    float sum = 0, projection = 0;
    if (lanes.channel >= 0) {
      const Reading read(norm, lanes.channel);
      const float mean = norm.scale != nullptr ? norm.mean[lanes.channel] : 0;
      const float inverse = norm.scale != nullptr ? norm.inverse_deviation[lanes.channel] : 1;
      float taps[K * K];
      for (int k = 0; k < K * K; ++k) taps[k] = weight[lanes.channel * K * K + k];
      const int strips = strips_of(in);
      for (int i = lanes.first; i < strips; i += lanes.step) {
        const Strip at(in, i);
        float spread[kStrip] = {};
        add(at, taps, lanes.channel, spread);
        const float* values = row_of(in, at.image, at.y, lanes.channel) + at.x * in.stride;
        float* out = row_of(to, at.image, at.y, lanes.channel) + at.x * to.stride;
        NASCENT_UNROLL
        for (int p = 0; p < kStrip; ++p)
          if (at.x + p < in.width) {
            const float value = values[p * in.stride], through = read.through(value, spread[p]);
            out[p * to.stride] = through;
            sum += through;
            projection += through * ((value - mean) * inverse);
          }
      }
    }
    shared.put(place.thread, sum, projection);
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    if (sums.values != nullptr) shared.write(place, in.channels, sums);
  }

 private:
  NASCENT_HOST_DEVICE void add(const Strip& at, const float* taps, int channel,
                               float* spread) const {
    NASCENT_UNROLL
    for (int ky = 0; ky < K; ++ky) {
      const int scaled = at.y + K / 2 - ky, y = scaled / S;
      if (scaled < 0 || scaled % S != 0 || y >= gradient.height) continue;
      const float* row = row_of(gradient, at.image, y, channel);
      NASCENT_UNROLL
      for (int j = 0; j < kWindow; ++j) {
        const int x = at.x / S + j - kFirst;
        const float value = x >= 0 && x < gradient.width ? row[x * gradient.stride] : 0;
        NASCENT_UNROLL
        for (int p = 0; p < kStrip; ++p) {
          const int kx = p + K / 2 + S * kFirst - S * j;
          if (kx >= 0 && kx < K) spread[p] += taps[ky * K + kx] * value;
        }
      }
    }
  }
};

/// Partial sums of the gradient of the weight: [rows][kernel kernel][channels], a row for each
/// thread of a channel.
template <int K, int S>
struct DepthwiseWeightGradient {
  static constexpr int kThreads = kLaneThreads, kPhases = 1;
  struct Shared {};

  Map gradient;  // of `out`
  Map in;
  Norm norm;
  float* partial;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const Lanes lanes(place, in.channels);
    if (lanes.channel < 0) return;
    const Reading read(norm, lanes.channel);
    float sums[K * K] = {};
    const int strips = strips_of(gradient);
    for (int i = lanes.first; i < strips; i += lanes.step) {
      const Strip at(gradient, i);
      const float* from = row_of(gradient, at.image, at.y, lanes.channel) + at.x * gradient.stride;
      float flow[kStrip];
      NASCENT_UNROLL
      for (int p = 0; p < kStrip; ++p)
        flow[p] = at.x + p < gradient.width ? from[p * gradient.stride] : 0;
      read_window<K, S>(in, read, at, lanes.channel,
                        [&](int tap, int pixel, float value) { sums[tap] += value * flow[pixel]; });
    }
    float* to = partial + lanes.first * K * K * in.channels + lanes.channel;
    for (int k = 0; k < K * K; ++k) to[k * in.channels] = sums[k];
  }
};

}  // namespace nascent::cuda
