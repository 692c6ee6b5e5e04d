#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "nascent/cuda/chain_kernels.hpp"
#include "nascent/cuda/fused_pointwise.hpp"
#include "nascent/train/cpu/chain.hpp"

namespace nascent::cuda {

/// A chain of convolutions forwards and backwards, channels last: depthwise convolutions, batch
/// norms and rectifiers by kernels that read through what stands in front of them, pointwise
/// convolutions as products of matrices whose rows are padded to multiples of 8, plain convolutions
/// by LibTorch.
///
/// The tensors are the network's flat ones; this writes gradients and statistics. `kernels_of` is
/// asked for the kernels of the current stream at every pass. For kernels of 3, 5 or 7 and strides
/// of 1 or 2 (`fits`).
class ChainNetwork {
 public:
  using KernelsOf = std::function<std::unique_ptr<ChainKernels>()>;

  static bool fits(const Chain& chain) {
    for (const ChainConvolution& c : chain.convolutions)
      if (c.separable &&
          ((c.kernel != 3 && c.kernel != 5 && c.kernel != 7) || c.stride < 1 || c.stride > 2))
        return false;
    return true;
  }

  ChainNetwork(Chain chain, at::Tensor parameters, at::Tensor gradients, at::Tensor statistics,
               KernelsOf kernels_of)
      : chain_(std::move(chain)),
        parameters_(std::move(parameters)),
        gradients_(std::move(gradients)),
        statistics_(std::move(statistics)),
        kernels_of_(std::move(kernels_of)),
        layers_(chain_.convolutions.size()) {
    for (const ChainConvolution& c : chain_.convolutions)
      norms_.emplace_back(c.in, parameters_.options());
    norms_.emplace_back(chain_.pooled, parameters_.options());
    plan_packing();
  }

  /// Lets pointwise convolutions and their sums be computed by another, in training, from now on;
  /// null: no longer.
  void fuse_pointwise(std::shared_ptr<FusedPointwise> by) { fused_ = std::move(by); }

  /// Logits [images, classes]. Training keeps what `backward` needs.
  at::Tensor forward(const at::Tensor& images, bool training) {
    const at::NoGradGuard guard;
    const auto kernels = kernels_of_();
    Map in = map_of(images);
    in.values = images.mutable_data_ptr<float>();
    input_ = images;
    if (packed_count_ > 0)
      kernels->pack(packings(), packed_count_, parameters_.const_data_ptr<float>(),
                    packed_weights_.mutable_data_ptr<float>());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      layers_[i].in = in;
      in = convolve(*kernels, i, training);
      if (norms_[i + 1].chain.batch_norm) normalise(*kernels, layers_[i], norms_[i + 1], training);
    }
    last_ = in;
    pooled_ = empty({in.images, in.channels});
    kernels->pool(in, norms_.back().view(), pooled_.mutable_data_ptr<float>());
    return at::addmm(bias(parameters_), pooled_, weight(parameters_).t());
  }

  /// Sets the gradients, given those of the logits of the last `forward` in training.
  void backward(const at::Tensor& logits_gradient) {
    const at::NoGradGuard guard;
    const auto kernels = kernels_of_();
    at::Tensor linear = weight(gradients_), constant = bias(gradients_);
    at::mm_out(linear, logits_gradient.t(), pooled_);
    at::sum_out(constant, logits_gradient, 0);
    const at::Tensor means = logits_gradient.mm(weight(parameters_));
    Map gradient{
        means.mutable_data_ptr<float>(), last_.images, 1, 1, last_.channels, last_.channels};
    Flow flow = through_relu(*kernels, gradient, norms_.back(), last_);
    for (std::size_t i = layers_.size(); i-- > 0;) flow = convolve_back(*kernels, i, flow);
    if (packed_count_ > 0)
      kernels->unpack(packings(), packed_count_, packed_gradients_.const_data_ptr<float>(),
                      gradients_.mutable_data_ptr<float>());
  }

