// Architectures as lists of numbers, for strategies that learn which value is good where.
#pragma once

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A space whose architectures are lists of choices: `choices()` says how many values each position
/// has, `encode` and `decode` are inverse. A list of values that exist may still be no architecture
/// of the space; then `contains` says so of what `decode` gives.
template <class P>
concept ChoiceSpace = SpacePolicy<P> &&
    requires(const P& space, const typename P::Architecture& architecture,
             const std::vector<int>& list) {
  { space.choices() } -> std::same_as<std::vector<int>>;
  { space.encode(architecture) } -> std::same_as<std::vector<int>>;
  { space.decode(list) } -> std::same_as<typename P::Architecture>;
};

namespace detail {

/// Throws std::invalid_argument unless `list` has a value that exists for each of `choices`.
inline void require_choices(const std::vector<int>& choices, const std::vector<int>& list) {
  bool fits = list.size() == choices.size();
  for (std::size_t i = 0; fits && i < list.size(); ++i) fits = list[i] >= 0 && list[i] < choices[i];
  if (fits) return;
  std::string text;
  for (const int choice : choices)
    text += (text.empty() ? "" : ", ") + ("0 to " + std::to_string(choice - 1));
  throw std::invalid_argument("a list of choices of this space has one number for each position: " +
                              text);
}

}  // namespace detail
}  // namespace nascent
