// A larger network that goes on with the weights of a smaller one, computing the same function.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/operation/growth.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/space/random.hpp"
#include "nascent/train/named_tensors.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent {
namespace detail {

struct Moments {
  double mean, variance;
};

/// Of max(z, 0) for a normal z.
inline Moments rectified(double mean, double deviation) {
  if (deviation < 1e-12) return {mean > 0 ? mean : 0, 0};
  const double t = mean / deviation;
  const double below = std::erfc(-t / std::numbers::sqrt2) / 2;
  const double density = std::exp(-t * t / 2) / std::sqrt(2 * std::numbers::pi);
  const double first = mean * below + deviation * density;
  const double second = (mean * mean + deviation * deviation) * below + mean * deviation * density;
  return {first, (std::max)(0., second - first * first)};
}

class WeightTransfer {
 public:
  WeightTransfer(const NetworkDescription& from, Network& parent, const NetworkDescription& to,
                 Network& child, const std::vector<int>& origin, std::uint64_t seed)
      : layers_(to.layers),
        growth_(growth(from, to, origin)),
        from_(from.layers),
        small_names_(module_names(from)),
        large_names_(module_names(to)),
        random_(seed, "morphism") {
    if (!growth_.possible())
      throw std::invalid_argument("weights cannot be inherited: " + growth_.obstacle);
    for (NamedTensor& tensor : named_tensors(from, parent))
      small_[tensor.name] = tensor.values.detach().to(at::kCPU);
    for (NamedTensor& tensor : named_tensors(to, child)) large_[tensor.name] = tensor.values;
    channels_ = same(to.problem.image.channels);
  }

  void run() {
    const at::NoGradGuard guard;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (growth_.source[i] < 0)
        make_identity(i);
      else
        inherit(i, static_cast<std::size_t>(growth_.source[i]));
      if (layers_[i].kind == LayerKind::batch_norm) last_norm_ = large_names_[i];
    }
  }

 private:
  /// For each channel of the child the parent's that it repeats, and the share of that one's
  /// outgoing weights that it takes.
  struct Channels {
    at::Tensor index, share;  // int64 and float, [channels]
  };

  static Channels same(int count) {
    std::vector<std::int64_t> index(static_cast<std::size_t>(count));
    std::iota(index.begin(), index.end(), 0);
    return {at::tensor(index), at::tensor(std::vector<float>(index.size(), 1.F))};
  }

  /// All of the parent's, then repetitions drawn alike. Shares are uneven: with even ones,
  /// repetitions would have equal gradients and stay equal for ever.
  Channels widened(int before, int after) {
    std::vector<std::int64_t> index(static_cast<std::size_t>(after));
    std::vector<double> weight(index.size()), sum(static_cast<std::size_t>(before));
    for (std::size_t c = 0; c < index.size(); ++c) {
      index[c] = static_cast<int>(c) < before ? static_cast<int>(c) : random_.below(before);
      weight[c] = .5 + random_.unit();
      sum[std::size_t(index[c])] += weight[c];
    }
    std::vector<float> share;
    for (std::size_t c = 0; c < index.size(); ++c)
      share.push_back(static_cast<float>(weight[c] / sum[std::size_t(index[c])]));
    return {at::tensor(index), at::tensor(share)};
  }

  const at::Tensor& small(std::size_t layer, const char* what) const {
    return small_.at(small_names_[layer] + what);
  }
  at::Tensor& large(std::size_t layer, const char* what) {
    return large_.at(large_names_[layer] + what);
  }

  void inherit(std::size_t to, std::size_t from) {
    switch (layers_[to].kind) {
      case LayerKind::convolution:
        return inherit_convolution(to, from);
      case LayerKind::batch_norm:
        for (const char* what : {".weight", ".bias", ".running_mean", ".running_var"})
          large(to, what).copy_(small(from, what).index_select(0, channels_.index));
        return;
      case LayerKind::linear:
        large(to, ".weight").copy_(incoming(small(from, ".weight")));
        large(to, ".bias").copy_(small(from, ".bias"));
        return;
      default:
        return;
    }
  }

