// What a trial's key asks for, on LibTorch: schedules, parts of a training, shares, curves, weights
// that are inherited.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/evaluator/torch_evaluator.hpp"
#include "nascent/search/executor/threads.hpp"
#include "nascent/space/objective.hpp"
#include "nascent/strategy/hill_climb.hpp"
#include "nascent/strategy/nsga2.hpp"
#include "nascent/train/loss/label_smoothing.hpp"
#include "nascent/train/optimiser/adamw.hpp"
#include "nascent/train/schedule/one_cycle.hpp"

namespace nascent {
namespace {

namespace fs = std::filesystem;
using OtherRecipe = Recipe<AdamW, OneCycle, Augment<HorizontalFlip>, LabelSmoothing>;
using Curve = std::vector<std::int32_t>;

HoldOut toy_data() {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(120, 1);
  data.test = toy_images(52, 2);
  data.mean = data.deviation = {.3};
  return data.hold_out({.images = 40});
}

template <class RecipeType = PaperRecipe>
TorchOptions<RecipeType> options_with(fs::path checkpoints, std::size_t state_bytes) {
  TorchOptions<RecipeType> options{.recipe = {.batch = 8}};
  options.checkpoints = std::move(checkpoints);
  options.state_bytes = state_bytes;
  return options;
}

/// Counts the steps that are trained, and the epochs that are told of.
struct Steps : Monitor {
  int steps = 0;
  std::vector<int> epochs{};
  void on_epoch(const EpochReport& report) override { epochs.push_back(report.epoch); }
  bool cancelled() override { return ++steps, false; }
};
constexpr int kStepsPerEpoch = 10;

constexpr int kRungs[] = {1, 3, 9};

/// The parts of one training, each with the one before as its parent.
std::vector<NetworkTrial> rungs(int schedule) {
  std::vector<NetworkTrial> parts;
  int resumed = 0;
  for (const int epochs : kRungs) {
    NetworkTrial part{small_network(), {epochs, schedule, resumed}, 0xabc};
    if (!parts.empty()) part.parent = std::make_shared<const NetworkTrial>(parts.back());
    parts.push_back(part);
    resumed = epochs;
  }
  return parts;
}

struct Parts {
  std::vector<Outcome> outcomes{};
  Curve curve{};
  int steps = 0;

  template <class Evaluator>
  void add(const Evaluator& evaluator, const NetworkTrial& trial) {
    Steps monitor;
    outcomes.push_back(evaluator.evaluate(trial, monitor));
    const Outcome& outcome = outcomes.back();
    steps += monitor.steps;
    curve.insert(curve.end(), outcome.curve.begin(), outcome.curve.end());
    EXPECT_EQ(outcome.epochs, trial.fidelity.epochs_to_train());
    EXPECT_EQ(std::ssize(monitor.epochs), outcome.epochs) << "epochs of others are nobody's news";
  }
};

/// All tensors of a state but its times.
std::map<std::string, std::vector<std::uint8_t>> tensors_of(const fs::path& path) {
  std::map<std::string, std::vector<std::uint8_t>> bytes;
  const Safetensors state = Safetensors::read(path);
  for (const auto& [name, tensor] : state.tensors())
    if (name != "seconds" && name != "checksum") bytes[name] = tensor.bytes;
  return bytes;
}

const std::string kLast = "0000000000000abc-9.safetensors";

/// Rungs in memory, lost and from disk, against a straight training; the schedule spans one epoch
/// more, so that the last state is kept and can be compared.
template <class RecipeType>
void expect_parts_to_equal_the_whole() {
  const Scratch scratch;
  constexpr int kSchedule = 10;
  constexpr std::size_t kMuch = 1 << 24;
  const NetworkTrial straight_trial{small_network(), {9, kSchedule}, 0xabc};
  Parts straight;
  straight.add(
      TorchEvaluator<RecipeType>(toy_data(), options_with<RecipeType>(scratch / "whole", kMuch)),
      straight_trial);
  const auto whole = tensors_of(scratch / "whole" / kLast);
  EXPECT_EQ(straight.steps, 9 * kStepsPerEpoch);

  const auto expect_equal = [&](const Parts& run, int steps, const char* how) {
    EXPECT_EQ(run.outcomes.back().accuracy, straight.outcomes[0].accuracy) << how;
    EXPECT_EQ(run.outcomes.back().train_accuracy, straight.outcomes[0].train_accuracy) << how;
    EXPECT_EQ(run.curve, straight.curve) << how;
    EXPECT_EQ(run.steps, steps * kStepsPerEpoch) << how;
  };
  Parts kept, lost, restarted;
  const TorchEvaluator<RecipeType> in_memory(toy_data(), options_with<RecipeType>({}, kMuch));
  const TorchEvaluator<RecipeType> forgetful(toy_data(), options_with<RecipeType>({}, 0));
  for (const NetworkTrial& part : rungs(kSchedule)) {
    kept.add(in_memory, part);
    lost.add(forgetful, part);
    restarted.add(
        TorchEvaluator<RecipeType>(toy_data(), options_with<RecipeType>(scratch / "parts", kMuch)),
        part);
  }
  expect_equal(kept, 9, "in memory");
  expect_equal(lost, 1 + 3 + 9, "lost");
  expect_equal(restarted, 9, "from disk");
  EXPECT_TRUE(whole == tensors_of(scratch / "parts" / kLast));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch / "parts"), {}), 1)
      << "what was gone on from is removed";
}

