// Growth that keeps a network's function, for strategies whose candidates inherit weights.
#pragma once

#include <concepts>
#include <cstddef>
#include <vector>

#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {
namespace detail {

template <class P, class A>
concept lists_morphs = requires(const P& space, const A& architecture) {
  { space.morphs(architecture) } -> std::same_as<std::vector<A>>;
};

template <class P, class A>
concept draws_morph = requires(const P& space, const A& architecture, Random& random) {
  { space.morph(architecture, random) } -> std::same_as<A>;
};

template <class P, class A>
concept has_seedlings = requires(const P& space, Random& random) {
  { space.seedling(random) } -> std::same_as<A>;
};

template <class P, class A>
concept tells_origin = requires(const P& space, const A& architecture) {
  { space.origin(architecture, architecture) } -> std::same_as<std::vector<int>>;
};

}  // namespace detail

/// A space that lists what an architecture can grow into: networks that compute its function once
/// they have inherited its weights (network morphism, Wei et al. 2016; Net2Net, Chen et al. 2016).
/// Optional: `Architecture morph(const Architecture&, Random&) const`, one of them by odds of its
/// own; `Architecture seedling(Random&) const`, a small one to grow from; and, so that weights can
/// be inherited, `std::vector<int> origin(const Architecture& parent, const Architecture& child)
/// const`, for each searched layer of a grown architecture the parent's, or -1 for a new one.
template <class P>
concept MorphSpace = SpacePolicy<P> && detail::lists_morphs<P, typename P::Architecture>;

/// A small architecture to grow from: a seedling, or a sample where the space knows none.
template <MorphSpace Space>
typename Space::Architecture seedling(const Space& space, Random& random) {
  if constexpr (detail::has_seedlings<Space, typename Space::Architecture>)
    return space.seedling(random);
  else
    return space.sample(random);
}

/// Grown by `steps` random morphs, one after another; by fewer where no more are possible.
template <MorphSpace Space>
typename Space::Architecture grown(const Space& space, typename Space::Architecture architecture,
                                   int steps, Random& random) {
  for (int i = 0; i < steps; ++i) {
    if constexpr (detail::draws_morph<Space, typename Space::Architecture>) {
      architecture = space.morph(architecture, random);
    } else {
      const auto morphs = space.morphs(architecture);
      if (morphs.empty()) return architecture;
      architecture =
          morphs[static_cast<std::size_t>(random.below(static_cast<int>(morphs.size())))];
    }
  }
  return architecture;
}

}  // namespace nascent
