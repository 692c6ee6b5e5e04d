#pragma once

#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

/// Channels of the first stage (paper symbol W), from the widest down in steps. The bounds of the
/// type are defaults; those of a run are its members.
template <int Min = 16, int Max = 64, int Step = 2>
struct Width {
  static constexpr std::string_view name = "width";

  int min = Min, max = Max, step = Step;  ///< channels

  constexpr int count() const { return (max - min) / step + 1; }
  constexpr int value(int index) const { return max - index * step; }
  constexpr bool contains(int width) const {
    return min <= width && width <= max && (max - width) % step == 0;
  }
};

static_assert(VariablePolicy<Width<>>);

}  // namespace nascent
