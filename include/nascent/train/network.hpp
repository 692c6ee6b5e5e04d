// A trainable network, built from its description alone.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/add.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/train/cpu/chain.hpp"
#include "nascent/train/cpu/chain_network.hpp"
#include "nascent/train/precision.hpp"
#include "nascent/train/tensor_operators.hpp"

#ifdef NASCENT_CUDA
#include <c10/cuda/CUDAStream.h>

#include "nascent/cuda/chain_network.hpp"
#endif

namespace nascent {

/// How activations lie in memory.
enum class MemoryLayout {
  nchw,  ///< [images, channels, height, width]
  nhwc   ///< channels run fastest
};

/// Parameters, gradients and the computation of a NetworkDescription.
///
/// All parameters lie in one flat tensor, their gradients in a second one of the same order: layer
/// by layer, weight before bias. Initial values are PyTorch's defaults: convolution and linear
/// weights uniform in +-1/sqrt(fan in) (He et al. 2015 with a = sqrt 5), the linear bias likewise,
/// batch norm 1 and 0, slopes of PReLU 0.25; they are drawn on the CPU in the order of the flat
/// tensor from one generator with the given seed, so they are the same on every device. Batch norm:
/// momentum 0.1, epsilon 1e-5, unbiased running variance.
class Network {
 public:
  /// Channels-last is faster on the CPU, but LibTorch's batch norm is less exact there (it sums
  /// each channel in single precision, one value after another: about 3e-5 off instead of 4e-7).
  /// `precision` is of all numbers, float or double; the initial values are those in float.
  explicit Network(const NetworkDescription& description, std::uint64_t seed,
                   at::Device device = at::kCPU, MemoryLayout layout = MemoryLayout::nhwc,
                   at::ScalarType precision = at::kFloat)
      : layout_(layout), dropout_(at::make_generator<at::CPUGeneratorImpl>(seed)) {
    initialise(description, seed, at::TensorOptions(device).dtype(precision));
    plan(description);
    if (device.is_cpu() && layout == MemoryLayout::nhwc && precision == at::kFloat) {
      if (auto chain = read_chain(description))
        chain_.emplace(*std::move(chain), values_, gradients_, statistics_);
    }
#ifdef NASCENT_CUDA
    if (device.is_cuda() && layout == MemoryLayout::nhwc && precision == at::kFloat) {
      auto chain = read_chain(description);
      if (chain && cuda::ChainNetwork::fits(*chain))
        cuda_chain_.emplace(*std::move(chain), values_, gradients_, statistics_, [] {
          return cuda::chain_kernels(c10::cuda::getCurrentCUDAStream().stream());
        });
    }
#endif
  }

  // Parameters are views of tensors that a copy would share.
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  /// The other one must not be used any more.
  Network(Network&&) = default;
  /// The other one must not be used any more.
  Network& operator=(Network&&) = default;

  /// Logits [images, classes] of float `images` [images, channels, height, width] of any extent.
  /// `training` uses and updates batch statistics.
  at::Tensor forward(const at::Tensor& images, bool training) {
    if (chain_) return chain_->forward(images, training);
#ifdef NASCENT_CUDA
    if (uses_kernels()) return cuda_chain_->forward(laid_out(images), training);
#endif
    std::optional<Bfloat16Products> products;
    if (bfloat16_) products.emplace();
    logits_ = compute(images, training).to(values_.scalar_type());
    return logits_.detach();
  }

  /// What products are computed in from now on, if this is on a GPU: fp32 unless said.
  void compute_in(Precision precision) {
    precision_ = precision;
    bfloat16_ = precision == Precision::bf16 && !device().is_cpu();
  }

  /// To be held while it computes.
  Products products() const { return {device(), precision_}; }

#ifdef NASCENT_CUDA
  /// Whether Nascent's kernels compute from now on, instead of LibTorch's operations one by one, if
  /// the network is a chain that they know.
  void use_kernels(bool use) { use_kernels_ = use; }

  /// Lets another compute their pointwise convolutions from now on; null: no longer.
  void fuse_pointwise(std::shared_ptr<cuda::FusedPointwise> by) {
    if (cuda_chain_) cuda_chain_->fuse_pointwise(std::move(by));
  }

  /// Whether they do.
  bool uses_kernels() const { return use_kernels_ && cuda_chain_ && !bfloat16_; }
#endif

  /// Called with each layer and its output, which a later layer may overwrite.
  using Observer = std::function<void(const LayerDescription&, const at::Tensor&)>;

  /// `forward`, computed layer by layer by LibTorch's operations, before the eyes of `seen`.
  at::Tensor observe(const at::Tensor& images, bool training, const Observer& seen) {
    return compute(images, training, seen).detach();
  }

