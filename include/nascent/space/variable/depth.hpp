#pragma once

#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

/// Number of searched layers (paper symbol D). The bounds of the type are defaults; those of a
/// run are its members.
template <int Min = 10, int Max = 100>
struct Depth {
  static constexpr std::string_view name = "depth";

  int min = Min, max = Max;  ///< layers

  constexpr int count() const { return max - min + 1; }
  constexpr int value(int index) const { return min + index; }
  constexpr bool contains(int depth) const { return min <= depth && depth <= max; }
};

static_assert(VariablePolicy<Depth<>>);

}  // namespace nascent
