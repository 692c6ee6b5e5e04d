#pragma once

#include "nascent/space/variable/recipe_variable.hpp"

namespace nascent {

/// Learning rate of a candidate's training, before the schedule's factor; the first value is where
/// a search starts: `LearningRate<.025, .05, .1>` starts at the paper's (4.1).
template <double First, double... Others>
struct LearningRate : detail::RecipeValues<First, Others...> {
  static_assert(((First > 0) && ... && (Others > 0)),
                "nascent: a LearningRate is above 0 - docs/concepts.md#recipe-variables");

  static constexpr std::string_view name = "learning_rate";

  /// Sets the rate of that index.
  static constexpr void change(RecipeChanges& recipe, int index) {
    recipe.learning_rate = LearningRate::value(index);
  }
};

static_assert(RecipeVariable<LearningRate<.025, .05>>);

}  // namespace nascent