  /// Sets flat_gradients() to the gradient of a loss, given that of its value with respect to the
  /// logits of the last `forward`, which ran in training and with gradients enabled.
  void backward(const at::Tensor& logits_gradient) {
    if (chain_) return chain_->backward(logits_gradient);
#ifdef NASCENT_CUDA
    if (uses_kernels()) return cuda_chain_->backward(logits_gradient);
#endif
    {
      const at::NoGradGuard guard;
      gradients_.zero_();
    }
    logits_.backward(logits_gradient);
    logits_.reset();
  }

  /// Trainable numbers.
  std::int64_t parameters() const { return values_.numel(); }

  /// All trainable parameters, one after another, [parameters].
  at::Tensor& flat_parameters() { return values_; }
  /// Their gradients in the same order, [parameters].
  at::Tensor& flat_gradients() { return gradients_; }

  /// Running mean and variance of each batch norm, one after another.
  at::Tensor& flat_statistics() { return statistics_; }

  /// What dropout zeroes follows from here on from `seed`, on every device alike.
  void seed_dropout(std::uint64_t seed) { dropout_.set_current_seed(seed); }

  /// Where it is computed.
  at::Device device() const { return values_.device(); }

 private:
  struct Step {
    LayerDescription layer;
    at::Tensor weight, bias;                    // views of values_; undefined where there is none
    at::Tensor running_mean, running_variance;  // of batch norms, views of statistics_
    std::vector<int> finished;                  // layers whose output nobody reads after this one
    bool in_place = false;                      // may overwrite its input
  };

  static std::vector<std::int64_t> weight_shape(const LayerDescription& layer) {
    switch (layer.kind) {
      case LayerKind::convolution:
        return {layer.out.channels, layer.in.channels / layer.groups, layer.kernel, layer.kernel};
      case LayerKind::batch_norm:
      case LayerKind::prelu:
        return {layer.out.channels};
      case LayerKind::linear:
        return {layer.out.channels, layer.in.size()};
      default:
        return {};
    }
  }

  void initialise(const NetworkDescription& description, std::uint64_t seed,
                  const at::TensorOptions& options) {
    const at::NoGradGuard guard;
    at::Tensor start = at::empty({description.parameters()}, at::kFloat);
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    std::int64_t offset = 0;
    for (const LayerDescription& layer : description.layers) {
      draw(layer, start.narrow(0, offset, layer.parameters()), generator);
      offset += layer.parameters();
    }
    values_ = start.to(options);
    gradients_ = at::zeros_like(values_);
    statistics_ = initial_statistics(description).to(options);
  }

  static at::Tensor initial_statistics(const NetworkDescription& description) {
    std::vector<at::Tensor> parts{at::empty({0}, at::kFloat)};
    for (const LayerDescription& layer : description.layers)
      if (keeps_statistics(layer.kind)) {
        parts.push_back(at::zeros({layer.out.channels}));
        parts.push_back(at::ones({layer.out.channels}));
      }
    return at::cat(parts);
  }

  static void draw(const LayerDescription& layer, at::Tensor values, at::Generator& generator) {
    if (layer.kind == LayerKind::batch_norm) {
      values.narrow(0, 0, layer.out.channels).fill_(1);
      values.narrow(0, layer.out.channels, layer.out.channels).fill_(0);
    } else if (layer.kind == LayerKind::prelu) {
      values.fill_(.25);
    } else if (values.numel() > 0) {
      const std::int64_t fan_in =
          layer.kind == LayerKind::linear
              ? layer.in.size()
              : std::int64_t{layer.in.channels / layer.groups} * layer.kernel * layer.kernel;
      const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
      values.uniform_(-bound, bound, generator);
    }
  }

  void plan(const NetworkDescription& description) {
    std::int64_t offset = 0, statistic = 0;
    for (const LayerDescription& layer : description.layers) {
      Step step{layer, {}, {}, {}, {}, {}, false};
      if (layer.parameters() > 0) step.weight = parameter(offset, weight_shape(layer));
      if (layer.kind == LayerKind::batch_norm || layer.kind == LayerKind::linear)
        step.bias = parameter(offset, {layer.out.channels});
      if (keeps_statistics(layer.kind)) {
        step.running_mean = statistics_.narrow(0, statistic, layer.out.channels);
        statistic += layer.out.channels;
        step.running_variance = statistics_.narrow(0, statistic, layer.out.channels);
        statistic += layer.out.channels;
      }
      steps_.push_back(std::move(step));
    }
    find_last_readers();
  }

  /// The next view of the flat tensors, a leaf with its gradient in place.
  at::Tensor parameter(std::int64_t& offset, const std::vector<std::int64_t>& shape) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    at::Tensor view = values_.narrow(0, offset, count).view(shape);
    view.requires_grad_(true);
    view.mutable_grad() = gradients_.narrow(0, offset, count).view(shape);
    offset += count;
    return view;
  }

