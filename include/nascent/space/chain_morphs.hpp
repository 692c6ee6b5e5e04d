// Growth of chains by steps that keep their function: what ChainSpace offers to strategies whose
// candidates inherit weights.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/operation/growth.hpp"
#include "nascent/space/architecture.hpp"
#include "nascent/space/random.hpp"

namespace nascent::detail {

/// Where the three stages of a chain begin, and its end: the map halves at the second and third.
inline std::array<int, 4> stages_of(int depth) { return {0, depth / 3, 2 * depth / 3, depth}; }

/// Places at which one layer more may be put in, counted in the deeper chain.
///
/// One stage of it is one layer longer, so the layer goes there; not to its front, where channels
/// or the map change, nor to the end of the chain, since only a following rectifier makes the new
/// layer an identity. In a chain of three layers there is no such place.
inline std::vector<int> places_of_new_layer(int depth) {
  const auto before = stages_of(depth), after = stages_of(depth + 1);
  std::size_t longer = 0;
  while (after[longer + 1] - after[longer] == before[longer + 1] - before[longer]) ++longer;
  std::vector<int> places;
  for (int at = after[longer] + 1; at < after[longer + 1] && at < depth; ++at) places.push_back(at);
  return places;
}

/// For each layer of `child` the one of `parent` that it goes on from, or -1 for a new one. Of
/// several answers one: each is as good, since what is put in computes nothing.
/// std::invalid_argument where `child` is not `parent` grown.
inline std::vector<int> chain_origin(const Architecture& parent, const Architecture& child) {
  const auto fits = [&](int from, int to) {
    const LayerChoice &small = parent.layers[static_cast<std::size_t>(from)],
                      &large = child.layers[static_cast<std::size_t>(to)];
    return small.operation == large.operation && small.kernel <= large.kernel;
  };
  std::vector<int> origin(child.layers.size(), -1);
  const auto small = stages_of(parent.depth()), large = stages_of(child.depth());
  int matched = 0;
  for (std::size_t stage = 0; stage < 3; ++stage) {
    // The front of a stage stays its front, the end of the chain its end.
    int to = large[stage];
    for (int from = small[stage]; from < small[stage + 1]; ++from) {
      if (stage == 2 && from + 1 == small[3] && from > small[2]) to = (std::max)(to, large[3] - 1);
      const bool front = from == small[stage];
      while (!front && to < large[stage + 1] && !fits(from, to)) ++to;
      if (to >= large[stage + 1] || !fits(from, to)) break;
      origin[static_cast<std::size_t>(to++)] = from;
      ++matched;
    }
  }
  const bool ends_alike = origin.empty() || origin.back() == parent.depth() - 1;
  if (matched < parent.depth() || !ends_alike || parent.width > child.width)
    throw std::invalid_argument("'" + to_string(child) + "' is not '" + to_string(parent) +
                                "' grown by steps that keep its function");
  return origin;
}

/// All that is one step larger, by the kind of step: a layer put in, a width step more, a larger
/// kernel in one layer; each of them can go on with the weights of `small`.
template <class Space>
std::array<std::vector<Architecture>, 3> chain_morphs(const Space& space,
                                                      const Architecture& small) {
  std::array<std::vector<Architecture>, 3> found;
  const NetworkDescription description = space.describe(small);
  const auto add = [&](std::size_t kind, Architecture child) {
    auto& others = found[kind];  // equal layers side by side give one child twice
    if (std::find(others.begin(), others.end(), child) == others.end() &&
        growth(description, space.describe(child), chain_origin(small, child)).possible())
      others.push_back(std::move(child));
  };
  if (space.can_deepen(small))
    for (const int place : places_of_new_layer(small.depth())) {
      Architecture deeper = small;
      deeper.layers.insert(deeper.layers.begin() + place, LayerChoice{});
      for (int o = 0; o < space.operation_choices(); ++o)
        for (int k = 0; k < space.kernel_choices(); ++k)
          add(0, space.with_kernel(space.with_operation(deeper, place, o), place, k));
    }
  if (small.width + space.width.step <= space.width.max)
    add(1, space.with_width(small, small.width + space.width.step));
  for (int layer = 0; layer < small.depth(); ++layer)
    for (int k = 0; k < space.kernel_choices(); ++k) {
      const Architecture child = space.with_kernel(small, layer, k);
      const auto at = static_cast<std::size_t>(layer);
      if (child.layers[at].kernel > small.layers[at].kernel) add(2, child);
    }
  return found;
}

/// One of them, each kind that there is as likely; `small` itself where there is none.
template <class Space>
Architecture chain_morph(const Space& space, const Architecture& small, Random& random) {
  const auto kinds = chain_morphs(space, small);
  std::vector<const std::vector<Architecture>*> open;
  for (const auto& kind : kinds)
    if (!kind.empty()) open.push_back(&kind);
  const auto below = [&](std::size_t count) {
    return static_cast<std::size_t>(random.below(static_cast<int>(count)));
  };
  if (open.empty()) return small;
  const std::vector<Architecture>& kind = *open[below(open.size())];
  return kind[below(kind.size())];
}

}  // namespace nascent::detail
