#include "nascent/evaluator/supernet_evaluator.hpp"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/search/options.hpp"
#include "nascent/train/named_tensors.hpp"
#include "nascent/train/optimiser/adamw.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

HoldOut toy_data() {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(120, 1);
  data.test = toy_images(52, 2);
  data.mean = data.deviation = {.3};
  return data.hold_out({.images = 40});
}

SepConvSpace one_size(int depth = 3, int width = 4) {
  SepConvSpace space;
  space.depth = {.min = depth, .max = depth};
  space.width = {.min = width, .max = width, .step = 1};
  return space;
}

using Plain = Recipe<Sgd, Cosine, Augment<>>;
using Evaluator = SupernetEvaluator<SepConvSpace, Plain>;
using Options = SupernetOptions<Plain>;

Evaluator supernet(Options options = {.recipe = {.batch = 8}, .epochs = 30}) {
  Monitor monitor;
  return {toy_data(), one_size(), options, monitor};
}

const Evaluator& trained() {
  static const Evaluator evaluator = supernet();
  return evaluator;
}

Trial<Architecture> trial(const char* text, std::uint64_t seed = 1) {
  return {0, {parse_architecture(text), Move::sample}, {1}, seed};
}

constexpr const char* kMixed = "d3 w4 ops=scs kernels=353";

bool same(const std::map<std::string, at::Tensor>& a, const std::map<std::string, at::Tensor>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && at::equal(x.second, y.second);
  });
}

TEST(SupernetEvaluator, LearnsWeightsThatSuitAnyOfItsNetworks) {
  for (const char* text : {kMixed, "d3 w4 ops=sss kernels=333", "d3 w4 ops=ccc kernels=535"}) {
    const Outcome outcome = trained().evaluate(trial(text));
    EXPECT_EQ(outcome.accuracy.total, 40);
    EXPECT_GE(outcome.accuracy.percent(), 50) << text;  // a guess: 25
    EXPECT_EQ(outcome.epochs, 0);
  }
}

TEST(SupernetEvaluator, DrawsEachChoiceOfEachLayerAlikeOften) {
  constexpr int kSteps = 4000;
  std::map<std::pair<int, int>, int> counts;  // of layer and choice
  for (int step = 0; step < kSteps; ++step) {
    const Architecture path = trained().path(step / 100, step % 100);
    for (int i = 0; i < path.depth(); ++i) {
      const LayerChoice& layer = path.layers[std::size_t(i)];
      ++counts[{i, layer.operation * 10 + layer.kernel}];
    }
  }
  ASSERT_EQ(counts.size(), 12U);  // 3 layers, 4 choices
  const double expected = kSteps / 4.0, deviation = std::sqrt(expected * 3 / 4);
  for (const auto& [choice, count] : counts) EXPECT_NEAR(count, expected, 4 * deviation);
}

TEST(SupernetEvaluator, HasEachBlockOnceForEachWayToBuildIt) {
  // Stem and head, and of each of 3 layers 4 ways.
  EXPECT_EQ(trained().weights().snapshot().size(), 14U);
}

TEST(SupernetEvaluator, LeavesTheWeightsAsTheyAreWhenItScores) {
  const auto before = trained().weights().snapshot();
  const Outcome first = trained().evaluate(trial(kMixed)),
                again = trained().evaluate(trial(kMixed, 2));
  EXPECT_EQ(first.accuracy, again.accuracy);
  EXPECT_TRUE(same(before, trained().weights().snapshot()));
}

TEST(SupernetEvaluator, IsTheSameFromTheSameSeedAlone) {
  const Options options{.recipe = {.batch = 8}, .epochs = 1};
  Options other = options;
  other.seed = 2;
  const auto weights = supernet(options).weights().snapshot();
  EXPECT_TRUE(same(weights, supernet(options).weights().snapshot()));
  EXPECT_FALSE(same(weights, supernet(other).weights().snapshot()));
}

TEST(SupernetEvaluator, ScoresAlikeInSeveralThreads) {
  std::vector<Outcome> outcomes(4);
  {
    std::vector<std::jthread> threads;
    for (Outcome& outcome : outcomes)
      threads.emplace_back([&, copy = trained()] { outcome = copy.evaluate(trial(kMixed)); });
  }
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.accuracy, outcomes[0].accuracy);
}

