// The fast CPU path: a chain of convolutions forwards and backwards, channels-last, with batch norm
// and rectifier computed where they are read and nothing stored but each convolution's output.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "nascent/train/cpu/chain.hpp"
#include "nascent/train/cpu/chain_weights.hpp"
#include "nascent/train/cpu/kernels.hpp"
#include "nascent/train/intra_op_threads.hpp"

namespace nascent {

/// Batch norm: momentum 0.1, epsilon 1e-5, unbiased running variance; sums in double precision.
///
/// A batch is cut into at most eight groups of images; sums are taken within each and then over the
/// groups in their order, so results do not depend on the number of threads. All memory is kept
/// from step to step.
class ChainNetwork {
 public:
  /// The tensors are the network's flat ones, on the CPU; this writes gradients and statistics.
  ChainNetwork(Chain chain, at::Tensor parameters, at::Tensor gradients, at::Tensor statistics,
               const cpu::Kernels& kernels = cpu::kernels())
      : chain_(std::move(chain)),
        parameters_(std::move(parameters)),
        gradients_(std::move(gradients)),
        statistics_(std::move(statistics)),
        kernels_(&kernels) {
    for (const ChainConvolution& c : chain_.convolutions) {
      readings_.emplace_back(c.in);
      weights_.emplace_back(c);
    }
    readings_.emplace_back(chain_.pooled);
    outputs_.resize(chain_.convolutions.size());
  }

  /// Logits [images, classes]. Training keeps what `backward` needs.
  at::Tensor forward(const at::Tensor& images, bool training) {
    const at::NoGradGuard guard;
    input_ = channels_last(images);
    set_shapes(static_cast<int>(images.size(2)), static_cast<int>(images.size(3)));
    for (std::size_t i = 0; i < weights_.size(); ++i)
      weights_[i].pack(*kernels_, parameters_.const_data_ptr<float>());
    pooled_ = at::empty({images.size(0), chain_.pooled.channels}, at::kFloat);
    if (training)
      train_forward();
    else
      evaluate_forward();
    const IntraOpThreads one(1);  // too small to share, and the same bits on any number of threads
    return at::addmm(bias(parameters_), pooled_, weight(parameters_).t());
  }

  /// Sets the gradients, given those of the logits of the last `forward` in training.
  void backward(const at::Tensor& logits_gradient) {
    const at::NoGradGuard guard;
    const at::Tensor means_gradient = linear_backward(logits_gradient);
    std::int64_t most = 0;
    for (const auto& shape : shapes_) most = std::max({most, in_size(shape), out_size(shape)});
    for (at::Tensor& buffer : flow_) reserve(buffer, images() * most);
    unpool(means_gradient);
    for (std::size_t i = shapes_.size(); i-- > 0;) convolution_backward(i);
  }

 private:
  using Shape = cpu::ConvolutionShape;

  /// A batch norm's numbers of the current step, padded; and the sums on its way back.
  struct Reading {
    explicit Reading(const ChainReading& given)
        : chain(given),
          numbers(6 * std::size_t(pitch())),
          sums(kGroups * 2 * std::size_t(size())) {}

    int size() const { return chain.channels; }
    long pitch() const { return cpu::padded_channels(chain.channels); }
    float* row(int index) { return numbers.data() + index * pitch(); }

    cpu::Reading view() {
      if (!chain.batch_norm) return {nullptr, nullptr, nullptr, chain.relu};
      return {row(0), row(1), row(2), chain.relu};
    }

    double sum(int which, int channel, int groups) const {
      double total = 0;
      for (int g = 0; g < groups; ++g)
        total += sums[std::size_t((2 * g + which) * size() + channel)];
      return total;
    }

    ChainReading chain;
    std::vector<float> numbers;  // scale, shift, mean; coefficients of the way back
    std::vector<double> sums;    // [group][2][channels]
  };

  static constexpr int kGroups = 8;

  static std::int64_t in_size(const Shape& s) { return std::int64_t{s.in} * s.height * s.width; }
  static std::int64_t out_size(const Shape& s) {
    return std::int64_t{s.out} * s.out_height * s.out_width;
  }

  static at::Tensor channels_last(const at::Tensor& images) {
    if (images.size(1) == 1) return images.contiguous();
    return images.contiguous(at::MemoryFormat::ChannelsLast);
  }

  static void reserve(at::Tensor& buffer, std::int64_t numbers) {
    if (!buffer.defined() || buffer.numel() < numbers + cpu::kSlack)
      buffer = at::empty({numbers + cpu::kSlack}, at::kFloat);
  }

  std::int64_t images() const { return input_.size(0); }

  at::Tensor weight(const at::Tensor& flat) const {
    const int channels = chain_.pooled.channels;
    return flat.narrow(0, chain_.weight, std::int64_t{chain_.classes} * channels)
        .view({chain_.classes, channels});
  }
  at::Tensor bias(const at::Tensor& flat) const {
    return flat.narrow(0, chain_.bias, chain_.classes);
  }

