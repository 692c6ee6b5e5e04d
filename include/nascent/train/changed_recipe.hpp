#pragma once

#include <stdexcept>

#include "nascent/search/recipe_changes.hpp"

namespace nascent {

/// A recipe with what a candidate changes in it. Throws std::invalid_argument for a weight decay
/// where the optimiser has none.
template <class RecipeType>
RecipeType changed(RecipeType recipe, const RecipeChanges& changes) {
  if (changes.learning_rate) recipe.optimiser.learning_rate = *changes.learning_rate;
  if (changes.batch) recipe.batch = *changes.batch;
  if (!changes.weight_decay) return recipe;
  if constexpr (requires { recipe.optimiser.weight_decay = *changes.weight_decay; })
    recipe.optimiser.weight_decay = *changes.weight_decay;
  else
    throw std::invalid_argument(
        "the space varies the weight decay, and the optimiser of this recipe has none; leave out "
        "WeightDecay, or take an optimiser with a `weight_decay`");
  return recipe;
}

}  // namespace nascent
