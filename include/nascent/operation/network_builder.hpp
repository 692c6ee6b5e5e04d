// Writes a NetworkDescription layer by layer; operations and spaces speak to this and nothing else.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// Appends layers to the output written last; shapes follow by themselves.
///
/// Throws std::invalid_argument where a layer does not fit the shape before it.
class NetworkBuilder {
 public:
  /// Of the map written last.
  struct Convolution {
    int channels = 0;  ///< out
    int kernel = 3;    ///< odd; padding is kernel / 2
    int stride = 1;    ///< of both axes
    int groups = 1;    ///< the channels in for a depthwise convolution
  };

  /// Begins with the problem's image.
  explicit NetworkBuilder(Problem problem) : shape_(problem.image) { net_.problem = problem; }

  /// Room for `layers` primitive layers.
  void reserve(std::size_t layers) { net_.layers.reserve(layers); }

  /// Names the searched layer (or kStem, kHead) to which the following primitives belong.
  void begin_block(int block) { block_ = block; }

  /// Of the output written last.
  Shape shape() const { return shape_; }

  /// Index of the layer written last, for `from` and `add`.
  int here() const { return last_; }

  /// Goes on from the output of an earlier layer: the start of a branch.
  NetworkBuilder& from(int layer) {
    last_ = layer;
    shape_ = shape_of(layer);
    return *this;
  }

  /// Without bias, padded so that the map's size is divided by the stride, rounded up.
  NetworkBuilder& convolution(Convolution c) {
    if (c.channels < 1 || c.kernel < 1 || c.kernel % 2 == 0 || c.stride < 1 || c.groups < 1 ||
        shape_.channels % c.groups != 0 || c.channels % c.groups != 0)
      throw std::invalid_argument(
          "a convolution needs positive channels and stride, an odd kernel and groups that divide "
          "the channels in and out, not channels " +
          std::to_string(shape_.channels) + " to " + std::to_string(c.channels) + ", kernel " +
          std::to_string(c.kernel) + ", stride " + std::to_string(c.stride) + ", groups " +
          std::to_string(c.groups) + "; correct the operation's `describe`");
    const Shape out{c.channels, strided(shape_.height, c.stride), strided(shape_.width, c.stride)};
    LayerDescription& layer = append(LayerKind::convolution, out);
    layer.kernel = c.kernel;
    layer.stride = c.stride;
    layer.groups = c.groups;
    return *this;
  }

  /// Affine, over the batch and the map of each channel.
  NetworkBuilder& batch_norm() { return append(LayerKind::batch_norm, shape_), *this; }

  /// Max(0, x).
  NetworkBuilder& relu() { return append(LayerKind::relu, shape_), *this; }

  /// X, or a slope times x where x < 0; the slope is a trainable number of each channel.
  NetworkBuilder& prelu() { return append(LayerKind::prelu, shape_), *this; }

  /// Zeroes so many per cent of the numbers in training, drawn anew for each image, and scales the
  /// others up.
  NetworkBuilder& dropout(int percent) {
    if (percent < 0 || percent > 99)
      throw std::invalid_argument("a dropout zeroes 0 to 99 per cent, not " +
                                  std::to_string(percent));
    append(LayerKind::dropout, shape_).percent = percent;
    return *this;
  }

  /// Over the batch, without a trainable scale and shift.
  NetworkBuilder& plain_batch_norm() {
    if (last_ == LayerDescription::kImage || net_.layers.back().kind != LayerKind::linear)
      throw std::invalid_argument(
          "a batch norm that is not affine follows a linear layer; write `linear` before it");
    return append(LayerKind::plain_batch_norm, shape_), *this;
  }

  /// Adds the output of an earlier layer of the same shape.
  NetworkBuilder& add(int layer) {
    if (shape_of(layer) != shape_)
      throw std::invalid_argument("an addition needs two outputs of one shape, not " +
                                  in_words(shape_) + " and, of layer " + std::to_string(layer) +
                                  ", " + in_words(shape_of(layer)) +
                                  "; give the shorter way the same channels and stride");
    append(LayerKind::add, shape_).other = layer;
    return *this;
  }

  /// Means of kernel x kernel values, as far as they lie within the map.
  NetworkBuilder& average_pool(int kernel, int stride) {
    const int padding = (kernel - 1) / 2 * 2;  // on both sides together
    if (kernel < 1 || stride < 1 || (std::min)(shape_.height, shape_.width) + padding < kernel)
      throw std::invalid_argument(
          "an average pooling needs a positive kernel, no larger than the padded map, and stride, "
          "not kernel " +
          std::to_string(kernel) + " and stride " + std::to_string(stride) + " on " +
          in_words(shape_));
    const auto pooled = [&](int extent) { return (extent + padding - kernel) / stride + 1; };
    LayerDescription& layer = append(
        LayerKind::average_pool, {shape_.channels, pooled(shape_.height), pooled(shape_.width)});
    layer.kernel = kernel;
    layer.stride = stride;
    return *this;
  }

  /// A map of zeros in the shape of the output written last.
  NetworkBuilder& zero() { return append(LayerKind::zero, shape_), *this; }

  /// The mean of each channel's map.
  NetworkBuilder& global_average_pool() {
    append(LayerKind::global_average_pool, {shape_.channels, 1, 1});
    return *this;
  }

  /// A linear layer with bias, from all numbers of the map to so many.
  NetworkBuilder& linear(int channels) {
    append(LayerKind::linear, {channels, 1, 1});
    return *this;
  }

  /// The network; the builder is used up.
  NetworkDescription finish() && { return std::move(net_); }

 private:
  /// "16x32x32": channels, height, width.
  static std::string in_words(const Shape& shape) {
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
           std::to_string(shape.width);
  }

  static int strided(int extent, int stride) { return (extent - 1) / stride + 1; }

  Shape shape_of(int layer) const {
    return layer == LayerDescription::kImage ? net_.problem.image
                                             : net_.layers.at(static_cast<std::size_t>(layer)).out;
  }

  LayerDescription& append(LayerKind kind, Shape out) {
    LayerDescription layer;
    layer.kind = kind;
    layer.block = block_;
    layer.input = last_;
    layer.in = shape_;
    layer.out = out;
    net_.layers.push_back(layer);
    last_ = static_cast<int>(net_.layers.size()) - 1;
    shape_ = out;
    return net_.layers.back();
  }

  NetworkDescription net_;
  Shape shape_;
  int block_ = LayerDescription::kStem;
  int last_ = LayerDescription::kImage;
};

}  // namespace nascent
