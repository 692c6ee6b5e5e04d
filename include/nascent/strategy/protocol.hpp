#pragma once

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Fourth phase, where the space has recipe variables (the joint search of architecture and
/// training protocol that the paper names as future work): one variable after the other, its other
/// values in their listed order, on the network that was found.
///
/// It comes last, when there is one network left to tune: a recipe that was chosen before would
/// have been chosen for a network that the phases after it give up. It compares with the baseline
/// and the changes of Micro, so the ranker must train for as long as it did for those.
struct Protocol {
  double gain = 0;  ///< points that another value must exceed the best by, strictly

  template <RecipeSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge, Judged<Space> found) const {
    Judged<Space> best = found;
    for (int variable = 0; variable < space.recipe_variables(); ++variable) {
      for (int choice = 0; choice < space.recipe_choices(variable); ++choice) {
        auto changed = space.with_recipe_choice(best.architecture, variable, choice);
        if (changed == best.architecture) continue;
        Judged<Space> candidate = co_await judge(changed, Move::protocol);
        if (candidate.exceeds(best, gain)) {
          best = candidate;
          judge.incumbent(best);
        }
      }
    }
    judge.milestone("protocol", best);
    co_return best;
  }

  template <class Field>
  void options(Field&& field) const {
    field("gain", gain);
  }
};

}  // namespace nascent
