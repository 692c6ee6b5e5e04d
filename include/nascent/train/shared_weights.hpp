// Weights that many networks share, block by block.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

/// The parameters of all networks of a space that has one place for each block and several ways to
/// build it: networks that build a block alike share its weights, and what an optimiser keeps for
/// them. A network is computed from copies, which `keep` brings back.
template <class Optimiser>
class SharedWeights {
 public:
  /// What the optimiser keeps for one network.
  using State = typename Optimiser::State;

  /// Adds the blocks that are not there yet, with the weights of `network`.
  void add(const Optimiser& optimiser, const NetworkDescription& description, Network& network) {
    State start = optimiser.start(network.flat_parameters());
    for (const Block& block : blocks(description)) {
      if (blocks_.contains(block.key)) continue;
      auto& kept = blocks_[block.key];
      for_each_flat(network, start,
                    [&](const at::Tensor& flat) { kept.push_back(block.of(flat).clone()); });
    }
    for_each_other(network, start, [&](std::size_t i, at::Tensor& tensor) {
      if (others_.size() <= i) others_.push_back(tensor.clone());
    });
  }

  /// Gives a network the shared weights and an optimiser for them its state.
  State lend(const Optimiser& optimiser, const NetworkDescription& description,
             Network& network) const {
    const at::NoGradGuard guard;
    State state = optimiser.start(network.flat_parameters());
    for (const Block& block : blocks(description)) {
      const auto& kept = blocks_.at(block.key);
      std::size_t next = 0;
      for_each_flat(network, state,
                    [&](const at::Tensor& flat) { block.of(flat).copy_(kept[next++]); });
    }
    for_each_other(network, state,
                   [&](std::size_t i, at::Tensor& tensor) { tensor.copy_(others_[i]); });
    return state;
  }

  /// Takes over what a training has made of them.
  void keep(const NetworkDescription& description, Network& network, State& state) {
    const at::NoGradGuard guard;
    for (const Block& block : blocks(description)) {
      auto& kept = blocks_.at(block.key);
      std::size_t next = 0;
      for_each_flat(network, state,
                    [&](const at::Tensor& flat) { kept[next++].copy_(block.of(flat)); });
    }
    for_each_other(network, state,
                   [&](std::size_t i, at::Tensor& tensor) { others_[i].copy_(tensor); });
  }

  /// Numbers in all blocks.
  std::int64_t parameters() const {
    std::int64_t count = 0;
    for (const auto& [key, kept] : blocks_) count += kept[0].numel();
    return count;
  }

  /// Weights of every block by its name, for comparisons.
  std::map<std::string, at::Tensor> snapshot() const {
    std::map<std::string, at::Tensor> weights;
    for (const auto& [key, kept] : blocks_) weights.emplace(key, kept[0].detach().clone());
    return weights;
  }

 private:
  /// Layers that stand side by side in a description and in the flat tensors.
  struct Block {
    std::string key;  ///< its place and how it is built
    std::int64_t offset = 0, count = 0;

    at::Tensor of(const at::Tensor& flat) const { return flat.detach().narrow(0, offset, count); }
  };

  static std::vector<Block> blocks(const NetworkDescription& description) {
    std::vector<Block> found;
    std::int64_t offset = 0;
    int place = 0;
    for (const LayerDescription& layer : description.layers) {
      if (found.empty() || layer.block != place)
        found.push_back({std::to_string(place = layer.block), offset, 0});
      found.back().key += how_built(layer);
      found.back().count += layer.parameters();
      offset += layer.parameters();
    }
    return found;
  }

  static std::string how_built(const LayerDescription& layer) {
    std::string text = ", " + std::string(to_string(layer.kind));
    for (const int number :
         {layer.in.channels, layer.out.channels, layer.kernel, layer.stride, layer.groups})
      text += " " + std::to_string(number);
    return text;
  }

  /// The parameters, then what the optimiser keeps one number a parameter of.
  template <class Visit>
  static void for_each_flat(Network& network, State& state, Visit visit) {
    visit(network.flat_parameters());
    Optimiser::visit(state, [&](const char*, at::Tensor& tensor) {
      if (tensor.numel() == network.parameters()) visit(tensor);
    });
  }

  /// What it keeps for all parameters together.
  template <class Visit>
  static void for_each_other(Network& network, State& state, Visit visit) {
    std::size_t i = 0;
    Optimiser::visit(state, [&](const char*, at::Tensor& tensor) {
      if (tensor.numel() != network.parameters()) visit(i++, tensor);
    });
  }

  std::map<std::string, std::vector<at::Tensor>> blocks_;
  std::vector<at::Tensor> others_;
};

}  // namespace nascent