  void find_last_readers() {
    std::vector<int> readers(steps_.size());
    std::vector<std::size_t> last(steps_.size());
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const LayerDescription& layer = steps_[i].layer;
      last[i] = i;  // for what nobody reads
      for (const int read : inputs(layer))
        ++readers[std::size_t(read)], last[std::size_t(read)] = i;
    }
    for (std::size_t i = 0; i + 1 < steps_.size(); ++i)
      steps_[last[i]].finished.push_back(static_cast<int>(i));
    for (Step& step : steps_) {
      const int read = step.layer.input;
      step.in_place = step.layer.kind == LayerKind::relu && read != LayerDescription::kImage &&
                      readers[std::size_t(read)] == 1 &&
                      steps_[std::size_t(read)].layer.kind != LayerKind::relu;
    }
  }

  static std::vector<int> inputs(const LayerDescription& layer) {
    std::vector<int> read;
    if (layer.input != LayerDescription::kImage) read.push_back(layer.input);
    if (layer.kind == LayerKind::add && layer.other != LayerDescription::kImage)
      read.push_back(layer.other);
    return read;
  }

  at::Tensor compute(const at::Tensor& images, bool training, const Observer& seen = {}) {
    std::vector<at::Tensor> outputs(steps_.size());
    const at::Tensor input = laid_out(images);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      const auto output_of = [&](int layer) {
        return layer == LayerDescription::kImage ? input : outputs[std::size_t(layer)];
      };
      outputs[i] =
          compute(step, output_of(step.layer.input), output_of(step.layer.other), training);
      if (seen) seen(step.layer, outputs[i]);
      for (const int finished : step.finished) outputs[std::size_t(finished)].reset();
    }
    return std::move(outputs.back());
  }

  at::Tensor compute(const Step& step, at::Tensor in, const at::Tensor& other, bool training) {
    const LayerDescription& layer = step.layer;
    switch (layer.kind) {
      case LayerKind::convolution:
        return at::conv2d(in, step.weight, {}, layer.stride, layer.kernel / 2, 1, layer.groups);
      case LayerKind::batch_norm:
      case LayerKind::plain_batch_norm:  // whose weight and bias are undefined
        return at::batch_norm(in, step.weight, step.bias, step.running_mean, step.running_variance,
                              training, 0.1, 1e-5, true);
      case LayerKind::relu:
        return step.in_place ? at::relu_(in) : at::relu(in);
      case LayerKind::add:
        return at::add(in, other);
      case LayerKind::global_average_pool:
        return at::mean(in, {2, 3}, true);
      case LayerKind::average_pool:
        return at::avg_pool2d(in, {layer.kernel, layer.kernel}, {layer.stride, layer.stride},
                              {(layer.kernel - 1) / 2, (layer.kernel - 1) / 2}, false, false);
      case LayerKind::zero:
        return at::zeros_like(in);
      case LayerKind::linear:
        return at::linear(in.flatten(1), step.weight, step.bias);
      case LayerKind::prelu:
        return at::prelu(in, step.weight);
      case LayerKind::dropout:
        return training && layer.percent > 0 ? dropped(in, layer.percent) : in;
    }
    return in;
  }

  /// Drawn in the order of NCHW, so that the layout changes nothing.
  at::Tensor dropped(const at::Tensor& in, int percent) {
    const double kept = 1 - percent / 100.;
    at::Tensor mask = at::empty(in.sizes(), at::kFloat).bernoulli_(kept, dropout_).div_(kept);
    return in * mask.to(in.options());
  }

  /// One channel is both layouts at once to LibTorch, which then takes NCHW for the whole network;
  /// only explicit strides tell it otherwise.
  at::Tensor laid_out(const at::Tensor& images) const {
    if (layout_ == MemoryLayout::nchw) return images.contiguous();
    if (images.size(1) > 1) return images.contiguous(at::MemoryFormat::ChannelsLast);
    const std::int64_t height = images.size(2), width = images.size(3);
    return images.contiguous().as_strided(images.sizes(), {height * width, 1, width, 1});
  }

  MemoryLayout layout_;
  Precision precision_ = Precision::fp32;
  bool bfloat16_ = false;
  at::Generator dropout_;  // on the CPU
  at::Tensor values_, gradients_, statistics_;
  at::Tensor logits_;  // of the last forward pass, with its history
  std::vector<Step> steps_;
  std::optional<ChainNetwork> chain_;  // computes instead, where it can
#ifdef NASCENT_CUDA
  std::optional<cuda::ChainNetwork> cuda_chain_;
  bool use_kernels_ = false;
#endif
};

}  // namespace nascent
