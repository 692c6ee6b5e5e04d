// A made-up world to try policies in: a score for every trial, without training.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/space/random.hpp"

namespace nascent::testing {

/// Evaluator: the outcome follows from the architecture's text, the epochs and the world alone.
/// Scores come in steps of 0.05 points, so ties and thresholds met exactly are common; in some
/// worlds longer texts (deeper networks) are better, in some all is nearly perfect.
struct Landscape {
  std::uint64_t world = 1;  ///< of endless many, each with another optimum
  int failing = 0;          ///< one trial in so many fails; 0 for none

  static constexpr bool heeds_recipe = true;  ///< the text holds the recipe

  /// Images behind its accuracies, and how finely they are told.
  static constexpr std::int64_t kImages = 10'000, kStep = 5;

  /// Of an architecture's text: the same in every run.
  Outcome outcome(std::string_view text, int epochs) const {
    Random of_world(world, "landscape");
    const std::int64_t base = kImages * (80 + of_world.below(20)) / 100;
    const int slope = of_world.below(4), noise = 1 + of_world.below(30);
    Random of_trial(stable_hash(text, mix(world)) + static_cast<std::uint64_t>(epochs));
    if (failing > 0 && of_trial.below(failing) == 0) return Outcome::failed("a hole in the ground");
    const std::int64_t steps =
        slope * static_cast<std::int64_t>(text.size()) / 2 + of_trial.below(noise);
    const std::int64_t correct = (std::min)(base + steps * kStep, kImages);
    const std::int64_t trained = (std::min)(correct + of_trial.below(50), kImages);
    return Outcome({correct, kImages}, {trained, kImages}, epochs, 0.25 * epochs);
  }

  template <class Architecture>
  Outcome evaluate(const Trial<Architecture>& trial) const {
    Outcome measured = outcome(to_string(trial.architecture()), trial.fidelity.epochs);
    if (measured.ok()) measured.epochs = trial.fidelity.epochs_to_train();
    return measured;
  }

  template <class Field>
  void options(Field&& field) const {
    field("world", world);
    field("failing", failing);
  }
};

}  // namespace nascent::testing