TEST(SupernetEvaluator, ComputesAsANetworkOfItsOwnWithTheSameWeights) {
  Network candidate = trained().network(parse_architecture(kMixed));
  SepConvSpace space = one_size();
  space.fit_to(trained().problem());
  const NetworkDescription description = space.describe(parse_architecture(kMixed));
  Network alone(description, 99, at::kCPU, MemoryLayout::nchw);  // LibTorch's operations
  const at::NoGradGuard guard;
  const auto theirs = named_tensors(description, candidate);
  const auto mine = named_tensors(description, alone);
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i].values.copy_(theirs[i].values);
  const ImageBatch batch = evaluation_batch(
      toy_data().held_out, Normalizer(std::vector{.3}, std::vector{.3}), 0, 40, at::kCPU);
  const at::Tensor difference =
      candidate.forward(batch.images, false) - alone.forward(batch.images, false);
  EXPECT_LT(difference.abs().max().item<float>(), 1e-5);
}

// Batches of all training images: the mean over them of the batches' statistics, not a trace of the
// initial 0 and 1.
TEST(SupernetEvaluator, TakesTheStatisticsFromTheTrainingImages) {
  Network candidate = trained().network(parse_architecture(kMixed));
  const at::NoGradGuard guard;
  const at::Tensor before = candidate.flat_statistics().clone();
  EXPECT_TRUE(at::equal(before, trained().network(parse_architecture(kMixed)).flat_statistics()));
  const at::Tensor images =
      evaluation_batch(toy_data().train, Normalizer(std::vector{.3}, std::vector{.3}), 0, 80,
                       at::kCPU)
          .images;
  candidate.flat_statistics().zero_();
  candidate.forward(images, true);
  const at::Tensor stem =
      candidate.flat_statistics().narrow(0, 8, 8) * 10;  // variances, width 2 * 4
  EXPECT_LT((before.narrow(0, 8, 8) - stem).abs().max().item<float>(),
            .5 * stem.max().item<float>());
}

TEST(SupernetEvaluator, RefusesWhatHasAnotherSize) {
  for (const char* text : {"d4 w4 ops=scss kernels=3533", "d3 w3 ops=scs kernels=353"})
    EXPECT_THAT(message_of([&] { trained().evaluate(trial(text)); }),
                HasSubstr("the supernet has 3 layers of width 4; it has no weights for '"));
  Monitor monitor;
  SepConvSpace sizes = one_size();
  sizes.depth.max = 5;
  EXPECT_THAT(message_of([&] { SupernetEvaluator<>(toy_data(), sizes, {}, monitor); }),
              HasSubstr("a supernet has one depth and one width"));
}

TEST(SupernetEvaluator, RefusesProxies) {
  Trial<Architecture> scored = trial(kMixed);
  scored.fidelity.measure = Measure::snip;
  EXPECT_THAT(message_of([&] { trained().evaluate(scored); }),
              HasSubstr("ask TorchEvaluator for snip"));
}

TEST(SupernetEvaluator, SaysWhatItDependsOnAndThatWeightsAreShared) {
  OptionList list;
  append_options(list, "supernet", trained());
  const std::map<std::string, std::string> options(list.begin(), list.end());
  EXPECT_EQ(options.at("supernet.supernet_epochs"), "30");
  EXPECT_EQ(options.at("supernet.batch"), "8");
  EXPECT_THAT(trained().caveat(), HasSubstr("SHARED WEIGHTS"));
}

TEST(SupernetEvaluator, KeepsTheStateOfOtherOptimisersToo) {
  Monitor monitor;
  const SupernetEvaluator<SepConvSpace, Recipe<AdamW, Cosine, Augment<>>> evaluator(
      toy_data(), one_size(), {.recipe = {.batch = 8}, .epochs = 30}, monitor);
  EXPECT_GE(evaluator.evaluate(trial(kMixed)).accuracy.percent(), 50);
}

TEST(SupernetEvaluator, SaysWhereItsTrainingDiverged) {
  EXPECT_THAT(
      message_of([] { supernet({.recipe = {.optimiser = {.learning_rate = 1e38}, .batch = 8}}); }),
      HasSubstr("the supernet's loss is not finite in epoch 1, step "));
}

}  // namespace
}  // namespace nascent
