// What lies near an architecture, for strategies that go step by step.
#pragma once

#include <concepts>
#include <cstddef>

#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {
namespace detail {

template <class P, class A>
concept mutates = requires(const P& space, const A& architecture, Random& random) {
  { space.mutate(architecture, random) } -> std::same_as<A>;
};

}  // namespace detail

/// A space that lists what is one change away.
template <class P>
concept NeighbourSpace = SpacePolicy<P> && detail::gives_neighbours<P, typename P::Architecture>;

/// A space in which one random change can be made: by its own
/// `Architecture mutate(const Architecture&, Random&) const`, else by drawing a neighbour.
template <class P>
concept MutableSpace = SpacePolicy<P> &&(detail::gives_neighbours<P, typename P::Architecture> ||
                                         detail::mutates<P, typename P::Architecture>);

/// One random change: the space's own mutation, or any of its neighbours alike. What has no
/// neighbours stays as it is.
template <MutableSpace Space>
typename Space::Architecture mutated(const Space& space,
                                     const typename Space::Architecture& architecture,
                                     Random& random) {
  if constexpr (detail::mutates<Space, typename Space::Architecture>) {
    return space.mutate(architecture, random);
  } else {
    const auto neighbours = space.neighbours(architecture);
    if (neighbours.empty()) return architecture;
    return neighbours[static_cast<std::size_t>(random.below(static_cast<int>(neighbours.size())))];
  }
}

}  // namespace nascent
