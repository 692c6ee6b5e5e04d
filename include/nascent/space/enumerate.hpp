// Every architecture of a small space, in order; range-v3 lives in this header and nowhere else.
#pragma once

#include <cstdint>
#include <range/v3/view/cartesian_product.hpp>
#include <range/v3/view/iota.hpp>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "nascent/space/chain_space.hpp"

namespace nascent {

/// Number of architectures on the grid of the space: the sum over depths of (|O||K|)^depth, times
/// the number of widths.
template <class D, class W, class O, class K>
double architecture_count(const ChainSpace<D, W, O, K>& space) {
  double count = 0, of_depth = 1;
  const double choices = static_cast<double>(O::count()) * K::count();
  for (int depth = 1; depth <= space.depth.max; ++depth) {
    of_depth *= choices;
    if (depth >= space.depth.min) count += of_depth;
  }
  return count * space.width.count();
}

/// Calls `visit(architecture)` for each architecture on the grid: depths ascending, widths from the
/// largest down, then the layers' choices, the last layer's changing fastest.
///
/// Throws std::invalid_argument for a space of more than 2^53 architectures.
template <class D, class W, class O, class K, class Visit>
void enumerate(const ChainSpace<D, W, O, K>& space, Visit visit) {
  namespace views = ranges::views;
  if (architecture_count(space) > 0x1.0p53)
    throw std::invalid_argument(
        "the space has more architectures than can be enumerated, 2^53; "
        "narrow its bounds");
  const std::int64_t choices = std::int64_t{O::count()} * K::count();
  const auto sizes = views::cartesian_product(views::iota(0, space.depth.count()),
                                              views::iota(0, space.width.count()));
  for (const auto [deep, wide] : sizes) {
    Architecture architecture(space.depth.value(deep), space.width.value(wide));
    std::int64_t codes = 1;
    for (int i = 0; i < architecture.depth(); ++i) codes *= choices;
    for (std::int64_t code : views::iota(std::int64_t{0}, codes)) {
      for (auto layer = architecture.layers.rbegin(); layer != architecture.layers.rend();
           ++layer, code /= choices) {
        const int choice = static_cast<int>(code % choices);
        *layer = {O::value(choice / K::count()),
                  static_cast<std::uint8_t>(K::value(choice % K::count()))};
      }
      visit(std::as_const(architecture));
    }
  }
}

}  // namespace nascent