TEST(TorchTrialKey, APausedTrainingEqualsAStraightOneBitForBit) {
  expect_parts_to_equal_the_whole<PaperRecipe>();
}

TEST(TorchTrialKey, APausedTrainingByAnotherRecipeEqualsAStraightOneBitForBit) {
  expect_parts_to_equal_the_whole<OtherRecipe>();
}

TEST(TorchTrialKey, TheLastPartEndsLikeAStraightTrainingAndLeavesNothing) {
  const Scratch scratch;
  const auto options = options_with(scratch / "c", 0);
  Parts straight, parts;
  straight.add(TorchEvaluator(toy_data(), options), {small_network(), {9}, 0xabc});
  for (const NetworkTrial& part : rungs(9)) parts.add(TorchEvaluator(toy_data(), options), part);
  EXPECT_EQ(parts.curve, straight.curve);
  EXPECT_EQ(parts.outcomes.back().accuracy, straight.outcomes[0].accuracy);
  EXPECT_TRUE(fs::is_empty(scratch / "c"));
}

TEST(TorchTrialKey, TheScheduleIsThatOfTheWholeTraining) {
  const TorchEvaluator torch(toy_data(), options_with({}, 0));
  Parts early, whole;
  early.add(torch, {small_network(), {3, 30}, 1});
  whole.add(torch, {small_network(), {3}, 1});
  EXPECT_NE(early.outcomes[0].train_accuracy, whole.outcomes[0].train_accuracy);
  Steps monitor;
  EXPECT_THROW(torch.evaluate({small_network(), {5, 4}, 1}, monitor), std::invalid_argument);
  EXPECT_THROW(torch.evaluate({small_network(), {5, 9, 5}, 1}, monitor), std::invalid_argument);
}

TEST(TorchTrialKey, AStateOfAnotherTrainingUnderTheSameSeedIsNotTaken) {
  const TorchEvaluator torch(toy_data(), options_with({}, 1 << 24));
  std::vector<NetworkTrial> parts = rungs(9), others = rungs(12);
  Parts run, alone;
  run.add(torch, others[0]);  // kept under the name of parts[0]
  run.add(torch, parts[1]);
  alone.add(TorchEvaluator(toy_data(), options_with({}, 0)), parts[1]);
  EXPECT_EQ(run.outcomes[1].accuracy, alone.outcomes[0].accuracy);
  EXPECT_EQ(run.outcomes[1].curve, alone.outcomes[0].curve);
  EXPECT_EQ(run.steps, (1 + 3) * kStepsPerEpoch);
}

