// A training step whose parts are timed where they run, image after image between their neighbours:
// the work of ChainNetwork once more, with a clock between the parts.
#pragma once

#include <ATen/ops/randn.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <nascent/train/cpu/chain.hpp>
#include <nascent/train/cpu/chain_weights.hpp>
#include <nascent/train/cpu/kernels.hpp>
#include <numeric>
#include <vector>

// The copy is compiled for the instruction set whose kernels it calls.
#ifdef __x86_64__
#define NASCENT_BENCHMARK_TARGET __attribute__((target("avx2,fma")))
namespace kernels = nascent::cpu::avx2;
inline constexpr const nascent::cpu::Kernels& kKernels = nascent::cpu::kAvx2;
#else
#define NASCENT_BENCHMARK_TARGET
namespace kernels = nascent::cpu::baseline;
inline constexpr const nascent::cpu::Kernels& kKernels = nascent::cpu::kBaseline;
#endif

namespace nascent {

using cpu::ConvolutionShape;

constexpr int kBatch = 64;

enum Part { kPointwise, kDepthwise, kNorm, kStem, kPool, kParts };
constexpr const char* kPartNames[] = {"pointwise", "depthwise", "norm, ReLU", "stem", "pooling"};

/// Seconds of each part, by the clock on the wall: reading another one takes too long.
class Laps {
  using Clock = std::chrono::steady_clock;

 public:
  void start() { last_ = Clock::now(); }
  void lap(Part part) {
    const auto now = Clock::now();
    seconds[part] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }
  double total() const { return std::accumulate(seconds.begin(), seconds.end(), 0.0); }

  std::array<double, kParts> seconds{};

 private:
  Clock::time_point last_;
};

/// As cpu::convolve_image, with a clock.
NASCENT_BENCHMARK_TARGET inline void convolve(const ConvolutionShape& shape, const cpu::Reading& in,
                                              const cpu::Weights& weights,
                                              const cpu::Scratch& scratch, const float* image,
                                              float* out, double* moments, Laps& laps) {
  const int padded_width = shape.width + shape.kernel / 2 * 2;
  const long padded_row = 1L * padded_width * shape.in, out_row = 1L * shape.out_width * shape.out;
  laps.start();
  kernels::read_image(in, image, shape.height, shape.width, shape.in, shape.kernel / 2,
                      scratch.padded);
  laps.lap(kNorm);
  if (shape.separable) {
    kernels::depthwise(scratch.padded, padded_width, shape.in, shape.kernel, shape.stride,
                       weights.depthwise, scratch.tile, shape.out_height, shape.out_width);
    laps.lap(kDepthwise);
    kernels::product({1, 0, shape.in, shape.in, 1L * shape.out_width * shape.in}, scratch.tile,
                     shape.out_height, shape.out_width, weights.forward, out, out_row, shape.out,
                     shape.out);
    laps.lap(kPointwise);
  } else {
    kernels::product({shape.kernel, padded_row, shape.kernel * shape.in,
                      1L * shape.stride * shape.in, shape.stride * padded_row},
                     scratch.padded, shape.out_height, shape.out_width, weights.forward, out,
                     out_row, shape.out, shape.out);
    laps.lap(kStem);
  }
  kernels::add_moments(out, shape.out_height, shape.out_width, shape.out, moments);
  laps.lap(kNorm);
}

/// As cpu::convolve_image_backward of a separable convolution, with a clock.
NASCENT_BENCHMARK_TARGET inline void convolve_backward(
    const ConvolutionShape& shape, const cpu::Reading& in, const cpu::Weights& weights,
    const cpu::Scratch& scratch, const float* image, const cpu::Backward& b, Laps& laps) {
  const int border = shape.kernel / 2, padded_width = shape.width + 2 * border;
  const int height = shape.out_height, width = shape.out_width;
  const long row = 1L * padded_width * shape.in, out_row = 1L * width * shape.out;
  laps.start();
  kernels::read_image(in, image, shape.height, shape.width, shape.in, border, scratch.padded);
  laps.lap(kNorm);
  kernels::depthwise(scratch.padded, padded_width, shape.in, shape.kernel, shape.stride,
                     weights.depthwise, scratch.tile, height, width);
  laps.lap(kDepthwise);
  kernels::through_batch_norm(b.coefficient, b.g, b.z, height, width, shape.out, scratch.gradient,
                              out_row, shape.out);
  laps.lap(kNorm);
  kernels::add_image_products(scratch.gradient, out_row, shape.out, shape.out,
                              {1, 0, shape.in, shape.in, 1L * width * shape.in}, scratch.tile,
                              height, width, b.gradients);
  kernels::product({1, 0, shape.out, shape.out, out_row}, scratch.gradient, height, width,
                   weights.backward, scratch.spread + border * (row + shape.in), shape.stride * row,
                   1L * shape.stride * shape.in, shape.in);
  laps.lap(kPointwise);
  kernels::add_depthwise_products(scratch.padded, scratch.spread, padded_width, shape.in,
                                  shape.kernel, shape.stride, height, width, scratch.taps,
                                  b.depthwise_gradients);
  kernels::depthwise(scratch.spread, padded_width, shape.in, shape.kernel, 1,
                     weights.depthwise_flipped, scratch.tile, shape.height, shape.width);
  laps.lap(kDepthwise);
  kernels::through_reading(in, scratch.tile, scratch.padded, image, shape.height, shape.width,
                           shape.in, border, b.to, b.sums);
  laps.lap(kNorm);
}

inline std::vector<ConvolutionShape> shapes_of(const Chain& chain, int height, int width) {
  std::vector<ConvolutionShape> shapes;
  for (const ChainConvolution& c : chain.convolutions) {
    const int out_height = (height - 1) / c.stride + 1, out_width = (width - 1) / c.stride + 1;
    shapes.push_back({c.in_channels, c.out_channels, height, width, out_height, out_width, c.kernel,
                      c.stride, c.separable});
    height = out_height;
    width = out_width;
  }
  return shapes;
}

inline std::int64_t in_size(const ConvolutionShape& s) {
  return std::int64_t{s.in} * s.height * s.width;
}
inline std::int64_t out_size(const ConvolutionShape& s) {
  return std::int64_t{s.out} * s.out_height * s.out_width;
}

/// The same work as ChainNetwork's, on numbers of no meaning.
class TimedStep {
 public:
  TimedStep(const Chain& chain, const std::vector<ConvolutionShape>& shapes,
            const at::Tensor& parameters)
      : chain_(chain), shapes_(shapes) {
    std::int64_t most = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      most = std::max({most, in_size(shapes[i]), out_size(shapes[i])});
      images_.push_back(buffer(in_size(shapes[i])));
      weights_.emplace_back(chain.convolutions[i]);
      weights_.back().pack(kKernels, parameters.const_data_ptr<float>());
      weights_.back().clear_gradients(1);
    }
    images_.push_back(buffer(out_size(shapes.back())));
    for (at::Tensor& flow : flow_) flow = buffer(most);
    const auto channels = static_cast<std::size_t>(cpu::padded_channels(chain.pooled.channels));
    ones_.assign(channels, 1);
    zeros_.assign(channels, 0);
    means_.resize(channels);
    sums_.resize(2 * channels);
  }