 private:
  /// A batch norm's numbers in the current step.
  struct NormState {
    NormState(const ChainReading& given, const at::TensorOptions& options)
        : chain(given), numbers(at::zeros({6, given.channels}, options)) {
      if (given.batch_norm)
        sums = at::zeros({std::int64_t{kMostGroups} * 2 * given.channels}, options);
    }

    float* row(int index) const {
      return numbers.mutable_data_ptr<float>() + index * chain.channels;
    }

    Norm view() const {
      if (!chain.batch_norm) return {nullptr, nullptr, nullptr, nullptr, chain.relu};
      return {row(0), row(1), row(2), row(3), chain.relu};
    }

    /// For sums over a map.
    PairSums pair_sums(const Map& map) const {
      if (!chain.batch_norm) return {nullptr, 0, chain.channels};
      return {sums.mutable_data_ptr<float>(), groups_of(chain.channels, map.pixels()),
              chain.channels};
    }

    ChainReading chain;
    at::Tensor numbers;  // scale, shift, mean, 1 / deviation; means of the way back
    at::Tensor sums;
  };

  struct Layer {
    Map in, out;
    std::int64_t packed = 0;  // where its pointwise weight begins among the packed ones
    at::Tensor read;          // what the product or plain convolution read
    at::Tensor output;        // before the next batch norm
    bool summed = false;      // whether that one's sums came with it
  };

  /// A gradient on its way back, and what keeps its memory.
  struct Flow {
    Map map;
    at::Tensor memory;
  };