TEST(TorchTrialKey, TheCurveHasTheRightAnswersAfterEachEpoch) {
  const TorchEvaluator torch(toy_data(), options_with({}, 0));
  Steps monitor;
  const Outcome outcome = torch.evaluate({small_network(), {4}, 3}, monitor);
  ASSERT_EQ(outcome.curve.size(), 4U);
  EXPECT_EQ(*std::ranges::max_element(outcome.curve), outcome.accuracy.correct);
}

TEST(TorchTrialKey, AShareOfTheImagesIsTrainedOn) {
  const TorchEvaluator torch(toy_data(), options_with({}, 0));
  Steps monitor;
  NetworkTrial trial{small_network(), {2}, 3};
  for (const Subset subset : {Subset::random, Subset::stratified, Subset::k_centre}) {
    trial.fidelity.share = .25;
    trial.fidelity.subset = subset;
    const Outcome outcome = torch.evaluate(trial, monitor);
    EXPECT_EQ(outcome.train_accuracy.total, 20);
    EXPECT_EQ(outcome.accuracy.total, 40);
  }
}

TEST(TorchTrialKey, ALatencyIsMeasuredWhereItIsAskedFor) {
  TorchOptions<> options = options_with({}, 0);
  Steps monitor;
  const NetworkTrial trial{small_network(), {1}, 3};
  EXPECT_TRUE(TorchEvaluator(toy_data(), options).evaluate(trial, monitor).metrics.empty());
  options.latency = true;
  const Outcome outcome = TorchEvaluator(toy_data(), options).evaluate(trial, monitor);
  EXPECT_GT(metric(outcome.metrics, "latency_ms"), 0);
}

// Three rungs as a ranker asks for them.

struct Rungs {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    Outcome outcome = co_await train(Epochs{1, 9});
    outcome = co_await train.go_on(Epochs{3, 9});
    outcome = co_await train.go_on(Epochs{9, 9});
    co_return outcome;
  }
};

struct SmallSpace
    : ChainSpace<Depth<4, 7>, Width<2, 6, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5>> {};

TEST(Latency, IsAnObjectiveOfASearchThatTrains) {
  TorchOptions<> options{.recipe = {.batch = 40}};
  options.latency = true;
  const TorchEvaluator evaluator(toy_data(), options);
  SmallSpace space;
  space.fit_to(evaluator.problem());
  const std::vector objectives{objectives::accuracy, objectives::latency};
  const Search<Nsga2, FixedEpochRanker, SmallSpace> search(
      {.objectives = objectives, .population = 4}, {.epochs = 1}, space);
  const auto found = search.run(evaluator, {.seed = 3, .max_evaluations = 10});
  const auto front = found.front(objectives);
  ASSERT_FALSE(front.members.empty());
  for (const auto& member : front.members) {
    const Judged<SmallSpace>& a = member.candidate;
    EXPECT_GT(metric(a.judgement.metrics, "latency_ms"), 0);
    for (const auto& b : found.judged) {
      const bool better =
          b.judgement.accuracy.more_than(a.judgement.accuracy) &&
          *metric(b.judgement.metrics, "latency_ms") < *metric(a.judgement.metrics, "latency_ms");
      EXPECT_FALSE(better) << to_string(b.architecture) << " beats " << to_string(a.architecture);
    }
  }
}

struct Keeper {
  std::vector<Trial<Architecture>> trials{};
  std::vector<Outcome> outcomes{};
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    EXPECT_EQ(outcome.failure, "");
    trials.push_back(trial);
    outcomes.push_back(outcome);
  }
};

