// A residual network for faces, as a value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <numeric>
#include <string>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/space/architecture.hpp"

namespace nascent {

/// Four stages of residual blocks. Of each block the two convolutions are chosen one by one: they
/// are the searched layers.
struct ResidualFaceNetwork {
  static constexpr std::size_t kStages = 4;  ///< each halves the map and, but the first, doubles W

  int width = 0;                      ///< channels of the stem and the first stage (W)
  std::array<int, kStages> blocks{};  ///< of each stage
  std::vector<LayerChoice> layers;    ///< two a block, first to last

  ResidualFaceNetwork() = default;
  /// With equal layers everywhere.
  ResidualFaceNetwork(std::array<int, kStages> blocks_of_stages, int first_stage_channels,
                      LayerChoice everywhere = {'c', 3})
      : width(first_stage_channels),
        blocks(blocks_of_stages),
        layers(2 * static_cast<std::size_t>(block_count()), everywhere) {}

  /// Of all stages.
  int block_count() const { return std::accumulate(blocks.begin(), blocks.end(), 0); }

  /// As papers name such networks: two convolutions a block, the stem and the linear layer, so
  /// R-18 has eight blocks.
  int named_depth() const { return 2 * block_count() + 2; }

  friend bool operator==(const ResidualFaceNetwork&, const ResidualFaceNetwork&) = default;
};

/// `b1-2-1-1 w32 ops=cccccccccc kernels=3333333333`; ResidualFaceSpace::parse reads it back.
inline std::string to_string(const ResidualFaceNetwork& network) {
  std::string text = "b";
  for (std::size_t stage = 0; stage < network.blocks.size(); ++stage)
    text += (stage == 0 ? "" : "-") + std::to_string(network.blocks[stage]);
  text += " w" + std::to_string(network.width) + " ops=";
  for (const LayerChoice& layer : network.layers) text += layer.operation;
  text += " kernels=";
  for (const LayerChoice& layer : network.layers) text += static_cast<char>('0' + layer.kernel);
  return text;
}

/// As to_string says it.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                             const ResidualFaceNetwork& network) {
  return out << to_string(network);
}

}  // namespace nascent

template <>
struct std::hash<nascent::ResidualFaceNetwork> {
  std::size_t operator()(const nascent::ResidualFaceNetwork& network) const {
    return static_cast<std::size_t>(nascent::stable_hash(nascent::to_string(network)));
  }
};
