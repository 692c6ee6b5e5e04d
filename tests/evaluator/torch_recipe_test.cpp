// A candidate's own recipe, where it is trained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/evaluator/torch_evaluator.hpp"
#include "nascent/search/journal.hpp"
#include "nascent/search/stop_after.hpp"
#include "nascent/space/joint_space.hpp"
#include "nascent/space/variable/batch_size.hpp"
#include "nascent/space/variable/learning_rate.hpp"
#include "nascent/space/variable/weight_decay.hpp"
#include "nascent/train/changed_recipe.hpp"

namespace nascent {
namespace {

using Space =
    JointSpace<SepConvSpace, LearningRate<.025, .1>, WeightDecay<3e-4, 1e-2>, BatchSize<8, 16>>;

HoldOut toy_data() {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(120, 1);
  data.test = toy_images(52, 2);
  data.mean = data.deviation = {.3};
  return data.hold_out({.images = 40});
}

TorchEvaluator<> evaluator(PaperRecipe recipe, std::filesystem::path checkpoints = {}) {
  return TorchEvaluator<>(toy_data(), {.recipe = recipe, .checkpoints = std::move(checkpoints)});
}

Outcome outcome_of(const TorchEvaluator<>& torch, const NetworkTrial& trial) {
  Monitor monitor;
  return torch.evaluate(trial, monitor);
}

/// Keeps the losses, which show every bit of a training's course.
struct Losses : Monitor {
  std::vector<double> losses{};
  void on_epoch(const EpochReport& report) override { losses.push_back(report.loss); }
};

std::vector<double> losses_of(const TorchEvaluator<>& torch, const NetworkTrial& trial) {
  Losses monitor;
  torch.evaluate(trial, monitor);
  return monitor.losses;
}

TEST(CandidateRecipe, ReachesTheTrainingBitForBit) {
  const TorchEvaluator<> torch = evaluator({.batch = 8});
  const NetworkTrial plain{small_network(), {3}, 7};
  const auto expect_equal = [&](const RecipeChanges& changes, const PaperRecipe& whole) {
    NetworkTrial own = plain;
    own.recipe = changes;
    EXPECT_EQ(losses_of(torch, own), losses_of(evaluator(whole), plain)) << to_string(changes);
    EXPECT_NE(losses_of(torch, own), losses_of(torch, plain)) << to_string(changes);
  };
  expect_equal({.learning_rate = .1}, {.optimiser = {.learning_rate = .1}, .batch = 8});
  expect_equal({.weight_decay = .01}, {.optimiser = {.weight_decay = .01}, .batch = 8});
  expect_equal({.batch = 16}, {.batch = 16});
}

TEST(CandidateRecipe, IsThatOfTheSpaceInASearch) {
  Space space;
  space.base.depth = {.min = 3, .max = 3};
  space.base.width = {.min = 4, .max = 4, .step = 1};
  const TorchEvaluator<> torch = evaluator({.batch = 8});
  space.fit_to(torch.problem());
  Space::Architecture architecture = space.start();
  architecture.choices = {1, 1, 1};
  const Trial<Space::Architecture> trial(0, {architecture, Move::protocol}, {2}, 5);
  Monitor monitor;
  const Outcome own = detail::measure(space, torch, trial, monitor);
  const Outcome whole =
      outcome_of(evaluator({.optimiser = {.learning_rate = .1, .weight_decay = 1e-2}, .batch = 16}),
                 {space.describe(architecture), {2}, 5});
  EXPECT_EQ(own.accuracy, whole.accuracy);
  EXPECT_EQ(own.train_accuracy, whole.train_accuracy);
  EXPECT_EQ(own.curve, whole.curve);
}

TEST(CandidateRecipe, IsNotConfusedWithAnotherWhereATrainingGoesOn) {
  const Scratch scratch;
  const TorchEvaluator<> torch = evaluator({.batch = 8}, scratch / "checkpoints");
  const auto part_of = [](const RecipeChanges& recipe) {
    NetworkTrial first{small_network(), {2, 4}, 9};
    first.recipe = recipe;
    return first;
  };
  const auto rest_of = [&](const RecipeChanges& recipe) {
    NetworkTrial rest{small_network(), {4, 4, 2}, 9};
    rest.recipe = recipe;
    rest.parent = std::make_shared<const NetworkTrial>(part_of(recipe));
    return rest;
  };
  const RecipeChanges slow{.learning_rate = .025}, fast{.learning_rate = .2, .batch = 16};
  outcome_of(torch, part_of(slow));  // same seed, same network: its files and states lie there
  NetworkTrial straight{small_network(), {4}, 9};
  straight.recipe = fast;
  const Outcome whole = outcome_of(evaluator({.batch = 8}), straight);
  const Outcome resumed = outcome_of(torch, rest_of(fast));
  EXPECT_EQ(resumed.accuracy, whole.accuracy);
  EXPECT_EQ(resumed.curve, (std::vector<std::int32_t>(whole.curve.begin() + 2, whole.curve.end())));
}

struct WithoutDecay {
  struct Optimiser {
    double learning_rate = 1;
  } optimiser;
  int batch = 1;
};

TEST(CandidateRecipe, RefusesAWeightDecayThatTheOptimiserDoesNotHave) {
  EXPECT_EQ(changed(WithoutDecay{}, {.learning_rate = 2}).optimiser.learning_rate, 2);
  EXPECT_THAT(
      message_of<std::invalid_argument>([] { changed(WithoutDecay{}, {.weight_decay = .1}); }),
      testing::HasSubstr("the optimiser of this recipe has none; leave out WeightDecay"));
}

}  // namespace
}  // namespace nascent
