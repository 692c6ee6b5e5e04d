#pragma once

#include <optional>
#include <string>

#include "nascent/search/options.hpp"

namespace nascent {

/// What a candidate's own recipe changes in that of the evaluator; what is empty stays.
struct RecipeChanges {
  std::optional<double> learning_rate{};  ///< at the schedule's factor 1
  std::optional<double> weight_decay{};   ///< of the optimiser
  std::optional<int> batch{};             ///< images a step

  friend bool operator==(const RecipeChanges&, const RecipeChanges&) = default;
};

/// "learning_rate=0.05 batch=32"; empty where nothing is changed. Tells any two apart.
inline std::string to_string(const RecipeChanges& changes) {
  std::string text;
  const auto add = [&](const char* name, const auto& value) {
    if (value)
      text += (text.empty() ? "" : " ") + std::string(name) + "=" + detail::option_text(*value);
  };
  add("learning_rate", changes.learning_rate);
  add("weight_decay", changes.weight_decay);
  add("batch", changes.batch);
  return text;
}

}  // namespace nascent