  void forward(Laps& laps) {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      const cpu::Scratch scratch = scratch_.prepare(shapes_[i], false);
      for (std::int64_t image = 0; image < kBatch; ++image)
        convolve(shapes_[i], reading(chain_.convolutions[i].in), weights_[i].view(), scratch,
                 at(images_[i], image, in_size(shapes_[i])),
                 at(images_[i + 1], image, out_size(shapes_[i])), sums_.data(), laps);
    }
    const ConvolutionShape& last = shapes_.back();
    laps.start();
    for (std::int64_t image = 0; image < kBatch; ++image)
      kKernels.pool_image(reading(chain_.pooled), at(images_.back(), image, out_size(last)),
                          last.out_height * last.out_width, last.out, means_.data());
    laps.lap(kPool);
  }

  void backward(Laps& laps) {
    const ConvolutionShape& last = shapes_.back();
    laps.start();
    for (std::int64_t image = 0; image < kBatch; ++image)
      kKernels.pool_image_backward(reading(chain_.pooled),
                                   at(images_.back(), image, out_size(last)),
                                   last.out_height * last.out_width, last.out, ones_.data(),
                                   at(flow_[0], image, out_size(last)), sums_.data());
    laps.lap(kPool);
    for (std::size_t i = shapes_.size(), turn = 0; i-- > 0; turn = 1 - turn) {
      const ConvolutionShape& shape = shapes_[i];
      const cpu::Scratch scratch = scratch_.prepare(shape, true);
      laps.start();
      for (std::int64_t image = 0; image < kBatch; ++image) {
        cpu::Backward b;
        for (const float*& coefficient : b.coefficient) coefficient = ones_.data();
        b.g = at(flow_[turn], image, out_size(shape));
        b.z = at(images_[i + 1], image, out_size(shape));
        b.gradients = weights_[i].gradients(0);
        b.depthwise_gradients = weights_[i].depthwise_gradients(0);
        b.to = i > 0 ? at(flow_[1 - turn], image, in_size(shape)) : nullptr;
        b.sums = sums_.data();
        const float* in = at(images_[i], image, in_size(shape));
        const cpu::Reading front = reading(chain_.convolutions[i].in);
        if (shape.separable) {
          convolve_backward(shape, front, weights_[i].view(), scratch, in, b, laps);
        } else {
          laps.start();
          kKernels.convolve_image_backward(shape, front, weights_[i].view(), scratch, in, b);
          laps.lap(kStem);
        }
      }
    }
  }

 private:
  static at::Tensor buffer(std::int64_t numbers) {
    return at::randn({kBatch * numbers + cpu::kSlack});
  }

  static float* at(at::Tensor& tensor, std::int64_t image, std::int64_t numbers) {
    return tensor.mutable_data_ptr<float>() + image * numbers;
  }

  cpu::Reading reading(const ChainReading& given) const {
    if (!given.batch_norm) return {nullptr, nullptr, nullptr, given.relu};
    return {ones_.data(), zeros_.data(), zeros_.data(), given.relu};
  }

  const Chain& chain_;
  const std::vector<ConvolutionShape>& shapes_;
  std::vector<at::Tensor> images_;  // in front of each convolution, and behind the last
  std::vector<ChainWeights> weights_;
  at::Tensor flow_[2];
  std::vector<float> ones_, zeros_, means_;
  std::vector<double> sums_;
  ChainScratch scratch_;
};

}  // namespace nascent
