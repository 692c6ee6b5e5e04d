// LearningRate, WeightDecay, BatchSize: variables of what a candidate is trained by.
//   greedy search: 39 candidates, trained by learning_rate=0.05 weight_decay=3e-04 batch=32
#include <nascent/space/variable/batch_size.hpp>
#include <nascent/space/variable/learning_rate.hpp>
#include <nascent/space/variable/weight_decay.hpp>

#include "policies.hpp"

using namespace nascent;

using ProtocolSpace =
    JointSpace<SepConvSpace, LearningRate<.025, .05>, WeightDecay<3e-4, 1e-3>, BatchSize<64, 32>>;

struct LikesSmallBatches {
  ProtocolSpace space;
  static constexpr bool heeds_recipe = true;

  Outcome evaluate(const Trial<ProtocolSpace::Architecture>& trial) const {
    const RecipeChanges recipe = space.recipe_changes(trial.architecture());
    return Outcome(Accuracy::of_percent(80 + 100 * *recipe.learning_rate - *recipe.batch / 32), {},
                   trial.fidelity.epochs);
  }
};

void show_recipe_variables() {
  Search<GreedyMacroMicro, DynamicEpochRanker, ProtocolSpace> search;
  search.space.base.depth = {.min = 4, .max = 6};
  const auto found = search.run(LikesSmallBatches{search.space}, {.seed = 1});
  std::printf("greedy search: %d candidates, trained by %s\n", found.cost.trials,
              to_string(search.space.recipe_changes(found.architecture)).c_str());
}
