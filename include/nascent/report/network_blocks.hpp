// What a drawing shows of a network: its blocks, and what each computes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// Equal for what is drawn alike.
struct DrawnOperation {
  /// Gives the hue of its colour.
  enum class Kind { separable, convolution, pool, other };
  Kind kind = Kind::other;  ///< gives the hue
  int kernel = 0;           ///< 0: it has none
  std::string name;         ///< for the legend, with the kernel

  friend bool operator==(const DrawnOperation&, const DrawnOperation&) = default;
};

/// A searched layer, the stem or the head.
struct DrawnBlock {
  int block = 0;                            ///< 0, 1, ...; LayerDescription::kStem or kHead
  std::vector<DrawnOperation> operations;   ///< what it computes, in order
  int channels = 0, height = 0, width = 0;  ///< of its output

  /// Equal channels, height and width.
  bool same_size(const DrawnBlock& other) const {
    return channels == other.channels && height == other.height && width == other.width;
  }
};

namespace detail {

inline std::string with_kernel(const std::string& name, int kernel) {
  const std::string k = std::to_string(kernel);
  return name + " " + k + "x" + k;
}

inline bool is_convolution(const LayerDescription& layer) {
  return layer.kind == LayerKind::convolution;
}

/// A depthwise convolution and the pointwise one that reads it.
inline bool begins_separable(const std::vector<LayerDescription>& layers, std::size_t at) {
  const LayerDescription& first = layers[at];
  if (!is_convolution(first) || first.groups != first.in.channels) return false;
  if (at + 1 == layers.size()) return false;
  const LayerDescription& second = layers[at + 1];
  return is_convolution(second) && second.block == first.block && second.kernel == 1 &&
         second.input == static_cast<int>(at);
}

inline DrawnOperation drawn_operation(const LayerDescription& layer) {
  using Kind = DrawnOperation::Kind;
  switch (layer.kind) {
    case LayerKind::convolution:
      return {Kind::convolution, layer.kernel,
              with_kernel(layer.groups > 1 ? "grouped convolution" : "convolution", layer.kernel)};
    case LayerKind::average_pool:
      return {Kind::pool, layer.kernel, with_kernel("average pooling", layer.kernel)};
    default:
      return {Kind::other, 0, std::string(to_string(layer.kind))};
  }
}

/// Rectifiers, batch norms, sums, dropout and every n-th pixel as it is go without saying.
inline bool goes_without_saying(const LayerDescription& layer) {
  switch (layer.kind) {
    case LayerKind::relu:
    case LayerKind::prelu:
    case LayerKind::batch_norm:
    case LayerKind::plain_batch_norm:
    case LayerKind::add:
    case LayerKind::dropout:
      return true;
    case LayerKind::average_pool:
      return layer.kernel == 1;
    default:
      return false;
  }
}

}  // namespace detail

/// The blocks of a network in their order. A searched layer always has an operation: `identity`,
/// where it has no primitive that says more.
inline std::vector<DrawnBlock> drawn_blocks(const NetworkDescription& network) {
  const std::vector<LayerDescription>& layers = network.layers;
  std::vector<DrawnBlock> blocks;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerDescription& layer = layers[i];
    if (blocks.empty() || blocks.back().block != layer.block) {
      blocks.emplace_back();
      blocks.back().block = layer.block;
    }
    DrawnBlock& block = blocks.back();
    if (layer.kind != LayerKind::global_average_pool && layer.kind != LayerKind::linear &&
        layer.kind != LayerKind::plain_batch_norm) {
      block.channels = layer.out.channels;
      block.height = layer.out.height;
      block.width = layer.out.width;
    }
    if (detail::begins_separable(layers, i)) {
      block.operations.push_back({DrawnOperation::Kind::separable, layer.kernel,
                                  detail::with_kernel("separable convolution", layer.kernel)});
      block.channels = layers[++i].out.channels;
    } else if (!detail::goes_without_saying(layer)) {
      block.operations.push_back(detail::drawn_operation(layer));
    }
  }
  for (DrawnBlock& block : blocks)
    if (block.block >= 0 && block.operations.empty())
      block.operations.push_back({DrawnOperation::Kind::other, 0, "identity"});
  return blocks;
}

/// What is drawn of a network, without its primitive layers.
struct DrawnNetwork {
  std::int64_t parameters = 0, macs = 0;  ///< trainable parameters; multiply-adds for one image
  std::vector<DrawnBlock> blocks;         ///< from the stem to the head

  DrawnNetwork() = default;
  /// Of the one description of a network.
  DrawnNetwork(const NetworkDescription& network)  // NOLINT: every network can be drawn
      : parameters(network.parameters()), macs(network.macs()), blocks(drawn_blocks(network)) {}

  /// Searched layers.
  int depth() const {
    return static_cast<int>(std::count_if(
        blocks.begin(), blocks.end(), [](const DrawnBlock& block) { return block.block >= 0; }));
  }
};

/// Fill of an operation: the kind gives the hue, the kernel the shade; readable on white and black.
inline std::string colour_of(const DrawnOperation& operation) {
  static constexpr const char* kShades[4][4] = {
      {"#b3d1f0", "#5c9bd6", "#2c6cb0", "#234b85"},   // separable: blue
      {"#f9d5a7", "#f0a24e", "#d3701a", "#9c4a12"},   // convolution: orange
      {"#bfe3c6", "#6dbb83", "#3d8f5a", "#2c6a43"},   // pooling: green
      {"#c3c7cf", "#a58bc9", "#7b5ea7", "#573d80"}};  // other: grey, violet with a kernel
  const int shade = std::clamp((operation.kernel - 1) / 2, 0, 3);
  return kShades[static_cast<int>(operation.kind)][shade];
}

}  // namespace nascent