TEST(TorchTrialKey, ASearchThatPausesFindsWhatOneThatDoesNotFinds) {
  const Search<RandomStrategy, Rungs, SmallSpace> paused({.trials = 3});
  const Search<RandomStrategy, FixedEpochRanker, SmallSpace> straight({.trials = 3}, {.epochs = 9});
  Keeper parts, whole;
  TorchEvaluator torch(toy_data(), options_with({}, 1 << 24));
  paused.run(torch, {}, parts);
  straight.run(torch, {}, whole);
  ASSERT_EQ(parts.outcomes.size(), 9U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(parts.outcomes[3 * i + 2].accuracy, whole.outcomes[i].accuracy);
}

// Inheritance.

template <class... Around>
Keeper climb(const TorchOptions<>& options, const Around&... around) {
  Search<HillClimb, FixedEpochRanker, SmallSpace> search;
  search.strategy = {.steps = 2, .children = 3, .morphs = 2};
  search.ranker.epochs = 3;
  Keeper keeper;
  TorchEvaluator torch(toy_data(), options);
  search.run(torch, {.seed = 4}, keeper, around...);
  return keeper;
}

TEST(TorchTrialKey, AChildBeginsWithTheAccuracyOfItsParent) {
  const Scratch scratch;
  const Keeper keeper = climb(options_with(scratch / "c", 0));
  ASSERT_EQ(keeper.trials.size(), 7U);
  SmallSpace space;
  const HoldOut data = toy_data();
  space.fit_to(TorchEvaluator(data).problem());
  const Normalizer normalizer(data.mean, data.deviation);
  for (const auto& trial : keeper.trials) {
    if (!trial.parent) continue;
    const NetworkDescription small = space.describe(trial.parent->architecture());
    const NetworkDescription large = space.describe(trial.architecture());
    char name[40];
    std::snprintf(name, sizeof name, "%016llx-3.safetensors",
                  static_cast<unsigned long long>(trial.parent->seed));
    Network parent(small, 1), child(large, 2);
    load_tensors(Safetensors::read(scratch / "c" / name), named_tensors(small, parent));
    inherit_weights(small, parent, large, child,
                    space.origin(trial.parent->architecture(), trial.architecture()), trial.seed);
    const auto& curve = keeper.outcomes[std::size_t(trial.parent->number)].curve;
    EXPECT_EQ(evaluate(parent, data.held_out, normalizer, 40).correct, curve.back());
    EXPECT_EQ(evaluate(child, data.held_out, normalizer, 40).correct, curve.back());
  }
}

TEST(TorchTrialKey, ParentsThatAreLostAreTrainedAgainToTheSameWeights) {
  const Scratch scratch;
  const Keeper kept = climb(options_with({}, 1 << 24)), lost = climb(options_with({}, 0)),
               on_disk = climb(options_with(scratch / "c", 0)),
               side_by_side = climb(options_with(scratch / "d", 1 << 16), Threads(3));
  ASSERT_EQ(kept.outcomes.size(), lost.outcomes.size());
  ASSERT_EQ(kept.outcomes.size(), on_disk.outcomes.size());
  ASSERT_EQ(kept.outcomes.size(), side_by_side.outcomes.size());
  for (std::size_t i = 0; i < kept.outcomes.size(); ++i)
    for (const Keeper* other : {&lost, &on_disk, &side_by_side}) {
      EXPECT_EQ(kept.outcomes[i].curve, other->outcomes[i].curve);
      EXPECT_EQ(kept.outcomes[i].train_accuracy, other->outcomes[i].train_accuracy);
    }
}

TEST(TorchTrialKey, InheritedWeightsAreWorthTheirTraining) {
  const Keeper keeper = climb(options_with({}, 1 << 24));
  const TorchEvaluator torch(toy_data(), options_with({}, 0));
  SmallSpace space;
  space.fit_to(torch.problem());
  std::int64_t inherited = 0, fresh = 0;
  for (std::size_t i = 1; i < keeper.trials.size(); ++i) {
    Steps monitor;
    const auto& trial = keeper.trials[i];
    inherited += keeper.outcomes[i].curve.front();
    fresh +=
        torch.evaluate({space.describe(trial.architecture()), trial.fidelity, trial.seed}, monitor)
            .curve.front();
  }
  EXPECT_GT(inherited, fresh);
}

}  // namespace
}  // namespace nascent
