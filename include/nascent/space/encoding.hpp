// Architectures as lists of numbers, for strategies that look at one position after the other or
// learn which value is good where.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A space whose architectures are lists of values: `choices()` says how many values each position
/// has (0 .. count-1), and `decode` is the inverse of `encode`. Positions that do not matter for an
/// architecture are ignored. A list of values that exist may still mean no architecture of the
/// space: `contains(architecture)`, if there is such a member, is then false for what `decode`
/// gives.
template <class P>
concept EncodedSpace = SpacePolicy<P> &&
    requires(const P& space, const typename P::Architecture& architecture,
             const std::vector<int>& code) {
  { space.choices() } -> std::same_as<std::vector<int>>;
  { space.encode(architecture) } -> std::same_as<std::vector<int>>;
  { space.decode(code) } -> std::same_as<typename P::Architecture>;
};

namespace detail {

template <class P, class A>
concept tells_membership = requires(const P& space, const A& architecture) {
  { space.contains(architecture) } -> std::convertible_to<bool>;
};

template <class P>
consteval bool explain_encoding() {
  constexpr bool has_encoding = EncodedSpace<P>;  // a bool: the compiler lists no notes
  static_assert(has_encoding,
                "nascent: CoordinateSweep, Tpe, Reinforce and BayesianOptimisation need a Space "
                "with `std::vector<int> choices() const`, `std::vector<int> encode(const "
                "Architecture&) const` and `Architecture decode(const std::vector<int>&) const` - "
                "docs/concepts.md#encoding");
  return has_encoding;
}

/// What `code` means, or nothing when that lies outside the space.
template <EncodedSpace Space>
std::optional<typename Space::Architecture> decoded(const Space& space,
                                                    const std::vector<int>& code) {
  auto architecture = space.decode(code);
  if constexpr (tells_membership<Space, typename Space::Architecture>)
    if (!space.contains(architecture)) return std::nullopt;
  return architecture;
}

/// Throws std::invalid_argument unless `code` has, for each of `choices`, a value that exists.
inline void require_code(const std::vector<int>& choices, const std::vector<int>& code) {
  if (code.size() != choices.size())
    throw std::invalid_argument("an encoding of this space has " + std::to_string(choices.size()) +
                                " positions, not " + std::to_string(code.size()));
  for (std::size_t i = 0; i < code.size(); ++i)
    if (code[i] < 0 || code[i] >= choices[i])
      throw std::invalid_argument(
          "position " + std::to_string(i) + " of an encoding of this space is from 0 to " +
          std::to_string(choices[i] - 1) + ", not " + std::to_string(code[i]));
}

}  // namespace detail
}  // namespace nascent
