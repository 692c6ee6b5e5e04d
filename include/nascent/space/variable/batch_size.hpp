#pragma once

#include "nascent/space/variable/recipe_variable.hpp"

namespace nascent {

/// Images a step of a candidate's training; the first value is where a search starts:
/// `BatchSize<64, 32>` starts at the paper's (4.1). An epoch costs as much with each of them, in
/// images.
template <int First, int... Others>
struct BatchSize : detail::RecipeValues<First, Others...> {
  static_assert(((First > 0) && ... && (Others > 0)),
                "nascent: a BatchSize is at least 1 - docs/concepts.md#recipe-variables");

  static constexpr std::string_view name = "batch";

  /// Sets the batch of that index.
  static constexpr void change(RecipeChanges& recipe, int index) {
    recipe.batch = BatchSize::value(index);
  }
};

static_assert(RecipeVariable<BatchSize<64, 32>>);

}  // namespace nascent