  /// [out, in, ...] of the parent for the child's channels in.
  at::Tensor incoming(const at::Tensor& weight) const {
    std::vector<std::int64_t> along(static_cast<std::size_t>(weight.dim()), 1);
    along[1] = -1;
    return weight.index_select(1, channels_.index) * channels_.share.view(along);
  }

  /// The parent's window lies in the middle of the child's.
  void inherit_convolution(std::size_t to, std::size_t from) {
    const LayerDescription &before = from_[from], &after = layers_[to];
    at::Tensor weight = small(from, ".weight");
    if (after.groups == 1) {
      weight = incoming(weight);
      channels_ = widened(before.out.channels, after.out.channels);
    }
    at::Tensor& target = large(to, ".weight");
    const int margin = (after.kernel - 1) / 2 - (before.kernel - 1) / 2;  // as they are padded
    target.zero_();
    target.narrow(2, margin, before.kernel)
        .narrow(3, margin, before.kernel)
        .copy_(weight.index_select(0, channels_.index));
  }

  void make_identity(std::size_t to) {
    const LayerDescription& layer = layers_[to];
    if (layer.kind == LayerKind::batch_norm) return make_identity_norm(to);
    if (layer.kind != LayerKind::convolution) return;
    at::Tensor& weight = large(to, ".weight");
    weight.zero_();
    const at::Tensor middle = weight.select(3, layer.kernel / 2).select(2, layer.kernel / 2);
    if (layer.groups == 1)
      middle.copy_(at::eye(layer.out.channels));
    else
      middle.fill_(1);
  }

  /// Exact in evaluation whatever the statistics are; with those of what comes in, a rectified
  /// batch norm, it is nearly one in training too.
  void make_identity_norm(std::size_t to) {
    constexpr double kEpsilon = 1e-5;
    const auto count = static_cast<std::size_t>(layers_[to].out.channels);
    const at::Tensor scale = large_.at(last_norm_ + ".weight").cpu();
    const at::Tensor shift = large_.at(last_norm_ + ".bias").cpu();
    std::vector<float> weight(count), mean(count), variance(count);
    for (std::size_t c = 0; c < count; ++c) {
      const auto at = static_cast<std::int64_t>(c);
      const Moments in = rectified(shift[at].item<float>(), std::abs(scale[at].item<float>()));
      mean[c] = static_cast<float>(in.mean);
      variance[c] = static_cast<float>(in.variance);
      weight[c] = static_cast<float>(std::sqrt(double{variance[c]} + kEpsilon));
    }
    large(to, ".weight").copy_(at::tensor(weight));
    large(to, ".bias").copy_(at::tensor(mean));
    large(to, ".running_mean").copy_(at::tensor(mean));
    large(to, ".running_var").copy_(at::tensor(variance));
  }

  const std::vector<LayerDescription>& layers_;
  Growth growth_;
  const std::vector<LayerDescription>& from_;
  std::vector<std::string> small_names_, large_names_;
  Random random_;
  std::map<std::string, at::Tensor> small_, large_;
  Channels channels_;      // behind the layer inherited last
  std::string last_norm_;  // the child's batch norm before a new layer
};

}  // namespace detail

/// Fills `child` with the weights and batch-norm statistics of `parent`, so that in evaluation it
/// computes the same function but for rounding (Net2Net: Chen, Goodfellow & Shlens 2016; network
/// morphism: Wei et al. 2016). `origin` holds, for each searched layer of the child, the parent's
/// or -1 for a new one.
///
/// More channels repeat some of the parent's, whose outgoing weights are shared out among the
/// repetitions; larger kernels are zero around the parent's; new layers are identities.
/// std::invalid_argument where the child is not the parent grown.
inline void inherit_weights(const NetworkDescription& from, Network& parent,
                            const NetworkDescription& to, Network& child,
                            const std::vector<int>& origin, std::uint64_t seed) {
  detail::WeightTransfer(from, parent, to, child, origin, seed).run();
}

}  // namespace nascent
