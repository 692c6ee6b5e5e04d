// Reads a NetworkDescription as a chain of convolutions, which is what the fast CPU path computes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// What stands in front of a convolution or of the pooling: a batch norm, a rectifier, both (in
/// this order) or nothing.
struct ChainReading {
  bool batch_norm = false, relu = false;  ///< what there is
  int channels = 0;                       ///< of the map that is read
  std::int64_t scale = 0, shift = 0;      ///< of the batch norm, in the flat parameters
  std::int64_t mean = 0, variance = 0;    ///< in the flat statistics
};

/// A plain convolution, or a depthwise one with its pointwise one.
struct ChainConvolution {
  ChainReading in;  ///< what stands in front of it
  /// As LayerDescription says.
  int in_channels = 0, out_channels = 0, kernel = 1, stride = 1;
  bool separable = false;             ///< depthwise, then pointwise with nothing between
  std::int64_t weight = 0;            ///< plain or pointwise, in the flat parameters
  std::int64_t depthwise_weight = 0;  ///< of a separable one
};

/// Convolutions, each reading the one before, then global average pooling and a linear layer.
struct Chain {
  std::vector<ChainConvolution> convolutions;  ///< first to last
  ChainReading pooled;                         ///< what stands in front of the pooling
  int classes = 0;                             ///< logits of the linear layer
  std::int64_t weight = 0, bias = 0;           ///< of the linear layer, in the flat parameters
};

namespace detail {

class ChainReader {
 public:
  explicit ChainReader(const NetworkDescription& description) : layers_(description.layers) {}

  std::optional<Chain> read() {
    while (next_ < layers_.size()) {
      if (layers_[next_].input != static_cast<int>(next_) - 1) return {};
      const bool fits = step();
      if (!fits) return {};
      if (done_) return next_ == layers_.size() ? std::optional(chain_) : std::nullopt;
    }
    return {};
  }

 private:
  bool step() {
    const LayerDescription& layer = layers_[next_];
    switch (layer.kind) {
      case LayerKind::batch_norm:
        return batch_norm(layer);
      case LayerKind::relu:
        reading_.relu = true;
        ++next_;
        return true;
      case LayerKind::convolution:
        return convolution(layer);
      case LayerKind::global_average_pool:
        return head(layer);
      default:
        return false;
    }
  }

  bool batch_norm(const LayerDescription& layer) {
    if (reading_.batch_norm || reading_.relu || chain_.convolutions.empty()) return false;
    reading_.batch_norm = true;
    reading_.scale = take(layer.out.channels);
    reading_.shift = take(layer.out.channels);
    reading_.mean = statistic_;
    reading_.variance = statistic_ + layer.out.channels;
    statistic_ += 2 * std::int64_t{layer.out.channels};
    ++next_;
    return true;
  }

  bool convolution(const LayerDescription& layer) {
    ChainConvolution c;
    c.in = finish_reading(layer.in.channels);
    c.in_channels = layer.in.channels;
    c.out_channels = layer.out.channels;
    c.kernel = layer.kernel;
    c.stride = layer.stride;
    ++next_;
    if (layer.groups == 1) {
      c.weight = take(layer.parameters());
    } else {
      if (layer.groups != layer.in.channels || layer.groups != layer.out.channels ||
          next_ == layers_.size())
        return false;
      const LayerDescription& pointwise = layers_[next_];
      if (pointwise.kind != LayerKind::convolution || pointwise.kernel != 1 ||
          pointwise.stride != 1 || pointwise.groups != 1 ||
          pointwise.input != static_cast<int>(next_) - 1)
        return false;
      c.separable = true;
      c.depthwise_weight = take(layer.parameters());
      c.weight = take(pointwise.parameters());
      c.out_channels = pointwise.out.channels;
      ++next_;
    }
    chain_.convolutions.push_back(c);
    return true;
  }

  bool head(const LayerDescription& pool) {
    chain_.pooled = finish_reading(pool.in.channels);
    if (chain_.convolutions.empty() || ++next_ == layers_.size()) return false;
    const LayerDescription& linear = layers_[next_];
    if (linear.kind != LayerKind::linear || linear.input != static_cast<int>(next_) - 1)
      return false;
    chain_.classes = linear.out.channels;
    chain_.weight = take(linear.parameters() - linear.out.channels);
    chain_.bias = take(linear.out.channels);
    ++next_;
    return done_ = true;
  }

  ChainReading finish_reading(int channels) {
    ChainReading finished = reading_;
    finished.channels = channels;
    reading_ = {};
    return finished;
  }

  std::int64_t take(std::int64_t parameters) {
    const std::int64_t begin = parameter_;
    parameter_ += parameters;
    return begin;
  }

  const std::vector<LayerDescription>& layers_;
  std::size_t next_ = 0;
  std::int64_t parameter_ = 0, statistic_ = 0;
  ChainReading reading_;
  Chain chain_;
  bool done_ = false;
};

}  // namespace detail

/// Nothing where the network is no such chain: it has branches, grouped convolutions or another
/// end.
inline std::optional<Chain> read_chain(const NetworkDescription& description) {
  return detail::ChainReader(description).read();
}

}  // namespace nascent
