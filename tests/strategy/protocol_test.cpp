// Recipe variables in a search: the greedy search's fourth phase, JointSpace's recipes, the laws.
#include "nascent/strategy/protocol.hpp"

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/search/journal.hpp"
#include "nascent/space/variable/batch_size.hpp"
#include "nascent/space/variable/learning_rate.hpp"
#include "nascent/space/variable/weight_decay.hpp"
#include "nascent/strategy/aging_evolution.hpp"
#include "nascent/strategy/bayesian_optimisation.hpp"
#include "nascent/strategy/coordinate_sweep.hpp"
#include "nascent/strategy/hill_climb.hpp"
#include "nascent/strategy/local_search.hpp"
#include "nascent/strategy/nsga2.hpp"
#include "nascent/strategy/rand_grow.hpp"
#include "nascent/strategy/reinforce.hpp"
#include "nascent/strategy/tpe.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using Space = JointSpace<SepConvSpace, LearningRate<.025, .05, .1>, WeightDecay<3e-4, 1e-3>,
                         BatchSize<64, 32>>;
using Greedy = Search<GreedyMacroMicro, DynamicEpochRanker, Space>;

/// Best at a learning rate of 0.05 and batches of 32, whatever the network.
struct Formula {
  static constexpr bool heeds_recipe = true;
  Space space{};

  Outcome evaluate(const Trial<Space::Architecture>& trial) const {
    const RecipeChanges recipe = space.recipe_changes(trial.architecture());
    return Outcome(Accuracy::of_percent(80 - 100 * std::abs(*recipe.learning_rate - .05) -
                                        *recipe.batch / 32.),
                   {}, trial.fidelity.epochs);
  }
};

struct Moves {
  std::vector<std::string> protocol{};
  void on_trial(const Trial<Space::Architecture>& trial) {
    if (trial.move() == Move::protocol)
      protocol.push_back(to_string(Space{}.recipe_changes(trial.architecture())));
  }
};

Greedy small() {
  Greedy search;
  search.space.base.depth = {.min = 4, .max = 6};
  return search;
}

TEST(ProtocolPhase, TriesEachOtherValueInItsOrderAndKeepsWhatIsStrictlyBetter) {
  Moves moves;
  const auto found = small().run(Formula{}, {.seed = 1}, moves);
  EXPECT_EQ(moves.protocol, (std::vector<std::string>{
                                "learning_rate=0.05 weight_decay=3e-04 batch=64",  // kept
                                "learning_rate=0.1 weight_decay=3e-04 batch=64",
                                "learning_rate=0.05 weight_decay=0.001 batch=64",  // equal: undone
                                "learning_rate=0.05 weight_decay=3e-04 batch=32"}));  // kept
  EXPECT_EQ(to_string(Space{}.recipe_changes(found.architecture)), moves.protocol.back());
  EXPECT_EQ(found.milestones.back().name, "protocol");
}

TEST(ProtocolPhase, AsksForMoreWhereItsGainSaysSo) {
  Greedy search = small();
  search.strategy.protocol.gain = 2;  // the rate brings 2.5 points, the batch 1
  const auto found = search.run(Formula{}, {.seed = 1});
  EXPECT_EQ(to_string(Space{}.recipe_changes(found.architecture)),
            "learning_rate=0.05 weight_decay=3e-04 batch=64");
}

TEST(ProtocolPhase, IsNoPartOfASearchWithoutRecipeVariables) {
  const Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> plain;
  const auto found = plain.run(testing::Landscape{}, {.seed = 1});
  EXPECT_EQ(found.milestones.back().name, "update");
}

TEST(RecipeVariables, AreWrittenByTheirValuesAndReadAgain) {
  const Space space;
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    const Space::Architecture drawn = space.sample(random);
    EXPECT_EQ(space.parse(to_string(drawn)), drawn) << to_string(drawn);
  }
  EXPECT_EQ(to_string(space.start()),
            to_string(space.base.start()) + " learning_rate=0.025 weight_decay=3e-04 batch=64");
  EXPECT_NE(message_of([&] {
              space.parse(to_string(space.base.start()) +
                          " learning_rate=0.07 weight_decay=3e-04 batch=64");
            }),
            "");
}