  /// All pointwise weights in one buffer, whose padding stays 0.
  void plan_packing() {
    std::vector<Packing> plan;
    std::int64_t size = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const ChainConvolution& c = chain_.convolutions[i];
      if (!c.separable) continue;
      layers_[i].packed = size;
      plan.push_back({c.weight, size, c.out_channels, c.in_channels, padded(c.in_channels)});
      size += std::int64_t{padded(c.out_channels)} * padded(c.in_channels);
    }
    packed_count_ = static_cast<int>(plan.size());
    if (plan.empty()) return;
    packed_weights_ = at::zeros({size}, parameters_.options());
    packed_gradients_ = at::zeros({size}, parameters_.options());
    packings_ = at::from_blob(plan.data(), {std::int64_t(plan.size() * sizeof(Packing))},
                              at::TensorOptions(at::kByte))
                    .to(parameters_.device(), at::kByte, false, true);
  }

  const Packing* packings() const {
    return reinterpret_cast<const Packing*>(packings_.const_data_ptr<std::uint8_t>());
  }

  static int padded(int channels) { return (channels + 7) / 8 * 8; }

  at::Tensor empty(at::IntArrayRef shape) const { return at::empty(shape, parameters_.options()); }

  Flow new_map(const Map& like, int channels, int stride) const {
    at::Tensor memory = empty({like.pixels() * stride});
    Map map = like;
    map.values = memory.mutable_data_ptr<float>();
    map.channels = channels;
    map.stride = stride;
    return {map, memory};
  }

  /// Of a channels-last tensor [images, channels, height, width].
  static Map map_of(const at::Tensor& tensor) {
    const auto extent = [&](int d) { return static_cast<int>(tensor.size(d)); };
    return {
        tensor.mutable_data_ptr<float>(), extent(0), extent(2), extent(3), extent(1), extent(1)};
  }

  static at::Tensor image_tensor(const Flow& flow) {
    const Map& m = flow.map;
    return flow.memory.view({m.images, m.height, m.width, m.channels}).permute({0, 3, 1, 2});
  }

  float* parameter(std::int64_t offset) const {
    return parameters_.mutable_data_ptr<float>() + offset;
  }
  float* gradient(std::int64_t offset) const {
    return gradients_.mutable_data_ptr<float>() + offset;
  }

  at::Tensor weight(const at::Tensor& flat) const {
    const std::int64_t in = chain_.pooled.channels;
    return flat.narrow(0, chain_.weight, chain_.classes * in).view({chain_.classes, in});
  }
  at::Tensor bias(const at::Tensor& flat) const {
    return flat.narrow(0, chain_.bias, chain_.classes);
  }
  /// [out, in], both to multiples of 8.
  static at::Tensor pointwise(const at::Tensor& packed, const Layer& layer,
                              const ChainConvolution& c) {
    const std::int64_t rows = padded(c.out_channels), columns = padded(c.in_channels);
    return packed.narrow(0, layer.packed, rows * columns).view({rows, columns});
  }
  static at::Tensor plain(const at::Tensor& flat, const ChainConvolution& c) {
    return flat
        .narrow(0, c.weight, std::int64_t{c.out_channels} * c.in_channels * c.kernel * c.kernel)
        .view({c.out_channels, c.in_channels, c.kernel, c.kernel});
  }
  Depthwise depthwise(const ChainConvolution& c) const {
    return {c.kernel, c.stride, parameter(c.depthwise_weight)};
  }

  static bool reads_plainly(const ChainReading& in) { return !in.batch_norm && !in.relu; }

  // Forwards.

  Map convolve(ChainKernels& kernels, std::size_t i, bool training) {
    const ChainConvolution& c = chain_.convolutions[i];
    Layer& layer = layers_[i];
    layer.summed = false;
    if (c.separable) {
      convolve_separably(kernels, i, training);
    } else {
      layer.read = input_;
      if (i > 0 || !reads_plainly(c.in)) {
        const Flow read = new_map(layer.in, c.in_channels, c.in_channels);
        kernels.activate(layer.in, norms_[i].view(), read.map);
        layer.read = image_tensor(read);
      }
      layer.output = at::conv2d(layer.read, plain(parameters_, c), {}, c.stride, c.kernel / 2)
                         .contiguous(at::MemoryFormat::ChannelsLast);
      layer.out = map_of(layer.output);
    }
    if (!training) layer.read.reset();
    return layer.out;
  }

  void convolve_separably(ChainKernels& kernels, std::size_t i, bool training) {
    const ChainConvolution& c = chain_.convolutions[i];
    Layer& layer = layers_[i];
    Map out = layer.in;
    out.height = (layer.in.height - 1) / c.stride + 1;
    out.width = (layer.in.width - 1) / c.stride + 1;
    const Flow spread = new_map(out, c.in_channels, padded(c.in_channels));
    kernels.depthwise(layer.in, norms_[i].view(), depthwise(c), spread.map);
    layer.read = spread.memory.view({out.pixels(), padded(c.in_channels)});
    layer.output = empty({out.pixels(), padded(c.out_channels)});
    layer.out = out;
    layer.out.values = layer.output.mutable_data_ptr<float>();
    layer.out.channels = c.out_channels;
    layer.out.stride = padded(c.out_channels);
    const at::Tensor weight = pointwise(packed_weights_, layer, c);
    const NormState& next = norms_[i + 1];
    layer.summed = training && fused_ && next.chain.batch_norm &&
                   fused_->run(spread.map, {}, weight.const_data_ptr<float>(), layer.out,
                               next.sums.mutable_data_ptr<float>());
    if (!layer.summed) at::mm_out(layer.output, layer.read, weight.t());
  }

  void normalise(ChainKernels& kernels, const Layer& layer, NormState& norm, bool training) {
    const ChainReading& c = norm.chain;
    float* statistics = statistics_.mutable_data_ptr<float>();
    const NormNumbers numbers{
        parameter(c.scale), parameter(c.shift), statistics + c.mean, statistics + c.variance,
        norm.row(0),        norm.row(1),        norm.row(2),         norm.row(3)};
    if (layer.summed)
      kernels.batch_norm(c.channels, {norm.sums.mutable_data_ptr<float>(), 1, layer.out.stride},
                         layer.out.pixels(), numbers);
    else if (training)
      kernels.batch_norm(layer.out, norm.pair_sums(layer.out), numbers);
    else
      kernels.batch_norm(c.channels, numbers);
  }

  // Backwards.

  /// The gradient of what a batch norm gave, given that of what is read of `in`; finishes its sums.
  Flow through_relu(ChainKernels& kernels, const Map& from, NormState& norm, const Map& in) {
    Flow to = new_map(in, in.channels, in.channels);
    kernels.through_relu(from, in, norm.view(), to.map, norm.pair_sums(in));
    finish(kernels, norm, in);
    return to;
  }

  NormGradients norm_gradients(const NormState& norm) const {
    return {gradient(norm.chain.scale), gradient(norm.chain.shift), norm.row(4), norm.row(5)};
  }

  void finish(ChainKernels& kernels, NormState& norm, const Map& in) {
    if (norm.chain.batch_norm)
      kernels.finish_norm_gradient(norm.pair_sums(in), in.pixels(), norm_gradients(norm));
  }

  /// `flow` is the gradient of the batch norm behind convolution `i`, or of its output; gives the
  /// same of the one before, or nothing for the first.
  Flow convolve_back(ChainKernels& kernels, std::size_t i, const Flow& flow) {
    const ChainConvolution& c = chain_.convolutions[i];
    Layer& layer = layers_[i];
    const Flow output_gradient =
        new_map(layer.out, c.out_channels, c.separable ? padded(c.out_channels) : c.out_channels);
    kernels.through_norm(flow.map, layer.out, norms_[i + 1].view(), norm_gradients(norms_[i + 1]),
                         output_gradient.map);
    layer.output.reset();
    return c.separable ? convolve_separably_back(kernels, i, output_gradient)
                       : convolve_plainly_back(kernels, i, output_gradient);
  }

  Flow convolve_separably_back(ChainKernels& kernels, std::size_t i, const Flow& flow) {
    const ChainConvolution& c = chain_.convolutions[i];
    Layer& layer = layers_[i];
    const at::Tensor rows = flow.memory.view({layer.out.pixels(), padded(c.out_channels)});
    at::Tensor weight_gradient = pointwise(packed_gradients_, layer, c);
    at::mm_out(weight_gradient, rows.t(), layer.read);
    layer.read.reset();
    const at::Tensor spread = rows.mm(pointwise(packed_weights_, layer, c));
    Map of_spread = layer.out;
    of_spread.values = spread.mutable_data_ptr<float>();
    of_spread.channels = c.in_channels;
    of_spread.stride = padded(c.in_channels);
    const at::Tensor partial =
        empty({std::int64_t{kMostRows} * c.kernel * c.kernel * c.in_channels});
    kernels.depthwise_weight_gradient(of_spread, layer.in, norms_[i].view(), depthwise(c),
                                      partial.mutable_data_ptr<float>(),
                                      gradient(c.depthwise_weight));
    if (i == 0) return {};
    Flow to = new_map(layer.in, c.in_channels, c.in_channels);
    kernels.depthwise_input_gradient(of_spread, depthwise(c), layer.in, norms_[i].view(), to.map,
                                     norms_[i].pair_sums(layer.in));
    finish(kernels, norms_[i], layer.in);
    return to;
  }

  Flow convolve_plainly_back(ChainKernels& kernels, std::size_t i, const Flow& flow) {
    const ChainConvolution& c = chain_.convolutions[i];
    Layer& layer = layers_[i];
    const std::int64_t stride[] = {c.stride, c.stride}, pad[] = {c.kernel / 2, c.kernel / 2},
                       one[] = {1, 1}, none[] = {0, 0};
    const auto [image, kernel, nothing] = at::convolution_backward(
        image_tensor(flow), layer.read, plain(parameters_, c), at::OptionalIntArrayRef(), stride,
        pad, one, false, none, 1, {i > 0, true, false});
    plain(gradients_, c).copy_(kernel);
    layer.read.reset();
    if (i == 0) return {};
    const at::Tensor memory = image.contiguous(at::MemoryFormat::ChannelsLast);
    return through_relu(kernels, map_of(memory), norms_[i], layer.in);
  }

  Chain chain_;
  at::Tensor parameters_, gradients_, statistics_;
  KernelsOf kernels_of_;
  std::shared_ptr<FusedPointwise> fused_;
  std::vector<Layer> layers_;
  std::vector<NormState> norms_;  // in front of each convolution, and of the pooling
  int packed_count_ = 0;
  at::Tensor packings_, packed_weights_, packed_gradients_;
  Map last_;
  at::Tensor input_, pooled_;
};

}  // namespace nascent::cuda
