// Children of two architectures, for strategies with a population of parents.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <vector>

#include "nascent/space/encoding.hpp"
#include "nascent/space/neighbourhood.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace detail {

template <class P, class A>
concept crosses = requires(const P& space, const A& architecture, Random& random) {
  { space.crossover(architecture, architecture, random) } -> std::same_as<A>;
};

/// Each position from one parent or the other, as likely (uniform crossover, Syswerda 1989).
inline std::vector<int> crossed(std::vector<int> one, const std::vector<int>& other,
                                Random& random) {
  for (std::size_t i = 0; i < one.size(); ++i)
    if (random.below(2) == 1) one[i] = other[i];
  return one;
}

/// Each of the L positions that have another value takes one, uniform, with probability 1/L.
inline std::vector<int> mutated(std::vector<int> code, const std::vector<int>& choices,
                                Random& random) {
  int open = 0;
  for (const int count : choices) open += count > 1;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (choices[i] < 2 || random.below(open) > 0) continue;
    const int other = random.below(choices[i] - 1);
    code[i] = other < code[i] ? other : other + 1;
  }
  return code;
}

}  // namespace detail

/// A space in which two architectures have children: by its own `Architecture crossover(const
/// Architecture&, const Architecture&, Random&) const` and its mutation, else position by position
/// of their encodings.
template <class P>
concept CrossoverSpace = EncodedSpace<P> ||
    (MutableSpace<P>&& detail::crosses<P, typename P::Architecture>);

/// A mutated child of two parents, with probability `crossover` of both, else of the first. Nothing
/// when the encodings make something that lies outside the space.
template <CrossoverSpace Space>
std::optional<typename Space::Architecture> child_of(const Space& space,
                                                     const typename Space::Architecture& one,
                                                     const typename Space::Architecture& other,
                                                     double crossover, Random& random) {
  using A = typename Space::Architecture;
  const bool both = random.unit() < crossover;
  if constexpr (detail::crosses<Space, A> && MutableSpace<Space>) {
    return mutated(space, both ? space.crossover(one, other, random) : one, random);
  } else {
    std::vector<int> code = space.encode(one);
    if (both) code = detail::crossed(std::move(code), space.encode(other), random);
    return detail::decoded(space, detail::mutated(std::move(code), space.choices(), random));
  }
}

}  // namespace nascent