  void set_shapes(int height, int width) {
    shapes_.clear();
    for (const ChainConvolution& c : chain_.convolutions) {
      const int out_height = (height - 1) / c.stride + 1, out_width = (width - 1) / c.stride + 1;
      shapes_.push_back({c.in_channels, c.out_channels, height, width, out_height, out_width,
                         c.kernel, c.stride, c.separable});
      height = out_height;
      width = out_width;
    }
  }

  /// Calls `work(group, begin, end)` for each group of images.
  template <class Work>
  void for_groups(Work work) {
    const std::int64_t count = groups();
    scratch_.resize(static_cast<std::size_t>(std::max(1, at::get_num_threads())));
    at::parallel_for(0, count, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t g = first; g < last; ++g)
        work(static_cast<int>(g), g * images() / count, (g + 1) * images() / count);
    });
  }

  ChainScratch& scratch_of_thread() {
    return scratch_[static_cast<std::size_t>(at::get_thread_num())];
  }

  int groups() const { return static_cast<int>(std::min<std::int64_t>(kGroups, images())); }

  const float* input_of(std::size_t i) const {
    return (i == 0 ? input_ : outputs_[i - 1]).const_data_ptr<float>();
  }

  void train_forward() {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      const Shape& shape = shapes_[i];
      reserve(outputs_[i], images() * out_size(shape));
      const float* in = input_of(i);
      float* out = outputs_[i].mutable_data_ptr<float>();
      Reading& next = readings_[i + 1];
      const cpu::Reading reading = readings_[i].view();
      std::ranges::fill(next.sums, 0.0);
      for_groups([&](int g, std::int64_t begin, std::int64_t end) {
        const cpu::Scratch scratch = scratch_of_thread().prepare(shape, false);
        double* sums =
            next.chain.batch_norm ? &next.sums[std::size_t(2 * g * next.size())] : nullptr;
        for (std::int64_t image = begin; image < end; ++image)
          kernels_->convolve_image(shape, reading, weights_[i].view(), scratch,
                                   in + image * in_size(shape), out + image * out_size(shape),
                                   sums);
      });
      if (next.chain.batch_norm)
        normalise_by_batch(next, images() * shape.out_height * shape.out_width);
    }
    pool();
  }

  void pool() {
    const Shape& last = shapes_.back();
    const cpu::Reading reading = readings_.back().view();
    const float* in = outputs_.back().const_data_ptr<float>();
    float* means = pooled_.mutable_data_ptr<float>();
    for_groups([&](int, std::int64_t begin, std::int64_t end) {
      for (std::int64_t image = begin; image < end; ++image)
        kernels_->pool_image(reading, in + image * out_size(last), last.out_height * last.out_width,
                             last.out, means + image * last.out);
    });
  }

  /// Each image alone through the whole network: everything stays in the cache.
  void evaluate_forward() {
    for (Reading& reading : readings_)
      if (reading.chain.batch_norm) normalise_by_statistics(reading);
    const float* in = input_.const_data_ptr<float>();
    float* means = pooled_.mutable_data_ptr<float>();
    std::int64_t most = 0;
    for (const Shape& shape : shapes_) most = std::max(most, out_size(shape));
    for_groups([&](int, std::int64_t begin, std::int64_t end) {
      ChainScratch& scratch = scratch_of_thread();
      for (std::int64_t image = begin; image < end; ++image) {
        const float* from = in + image * in_size(shapes_.front());
        for (std::size_t i = 0; i < shapes_.size(); ++i) {
          float* to = scratch.image(i % 2, most);
          kernels_->convolve_image(shapes_[i], readings_[i].view(), weights_[i].view(),
                                   scratch.prepare(shapes_[i], false), from, to, nullptr);
          from = to;
        }
        const Shape& last = shapes_.back();
        kernels_->pool_image(readings_.back().view(), from, last.out_height * last.out_width,
                             last.out, means + image * last.out);
      }
    });
  }

  /// scale and shift of a batch norm with the given mean and variance of one channel.
  void set_normalisation(Reading& reading, int c, double mean, double variance) {
    const auto* values = parameters_.const_data_ptr<float>();
    const double rate = values[reading.chain.scale + c] / std::sqrt(variance + kEpsilon);
    reading.row(0)[c] = static_cast<float>(rate);
    reading.row(1)[c] = static_cast<float>(values[reading.chain.shift + c] - mean * rate);
    reading.row(2)[c] = static_cast<float>(mean);
    reading.row(3)[c] = static_cast<float>(1 / std::sqrt(variance + kEpsilon));
  }

  void normalise_by_statistics(Reading& reading) {
    const auto* running = statistics_.const_data_ptr<float>();
    for (int c = 0; c < reading.size(); ++c)
      set_normalisation(reading, c, running[reading.chain.mean + c],
                        running[reading.chain.variance + c]);
  }

  void normalise_by_batch(Reading& reading, std::int64_t count) {
    constexpr double kMomentum = 0.1;
    auto* running = statistics_.mutable_data_ptr<float>();
    const auto n = static_cast<double>(count);
    const auto blend = [&](float& value, double seen) {
      value = static_cast<float>((1 - kMomentum) * value + kMomentum * seen);
    };
    for (int c = 0; c < reading.size(); ++c) {
      const double mean = reading.sum(0, c, groups()) / n;
      double variance = reading.sum(1, c, groups()) / n - mean * mean;
      if (variance < 0) variance = 0;  // but for what is not a number, which stays
      set_normalisation(reading, c, mean, variance);
      blend(running[reading.chain.mean + c], mean);
      blend(running[reading.chain.variance + c], n > 1 ? variance * n / (n - 1) : variance);
    }
  }

  at::Tensor linear_backward(const at::Tensor& logits_gradient) {
    const IntraOpThreads one(1);
    at::Tensor weight_gradient = weight(gradients_), bias_gradient = bias(gradients_);
    at::mm_out(weight_gradient, logits_gradient.t(), pooled_);
    at::sum_out(bias_gradient, logits_gradient, {0});
    return at::mm(logits_gradient, weight(parameters_)).contiguous();
  }

  void unpool(const at::Tensor& means_gradient) {
    const Shape& last = shapes_.back();
    Reading& reading = readings_.back();
    const float* g = means_gradient.const_data_ptr<float>();
    const float* z = outputs_.back().const_data_ptr<float>();
    float* to = flow_[0].mutable_data_ptr<float>();
    std::ranges::fill(reading.sums, 0.0);
    for_groups([&](int group, std::int64_t begin, std::int64_t end) {
      std::vector<float> row(std::size_t(cpu::padded_channels(last.out)));
      for (std::int64_t image = begin; image < end; ++image) {
        std::copy_n(g + image * last.out, last.out, row.begin());
        kernels_->pool_image_backward(reading.view(), z + image * out_size(last),
                                      last.out_height * last.out_width, last.out, row.data(),
                                      to + image * out_size(last),
                                      &reading.sums[std::size_t(2 * group * reading.size())]);
      }
    });
  }

  /// Gradients of a batch norm from the sums over its output's; and the coefficients with which
  /// that gradient goes on to its input.
  void batch_norm_backward(Reading& reading, std::int64_t count) {
    const auto* values = parameters_.const_data_ptr<float>();
    auto* gradients = gradients_.mutable_data_ptr<float>();
    const auto n = static_cast<double>(count);
    for (int c = 0; c < reading.size(); ++c) {
      const double sum = reading.sum(0, c, groups()), products = reading.sum(1, c, groups());
      const double inverse = reading.row(3)[c], gamma = values[reading.chain.scale + c];
      gradients[reading.chain.scale + c] = static_cast<float>(products * inverse);
      gradients[reading.chain.shift + c] = static_cast<float>(sum);
      const double b = -gamma * inverse * inverse * inverse * products / n;
      const double mean = reading.row(2)[c];
      reading.row(3)[c] = static_cast<float>(gamma * inverse);
      reading.row(4)[c] = static_cast<float>(b);
      reading.row(5)[c] = static_cast<float>(-gamma * inverse * sum / n - b * mean);
    }
  }

  void convolution_backward(std::size_t i) {
    const Shape& shape = shapes_[i];
    Reading &front = readings_[i], &behind = readings_[i + 1];
    const bool norm = behind.chain.batch_norm;
    if (norm) batch_norm_backward(behind, images() * shape.out_height * shape.out_width);
    const float* g = flow_[(shapes_.size() - 1 - i) % 2].const_data_ptr<float>();
    float* to = i == 0 ? nullptr : flow_[(shapes_.size() - i) % 2].mutable_data_ptr<float>();
    const float *in = input_of(i), *z = outputs_[i].const_data_ptr<float>();
    weights_[i].clear_gradients(groups());
    std::ranges::fill(front.sums, 0.0);
    for_groups([&](int group, std::int64_t begin, std::int64_t end) {
      const cpu::Scratch scratch = scratch_of_thread().prepare(shape, true);
      cpu::Backward b;
      if (norm)
        for (int k = 0; k < 3; ++k) b.coefficient[k] = behind.row(3 + k);
      b.gradients = weights_[i].gradients(group);
      b.depthwise_gradients = weights_[i].depthwise_gradients(group);
      b.sums = &front.sums[std::size_t(2 * group * front.size())];
      for (std::int64_t image = begin; image < end; ++image) {
        b.g = g + image * out_size(shape);
        b.z = z + image * out_size(shape);
        b.to = to ? to + image * in_size(shape) : nullptr;
        kernels_->convolve_image_backward(shape, front.view(), weights_[i].view(), scratch,
                                          in + image * in_size(shape), b);
      }
    });
    weights_[i].unpack_gradients(groups(), gradients_.mutable_data_ptr<float>());
  }

  static constexpr double kEpsilon = 1e-5;

  Chain chain_;
  at::Tensor parameters_, gradients_, statistics_;
  const cpu::Kernels* kernels_;
  std::vector<Reading> readings_;  // in front of each convolution, and of the pooling
  std::vector<ChainWeights> weights_;
  std::vector<Shape> shapes_;
  at::Tensor input_, pooled_;
  std::vector<at::Tensor> outputs_;    // of each convolution, [images, height, width, channels]
  at::Tensor flow_[2];                 // the gradient on its way back
  std::vector<ChainScratch> scratch_;  // one a thread
};

}  // namespace nascent