TEST(RecipeVariables, GoOnInTheMiddleOfTheProtocolPhase) {
  const Scratch scratch;
  const auto whole = small().run(Formula{}, {.seed = 1}, Journal(scratch / "whole"));
  const int part = whole.cost.trials - 2;
  small().run(Formula{}, {.seed = 1, .max_trials = part}, Journal(scratch / "parts"));
  const auto rest = small().run(Formula{}, {.seed = 1}, Journal(scratch / "parts"));
  EXPECT_EQ(rest.architecture, whole.architecture);
  EXPECT_EQ(read_file(scratch / "whole/journal.jsonl"), read_file(scratch / "parts/journal.jsonl"));
}

TEST(RecipeVariables, KeepTheLawsOfASearch) {
  EXPECT_EQ(testing::broken_law(small(), Formula{}), "");
  const Search<AgingEvolution, FixedEpochRanker, Space> evolution;
  EXPECT_EQ(testing::broken_law(evolution, Formula{}, {.max_trials = 60}), "");
}

template <class Strategy>
class RecipeVariablesUnder : public ::testing::Test {};

using Strategies = ::testing::Types<RandomStrategy, AgingEvolution, LocalSearch, CoordinateSweep,
                                    Tpe, Reinforce, BayesianOptimisation, Nsga2>;
TYPED_TEST_SUITE(RecipeVariablesUnder, Strategies);

/// The values that trials had, by the variable's name.
struct Values {
  std::map<std::string, std::set<double>> of{};
  void on_trial(const Trial<Space::Architecture>& trial) {
    const RecipeChanges recipe = Space{}.recipe_changes(trial.architecture());
    of["learning rate"].insert(*recipe.learning_rate);
    of["weight decay"].insert(*recipe.weight_decay);
    of["batch"].insert(*recipe.batch);
  }
};

TYPED_TEST(RecipeVariablesUnder, VaryKeepTheLawsAndGoOn) {
  Search<TypeParam, FixedEpochRanker, Space> search;
  search.space.base.depth = {.min = 4, .max = 6};
  search.space.base.width = {.min = 4, .max = 8};
  search.ranker.epochs = 1;
  constexpr int kTrials = 90;
  const Scratch scratch;
  Values values;
  const auto whole =
      search.run(Formula{}, {.seed = 1, .max_trials = kTrials}, Journal(scratch / "whole"), values);
  EXPECT_EQ(values.of["learning rate"].size(), 3U);
  EXPECT_EQ(values.of["weight decay"].size(), 2U);
  EXPECT_EQ(values.of["batch"].size(), 2U);
  search.run(Formula{}, {.seed = 1, .max_trials = 40}, Journal(scratch / "parts"));
  const auto rest = search.run(Formula{}, {.seed = 1, .max_trials = kTrials},
                               Journal(scratch / "parts"), Threads(3));
  EXPECT_EQ(rest.architecture, whole.architecture);
  EXPECT_EQ(read_file(scratch / "whole/journal.jsonl"), read_file(scratch / "parts/journal.jsonl"));
  EXPECT_EQ(testing::broken_law(search, Formula{}, {.max_trials = 20}), "");
}

TEST(JointSpace, ForwardsMorphsWithTheRecipeOfTheParent) {
  Space space;
  Space::Architecture parent = space.start();
  parent.choices = {1, 0, 1};
  const auto grown = space.morphs(parent);
  ASSERT_EQ(grown.size(), space.base.morphs(parent.base).size());
  for (const auto& child : grown) EXPECT_EQ(child.choices, parent.choices);
  EXPECT_EQ(space.origin(parent, grown.front()),
            space.base.origin(parent.base, grown.front().base));
  const Search<HillClimb, FixedEpochRanker, Space> climb;
  EXPECT_EQ(testing::broken_law(climb, Formula{}, {.max_trials = 40}), "");
}

}  // namespace
}  // namespace nascent
