// One description of a network, from which shapes, parameters, multiply-adds and the torch module
// all come: there are never two models of one thing.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nascent {

/// Extent of one image or feature map.
struct Shape {
  int channels = 0, height = 0, width = 0;  ///< of one map or image; pixels

  /// How many numbers it holds.
  constexpr std::int64_t size() const { return std::int64_t{channels} * height * width; }
  friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

/// What is to be learned: the shape of one training image and the number of classes.
struct Problem {
  Shape image{3, 32, 32};  ///< that a network is given
  int classes = 10;        ///< that it tells apart

  friend constexpr bool operator==(const Problem&, const Problem&) = default;
};

/// What a primitive layer computes; LayerDescription says how.
enum class LayerKind : std::uint8_t {
  convolution,          ///< without bias; in groups
  batch_norm,           ///< affine
  relu,                 ///< max(0, x)
  add,                  ///< the sum of two maps of one shape
  global_average_pool,  ///< the mean of each channel's map
  linear,               ///< of all numbers of a map, with bias
  average_pool,         ///< means of windows
  zero,                 ///< a map of zeros
  prelu,                ///< x, or slope * x where x < 0; a slope for each channel
  plain_batch_norm,     ///< of a linear layer's numbers, not affine
  dropout               ///< zeroes a share of the numbers in training
};

/// As the enumerators are called.
constexpr std::string_view to_string(LayerKind kind) {
  switch (kind) {
    case LayerKind::convolution:
      return "convolution";
    case LayerKind::batch_norm:
      return "batch_norm";
    case LayerKind::relu:
      return "relu";
    case LayerKind::add:
      return "add";
    case LayerKind::global_average_pool:
      return "global_average_pool";
    case LayerKind::linear:
      return "linear";
    case LayerKind::average_pool:
      return "average_pool";
    case LayerKind::zero:
      return "zero";
    case LayerKind::prelu:
      return "prelu";
    case LayerKind::plain_batch_norm:
      return "plain_batch_norm";
    case LayerKind::dropout:
      return "dropout";
  }
  return "unknown";
}

/// Whether a layer keeps a running mean and variance of each channel.
constexpr bool keeps_statistics(LayerKind kind) {
  return kind == LayerKind::batch_norm || kind == LayerKind::plain_batch_norm;
}

/// One primitive layer. Convolutions and average pooling pad by (kernel - 1) / 2; a mean is of what
/// lies within the map. Convolutions have no bias; the linear layer has one. `zero` is a map of
/// zeros in the shape of its input, which it does not read otherwise.
struct LayerDescription {
  /// Values of `block` outside the searched layers 0 .. depth-1.
  static constexpr int kStem = -1, kHead = -2;  ///< before the first of them, and after the last
  /// Value of `input` for the network's own input.
  static constexpr int kImage = -1;

  LayerKind kind = LayerKind::relu;  ///< what it computes
  int block = kStem;                 ///< searched layer it belongs to, or kStem, kHead
  int input = kImage;                ///< index of the layer whose output it reads
  int other = kImage;                ///< second summand of `add`
  Shape in, out;                     ///< shapes
  int kernel = 1, stride = 1;        ///< of a convolution or an average pooling
  int groups = 1;                    ///< of a convolution
  int percent = 0;                   ///< of the numbers that a dropout zeroes in training

  /// Trainable parameters.
  constexpr std::int64_t parameters() const {
    switch (kind) {
      case LayerKind::convolution:
        return std::int64_t{out.channels} * (in.channels / groups) * kernel * kernel;
      case LayerKind::batch_norm:
        return 2 * std::int64_t{out.channels};
      case LayerKind::linear:
        return (in.size() + 1) * out.channels;
      case LayerKind::prelu:
        return out.channels;
      default:
        return 0;
    }
  }

  /// Multiply-adds for one image, of convolutions and the linear layer.
  constexpr std::int64_t macs() const {
    switch (kind) {
      case LayerKind::convolution:
        return out.size() * (in.channels / groups) * kernel * kernel;
      case LayerKind::linear:
        return in.size() * out.channels;
      default:
        return 0;
    }
  }

  /// What the `flops` of NASLib's tables count for one image: multiply-adds, 2 for each value of a
  /// batch norm, 1 for each of a rectifier, kernel x kernel for each mean; a global mean over h x w
  /// counts as (h + 1)(w + 1). Found from the 491 networks of NAS-Bench-201 whose flops NASLib
  /// lists, which it gives exactly. A PReLU counts as a rectifier, a batch norm that is not affine
  /// half.
  constexpr std::int64_t flops() const {
    switch (kind) {
      case LayerKind::batch_norm:
        return 2 * out.size();
      case LayerKind::relu:
      case LayerKind::prelu:
      case LayerKind::plain_batch_norm:
        return out.size();
      case LayerKind::average_pool:
        return out.size() * kernel * kernel;
      case LayerKind::global_average_pool:
        return Shape{in.channels, in.height + 1, in.width + 1}.size();
      default:
        return macs();
    }
  }
};

/// Layers in an order in which each reads only earlier ones.
struct NetworkDescription {
  Problem problem;                       ///< that it solves
  std::vector<LayerDescription> layers;  ///< the last one gives the logits

  /// Throw std::overflow_error where a sum exceeds 64 bits.
  std::int64_t parameters() const { return total(&LayerDescription::parameters); }
  /// Multiply-adds for one image, of all layers; throws as parameters() does.
  std::int64_t macs() const { return total(&LayerDescription::macs); }
  /// FLOPs for one image, of all layers; throws as parameters() does.
  std::int64_t flops() const { return total(&LayerDescription::flops); }

 private:
  std::int64_t total(std::int64_t (LayerDescription::*cost)() const) const {
    std::int64_t sum = 0;
    for (const LayerDescription& layer : layers)
      if (__builtin_add_overflow(sum, (layer.*cost)(), &sum))
        throw std::overflow_error("the network is too large: its costs exceed 64 bits");
    return sum;
  }
};

/// Everything that a description says, a layer a line: equal texts, equal networks.
inline std::string to_string(const NetworkDescription& description) {
  const auto extent = [](const Shape& s) {
    return std::to_string(s.channels) + "x" + std::to_string(s.height) + "x" +
           std::to_string(s.width);
  };
  const Problem& problem = description.problem;
  std::string text = extent(problem.image) + ", " + std::to_string(problem.classes) + " classes\n";
  for (const LayerDescription& layer : description.layers) {
    text += std::string(to_string(layer.kind)) + " " + extent(layer.in) + " " + extent(layer.out);
    for (const int number :
         {layer.block, layer.input, layer.other, layer.kernel, layer.stride, layer.groups})
      text += " " + std::to_string(number);
    if (layer.kind == LayerKind::dropout) text += " " + std::to_string(layer.percent);
    text += "\n";
  }
  return text;
}

}  // namespace nascent
