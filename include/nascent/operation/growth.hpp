// How a network goes on from a smaller one, layer by layer, computing the same function.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// For each primitive layer of the larger network, the one of the smaller network that its weights
/// come from, or -1 for one of a new searched layer; or what is in the way.
struct Growth {
  std::vector<int> source;  ///< an index, or -1, for each layer of the larger network
  std::string obstacle;  ///< empty where the larger network can compute the smaller one's function

  /// Whether the larger network can begin as the smaller one.
  bool possible() const { return obstacle.empty(); }
};

namespace detail {

class GrowthReader {
 public:
  GrowthReader(const NetworkDescription& parent, const NetworkDescription& child,
               const std::vector<int>& origin)
      : parent_(parent.layers), child_(child.layers), origin_(origin) {}

  Growth read() {
    if (is_chain(parent_) && is_chain(child_)) read_blocks();
    if (growth_.possible() && at_ != parent_.size()) obstacle("layers of the parent are left out");
    return std::move(growth_);
  }

 private:
  using Layers = std::vector<LayerDescription>;

  void obstacle(std::string what) {
    if (growth_.possible()) growth_.obstacle = std::move(what);
  }

  bool is_chain(const Layers& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const LayerDescription& layer = layers[i];
      if (layer.input != static_cast<int>(i) - 1 || layer.kind == LayerKind::add)
        obstacle("the network has branches");
      if (layer.kind > LayerKind::zero ||
          (layer.kind == LayerKind::linear && layer.in.size() != layer.in.channels))
        obstacle("a layer of kind " + std::string(to_string(layer.kind)) + " cannot be inherited");
      if (layer.groups != 1 &&
          (layer.groups != layer.in.channels || layer.groups != layer.out.channels))
        obstacle("a convolution has groups that are no single channels");
    }
    return growth_.possible();
  }

  void read_blocks() {
    for (std::size_t begin = 0; begin < child_.size() && growth_.possible();) {
      std::size_t end = begin;
      while (end < child_.size() && child_[end].block == child_[begin].block) ++end;
      if (is_new(child_[begin].block))
        read_new(begin, end);
      else
        read_grown(begin, end);
      begin = end;
    }
  }

  /// The parent's block that a block comes from.
  int source_of(int block) const {
    if (block == LayerDescription::kStem || block == LayerDescription::kHead) return block;
    const auto index = static_cast<std::size_t>(block);
    return index < origin_.size() ? origin_[index] : -1;
  }
  bool is_new(int block) const {
    return block != LayerDescription::kStem && source_of(block) == -1;
  }

  /// A new layer is an identity behind a rectifier, which only another rectifier makes exact.
  void read_new(std::size_t begin, std::size_t end) {
    const std::string where = "layer " + std::to_string(child_[begin].block);
    if (child_[begin].kind != LayerKind::relu || child_[end - 1].kind != LayerKind::batch_norm)
      obstacle(where + " is new and does not go from a rectifier to a batch norm");
    for (std::size_t i = begin; i < end; ++i) {
      const LayerDescription& layer = child_[i];
      if (layer.in != layer.out) obstacle(where + " is new and changes the shape");
      if (i > begin && i + 1 < end && layer.kind != LayerKind::convolution)
        obstacle(where + " is new and does more than convolve");
      growth_.source.push_back(-1);
    }
    if (end == child_.size() || child_[end].kind != LayerKind::relu)
      obstacle(where + " is new and no rectifier follows it");
  }

  void read_grown(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i, ++at_) {
      const std::string where = "layer " + std::to_string(child_[i].block);
      if (at_ == parent_.size() || parent_[at_].block != source_of(child_[i].block))
        return obstacle(where + " does not follow the parent's layers in their order");
      if (!grows(parent_[at_], child_[i]))
        return obstacle(where +
                        " has another operation or stride, or is smaller, than the parent's");
      growth_.source.push_back(static_cast<int>(at_));
    }
  }

  /// Only convolutions have windows that can grow, with weights of zero.
  static bool grows(const LayerDescription& small, const LayerDescription& large) {
    const bool windows = small.kind == LayerKind::convolution ? small.kernel <= large.kernel
                                                              : small.kernel == large.kernel;
    const auto fits = [](const Shape& before, const Shape& after) {
      return before.channels <= after.channels && before.height == after.height &&
             before.width == after.width;
    };
    return small.kind == large.kind && windows && small.stride == large.stride &&
           (small.groups == 1) == (large.groups == 1) && fits(small.in, large.in) &&
           fits(small.out, large.out);
  }

  const Layers &parent_, &child_;
  const std::vector<int>& origin_;
  std::size_t at_ = 0;  // next layer of the parent
  Growth growth_;
};

}  // namespace detail

/// `origin` holds, for each searched layer of `child`, the one of `parent` that it goes on from, or
/// -1 for a new one.
inline Growth growth(const NetworkDescription& parent, const NetworkDescription& child,
                     const std::vector<int>& origin) {
  return detail::GrowthReader(parent, child, origin).read();
}

}  // namespace nascent
