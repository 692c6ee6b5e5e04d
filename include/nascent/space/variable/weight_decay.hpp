#pragma once

#include "nascent/space/variable/recipe_variable.hpp"

namespace nascent {

/// Weight decay of a candidate's training; the first value is where a search starts:
/// `WeightDecay<3e-4, 1e-3>` starts at the paper's (4.1).
template <double First, double... Others>
struct WeightDecay : detail::RecipeValues<First, Others...> {
  static_assert(((First >= 0) && ... && (Others >= 0)),
                "nascent: a WeightDecay is at least 0 - docs/concepts.md#recipe-variables");

  static constexpr std::string_view name = "weight_decay";

  /// Sets the decay of that index.
  static constexpr void change(RecipeChanges& recipe, int index) {
    recipe.weight_decay = WeightDecay::value(index);
  }
};

static_assert(RecipeVariable<WeightDecay<3e-4, 0.>>);

}  // namespace nascent
