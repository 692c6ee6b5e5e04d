#pragma once

#include <map>
#include <string>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// The module of every layer: `stem.N`, `mixlayers.BLOCK.op.N`, `head.N` (N counts the primitive
/// layers of the block) and `classifier`, as in the code of the paper's authors.
inline std::vector<std::string> module_names(const NetworkDescription& description) {
  int linears = 0;
  for (const LayerDescription& layer : description.layers)
    linears += layer.block == LayerDescription::kHead && layer.kind == LayerKind::linear;
  std::vector<std::string> names;
  std::map<int, int> next;
  int linear = 0;
  for (const LayerDescription& layer : description.layers) {
    const std::string index = std::to_string(next[layer.block]++);
    if (layer.block == LayerDescription::kStem)
      names.push_back("stem." + index);
    else if (layer.block != LayerDescription::kHead)
      names.push_back("mixlayers." + std::to_string(layer.block) + ".op." + index);
    else if (layer.kind != LayerKind::linear)
      names.push_back("head." + index);
    else
      names.push_back(linears == 1 ? "classifier" : "classifier." + std::to_string(linear++));
  }
  return names;
}

}  // namespace nascent
