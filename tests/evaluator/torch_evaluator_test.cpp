#include "nascent/evaluator/torch_evaluator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/search/options.hpp"

namespace nascent {
namespace {

using testing::Each;
using testing::HasSubstr;

static_assert(EvaluatorPolicy<TorchEvaluator<>, Architecture>);

HoldOut toy_data() {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(120, 1);
  data.test = toy_images(52, 2);
  data.mean = data.deviation = {.3};
  return data.hold_out({.images = 40});
}

TorchEvaluator<> evaluator(TorchOptions<> options = {.recipe = {.batch = 8}}) {
  return TorchEvaluator(toy_data(), options);
}

NetworkTrial trial(std::uint64_t seed = 1, int epochs = 3) {
  return {small_network(), {epochs}, seed};
}

std::map<std::string, std::string> options_of(const TorchEvaluator<>& torch) {
  OptionList list;
  append_options(list, "torch", torch);
  return {list.begin(), list.end()};
}

TEST(TorchEvaluator, SaysWhatItsNetworksAreTrainedFor) {
  EXPECT_EQ(evaluator().problem(), (Problem{{1, 20, 20}, 4}));
}

TEST(TorchEvaluator, JudgesByTheHeldOutImagesAndLeavesTheTestSetSealed) {
  const TorchEvaluator<> torch = evaluator();
  Monitor monitor;
  const Outcome outcome = torch.evaluate(trial(), monitor);
  EXPECT_EQ(outcome.accuracy.total, 40);
  EXPECT_EQ(outcome.train_accuracy.total, 80);
  EXPECT_EQ(outcome.epochs, 3);
  EXPECT_GT(outcome.seconds, 0);
  EXPECT_EQ(torch.data().test.times_opened(), 0);
  EXPECT_EQ(options_of(torch)["torch.signal"], "held-out");
}

TEST(TorchEvaluator, JudgesByTheTestSetOnlyWhenAskedAndSaysSo) {
  const TorchEvaluator<> torch = evaluator({.recipe = {.batch = 8}, .paper_mode = true});
  Monitor monitor;
  EXPECT_EQ(torch.evaluate(trial(), monitor).accuracy.total, 52);
  EXPECT_EQ(torch.data().test.times_opened(), 1);
  EXPECT_EQ(options_of(torch)["torch.signal"], "test set (paper mode)");
  EXPECT_EQ(options_of(torch)["torch.signal_images"], "52");
}

TEST(TorchEvaluator, OpensTheTestSetOnceInAFinalTraining) {
  const TorchEvaluator<> torch = evaluator();
  Monitor monitor;
  const FinalAccuracy accuracy = torch.final_accuracy(trial(), monitor);
  EXPECT_EQ(accuracy.held_out.total, 40);
  EXPECT_EQ(accuracy.test.total, 52);
  EXPECT_EQ(torch.data().test.times_opened(), 1);
}

TEST(TorchEvaluator, GivesTheSameOutcomeForTheSameTrialInEveryThread) {
  const TorchEvaluator<> torch = evaluator();
  std::vector<Outcome> outcomes(5);
  {
    std::vector<std::jthread> threads;
    for (Outcome& outcome : outcomes)
      threads.emplace_back([&, copy = torch] {
        Monitor monitor;
        outcome = copy.evaluate(trial(3), monitor);
      });
  }
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.accuracy, outcomes[0].accuracy);
    EXPECT_EQ(outcome.train_accuracy, outcomes[0].train_accuracy);
  }
}

TEST(TorchEvaluator, ListsEverythingThatAnOutcomeDependsOn) {
  const auto base = options_of(evaluator());
  const auto differs = [&](const char* field, TorchOptions<> options) {
    EXPECT_NE(base.at(field), options_of(evaluator(options)).at(field)) << field;
  };
  differs("torch.batch", {});
  differs("torch.learning_rate", {.recipe = {.optimiser = {.learning_rate = 1}, .batch = 8}});
  differs("torch.threads", {.recipe = {.batch = 8}, .threads = 2});
  differs("torch.signal_checksum", {.recipe = {.batch = 8}, .paper_mode = true});
  HoldOut other = toy_data();
  ++other.train.pixels[77];
  EXPECT_NE(base.at("torch.train_checksum"),
            options_of(TorchEvaluator(other)).at("torch.train_checksum"));
  EXPECT_EQ(base.at("torch.flip"), "false");  // the data set forbids it
}

TEST(TorchEvaluator, SaysInOneLineThatMemoryIsShort) {
  NetworkBuilder builder({{1, 20, 20}, 4});
  constexpr int kHuge = 1 << 28;
  builder.convolution({.channels = kHuge}).convolution({.channels = kHuge, .kernel = 1});
  builder.global_average_pool().linear(4);
  const NetworkTrial huge{std::move(builder).finish(), {1}, 1};
  Monitor monitor;
  const std::string message = message_of([&] { evaluator().evaluate(huge, monitor); });
  EXPECT_THAT(message, HasSubstr("memory"));
  EXPECT_EQ(std::ranges::count(message, '\n'), 0) << message;
}

TEST(TorchEvaluator, AnswersAMeasureOtherThanTheAccuracyWithoutTraining) {
  const TorchEvaluator<> torch = evaluator();
  Monitor monitor;
  NetworkTrial scored = trial();
  scored.fidelity = {.measure = Measure::synflow};
  const Outcome outcome = torch.evaluate(scored, monitor);
  EXPECT_EQ(outcome.epochs, 0);
  EXPECT_GT(outcome.accuracy.percent(), 0);
  EXPECT_EQ(metric(outcome.metrics, "parameters"), double(scored.network.parameters()));
  EXPECT_EQ(metric(outcome.metrics, "flops"), double(scored.network.flops()));
  EXPECT_EQ(torch.data().test.times_opened(), 0);
  scored.fidelity.measure = Measure::parameters;
  EXPECT_EQ(torch.evaluate(scored, monitor).accuracy.percent(),
            double(scored.network.parameters()) / 1e6);
}

/// Callback: what became of every trial.
struct Failures {
  std::vector<std::string> seen{};
  void on_outcome(const Trial<Architecture>&, const Outcome& outcome) {
    seen.push_back(outcome.failure);
  }
};

TEST(TorchEvaluator, MakesADivergedTrainingAFailedOutcomeThatDoesNotEndTheSearch) {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;
  search.strategy.trials = 3;
  search.ranker.epochs = 2;
  search.space.depth = {.min = 3, .max = 4};
  search.space.width = {.min = 2, .max = 4, .step = 1};
  Failures failures;
  TorchEvaluator torch = evaluator({.recipe = {.optimiser = {.learning_rate = 1e38}, .batch = 8}});
  const auto found = search.run(torch, {.seed = 1}, failures);
  EXPECT_TRUE(found.judgement.failed);
  EXPECT_EQ(failures.seen.size(), 3U);
  EXPECT_THAT(failures.seen, Each(HasSubstr("the loss is not finite in epoch 1, step ")));
}

}  // namespace
}  // namespace nascent
