// Variables of the training protocol: what an architecture of a JointSpace is trained by.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>

#include "nascent/meta/type_table.hpp"
#include "nascent/search/recipe_changes.hpp"
#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

/// A variable whose values are changes of the training recipe. They are those of the type, not of
/// an object, so that the text of an architecture can name the value itself.
///
/// Minimal complete definition: that of a VariablePolicy with static `count` and `value`, and
/// `static void change(RecipeChanges& recipe, int index)`.
/// Models: LearningRate, WeightDecay, BatchSize. See docs/concepts.md#recipe-variables.
template <class V>
concept RecipeVariable = VariablePolicy<V> && requires(RecipeChanges& recipe) {
  V::change(recipe, 0);
  { V::count() } -> std::convertible_to<int>;
  V::value(0);
};

namespace detail {

/// What the recipe variables have in common: a list of values, the paper's first.
template <auto First, decltype(First)... Others>
struct RecipeValues {
  /// In the order in which they were listed.
  static constexpr std::array<std::remove_const_t<decltype(First)>, 1 + sizeof...(Others)> values{
      First, Others...};
  static_assert(meta::all_different(values),
                "nascent: the values of a recipe variable must differ; leave one out - "
                "docs/concepts.md#recipe-variables");

  static constexpr int count() { return static_cast<int>(values.size()); }
  static constexpr auto value(int index) { return values[static_cast<std::size_t>(index)]; }
};

/// How the text of an architecture names the value of a variable: a recipe's by itself, any other
/// by its index.
template <class Variable>
std::string choice_text(int index) {
  if constexpr (RecipeVariable<Variable>)
    if (0 <= index && index < Variable::count()) return option_text(Variable::value(index));
  return std::to_string(index);
}

/// For the options of a run.
template <class Variable>
std::string listed_values() {
  std::string text;
  for (int i = 0; i < Variable::count(); ++i)
    text += (i == 0 ? "" : ", ") + option_text(Variable::value(i));
  return text;
}

}  // namespace detail
}  // namespace nascent
