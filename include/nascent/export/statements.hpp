// A network as straight-line code, which every export writes in its own language.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "nascent/operation/module_names.hpp"
#include "nascent/operation/network_description.hpp"

namespace nascent {

/// One layer: out = layer(in), or for an addition in + other.
struct Statement {
  LayerDescription layer;      ///< what it computes
  std::string module;          ///< see module_names
  std::string in, other, out;  ///< variables; the images come in "x"
};

namespace detail {

/// Gives out variables, those that nobody reads any more first: x, x1, x2, ...
class Variables {
 public:
  std::string take() {
    const auto free = std::ranges::find(used_, false);
    const auto slot = static_cast<std::size_t>(free - used_.begin());
    if (free == used_.end()) used_.push_back(false);
    used_[slot] = true;
    return slot == 0 ? "x" : "x" + std::to_string(slot);
  }

  void give_back(const std::string& variable) {
    used_[variable == "x" ? 0 : std::stoul(variable.substr(1))] = false;
  }

 private:
  std::vector<bool> used_;
};

/// "stem.0" as a name of C++ and of TorchScript: "stem_0".
inline std::string identifier(std::string module) {
  std::ranges::replace(module, '.', '_');
  return module;
}

}  // namespace detail

/// The layers in their order. A variable is used again when nobody reads it any more, so that a
/// chain has but one, and maps are freed early.
inline std::vector<Statement> statements(const NetworkDescription& description) {
  const std::size_t count = description.layers.size();
  const auto place = [](int layer) { return static_cast<std::size_t>(layer + 1); };  // 0: the image
  std::vector<std::size_t> last(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const LayerDescription& layer = description.layers[i];
    last[i + 1] = i;
    last[place(layer.input)] = i;
    if (layer.kind == LayerKind::add) last[place(layer.other)] = i;
  }
  const std::vector<std::string> modules = module_names(description);
  detail::Variables variables;
  std::vector<std::string> holds{variables.take()};
  std::vector<Statement> all;
  for (std::size_t i = 0; i < count; ++i) {
    const LayerDescription& layer = description.layers[i];
    Statement next{layer, modules[i], holds[place(layer.input)], "", ""};
    if (layer.kind == LayerKind::add) next.other = holds[place(layer.other)];
    for (std::size_t value = 0; value < holds.size(); ++value)
      if (last[value] == i) variables.give_back(holds[value]);
    next.out = variables.take();
    holds.push_back(next.out);
    all.push_back(next);
  }
  return all;
}

}  // namespace nascent
