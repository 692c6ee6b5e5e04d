#include "nascent/train/candidate_checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../support/support.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/evaluator/torch_evaluator.hpp"
#include "nascent/operation/network_builder.hpp"
#include "nascent/train/loss/label_smoothing.hpp"
#include "nascent/train/optimiser/adamw.hpp"
#include "nascent/train/schedule/one_cycle.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

namespace fs = std::filesystem;
using OtherRecipe = Recipe<AdamW, OneCycle, Augment<HorizontalFlip>, LabelSmoothing>;

constexpr int kEpochs = 5;

HoldOut toy_data() {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(120, 1);
  data.test = toy_images(52, 2);
  data.mean = data.deviation = {.3};
  return data.hold_out({.images = 40});
}

/// An evaluator with checkpoints in `directory`, after every epoch if nothing else is said.
template <class RecipeType = PaperRecipe>
TorchEvaluator<RecipeType> keeping(const fs::path& directory, double seconds = 0,
                                   RecipeType recipe = {.batch = 8}) {
  TorchOptions<RecipeType> options{.recipe = recipe};
  options.checkpoints = directory;
  options.checkpoint_seconds = seconds;
  return TorchEvaluator<RecipeType>(toy_data(), options);
}

NetworkTrial trial(std::uint64_t seed = 0xabc, int epochs = kEpochs) {
  return {small_network(), {epochs}, seed};
}

/// Layers that are no chain.
NetworkDescription residual_network() {
  NetworkBuilder net({{1, 20, 20}, 4});
  net.convolution({.channels = 4}).batch_norm();
  const int trunk = net.here();
  net.relu().convolution({.channels = 4}).batch_norm().add(trunk).relu();
  net.global_average_pool().linear(4);
  return std::move(net).finish();
}

/// Writes down what it is told; cancels, or throws, after some epochs.
struct Recorder : Monitor {
  std::vector<EpochReport> reports;
  std::size_t patience = std::numeric_limits<std::size_t>::max();

  void on_epoch(const EpochReport& report) override { reports.push_back(report); }
  bool cancelled() override { return reports.size() >= patience; }
};

/// A training as it was told.
struct Course {
  Outcome outcome;
  std::vector<EpochReport> reports;
};

template <class Evaluator>
Course whole(const Evaluator& evaluator, const NetworkTrial& trial) {
  Recorder recorder;
  Outcome outcome = evaluator.evaluate(trial, recorder);
  return {std::move(outcome), std::move(recorder.reports)};
}

template <class Evaluator>
void cancel_after(std::size_t epochs, const Evaluator& evaluator, const NetworkTrial& trial) {
  Recorder recorder;
  recorder.patience = epochs;
  EXPECT_THROW(evaluator.evaluate(trial, recorder), Cancelled);
  EXPECT_EQ(recorder.reports.size(), epochs);
}

/// `run` is the end, from epoch `first` on, of the uninterrupted run `straight`.
void expect_end_of(const Course& straight, const Course& run, int first) {
  EXPECT_EQ(run.outcome.accuracy, straight.outcome.accuracy);
  EXPECT_EQ(run.outcome.train_accuracy, straight.outcome.train_accuracy);
  EXPECT_EQ(run.outcome.epochs, straight.outcome.epochs);
  const std::size_t skipped = static_cast<std::size_t>(first - 1);
  ASSERT_EQ(run.reports.size() + skipped, straight.reports.size());
  for (std::size_t i = 0; i < run.reports.size(); ++i) {
    const EpochReport &here = run.reports[i], &there = straight.reports[i + skipped];
    EXPECT_EQ(here.epoch, there.epoch);
    EXPECT_EQ(here.epochs, there.epochs);
    EXPECT_EQ(here.loss, there.loss) << "epoch " << here.epoch;
    EXPECT_EQ(here.train, there.train);
    EXPECT_EQ(here.evaluated, there.evaluated);
  }
}

template <class Evaluator>
void expect_to_go_on(const Evaluator& evaluator, const NetworkTrial& trial,
                     const fs::path& directory) {
  const Course straight = whole(evaluator, trial);
  for (int done = 1; done < trial.fidelity.epochs; ++done) {
    cancel_after(static_cast<std::size_t>(done), evaluator, trial);
    expect_end_of(straight, whole(evaluator, trial), done + 1);
    EXPECT_TRUE(fs::is_empty(directory));
  }
}

const std::string kFile = "0000000000000abc-5.safetensors";

// The last of the paper's epochs has rate 0 and is trained in another way; it is gone into too.
TEST(CandidateCheckpoint, LetsACancelledTrainingGoOnToTheOutcomeOfAnUninterruptedOne) {
  const Scratch scratch;
  expect_to_go_on(keeping(scratch / "c"), trial(), scratch / "c");
}

TEST(CandidateCheckpoint, LetsNetworksThatAreNoChainGoOn) {
  const Scratch scratch;
  expect_to_go_on(keeping(scratch / "c"), {residual_network(), {3}, 7}, scratch / "c");
}

TEST(CandidateCheckpoint, LetsTrainingsByOtherRecipesGoOn) {
  const Scratch scratch;
  expect_to_go_on(keeping<OtherRecipe>(scratch / "c"), trial(), scratch / "c");
}

TEST(CandidateCheckpoint, GoesOnInterruptedMoreThanOnce) {
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  cancel_after(2, keeping(scratch / "c"), trial());
  cancel_after(1, keeping(scratch / "c"), trial());
  expect_end_of(straight, whole(keeping(scratch / "c"), trial()), 4);
}

TEST(CandidateCheckpoint, KeepsTheBestEpochFromBeforeTheInterruption) {
  // At a rate at which the toy is learnt at once and then lost again.
  const Scratch scratch;
  PaperRecipe recipe{.optimiser = {.learning_rate = .3}, .batch = 8};
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    const Course straight = whole(keeping({}, 0, recipe), trial(seed));
    const auto& evaluated = straight.reports.front().evaluated;
    if (straight.outcome.accuracy != evaluated || straight.reports.back().evaluated == evaluated)
      continue;
    cancel_after(2, keeping(scratch / "c", 0, recipe), trial(seed));
    expect_end_of(straight, whole(keeping(scratch / "c", 0, recipe), trial(seed)), 3);
    return;
  }
  FAIL() << "no seed is best in its first epoch";
}

TEST(CandidateCheckpoint, IsNamedByTheSeedAndTheEpochsAndLeftByACancelledTraining) {
  const Scratch scratch;
  cancel_after(2, keeping(scratch / "a/b"), trial());
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(scratch / "a/b"))
    names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, testing::ElementsAre(kFile));
}

TEST(CandidateCheckpoint, CountsTheTimeBeforeTheInterruption) {
  struct Slow : Recorder {
    void on_epoch(const EpochReport& report) override {
      Recorder::on_epoch(report);
      if (report.epoch == 1) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  };
  const Scratch scratch;
  Slow slow;
  slow.patience = 2;
  EXPECT_THROW(keeping(scratch / "c").evaluate(trial(), slow), Cancelled);
  const auto begin = std::chrono::steady_clock::now();
  const double told = whole(keeping(scratch / "c"), trial()).outcome.seconds;
  const std::chrono::duration<double> here = std::chrono::steady_clock::now() - begin;
  EXPECT_GT(told, here.count() + .1);
}

TEST(CandidateCheckpoint, IsNotMadeBeforeItsTimeNorIsItsDirectory) {
  const Scratch scratch;
  cancel_after(3, keeping(scratch / "c", 1e9), trial());
  whole(keeping(scratch / "c", 60), trial());
  EXPECT_FALSE(fs::exists(scratch / "c"));
}

TEST(CandidateCheckpoint, StaysWhereATrainingIsCancelledBeforeTheNextOne) {
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  cancel_after(2, keeping(scratch / "c"), trial());
  const std::string before = read_file(scratch / "c" / kFile);
  cancel_after(1, keeping(scratch / "c", 1e9), trial());
  EXPECT_EQ(read_file(scratch / "c" / kFile), before);
  expect_end_of(straight, whole(keeping(scratch / "c", 1e9), trial()), 3);
}

TEST(CandidateCheckpoint, IsPassedOverWhereItIsDamaged) {
  const Scratch scratch;
  const fs::path path = scratch / "c" / kFile;
  const Course straight = whole(keeping({}), trial());
  cancel_after(2, keeping(scratch / "c"), trial());
  const std::string sound = read_file(path);
  std::string bent = sound;
  bent[sound.size() - 40] ^= 1;  // in a tensor's values: no header tells
  for (const std::string& damaged :
       {std::string(), std::string("no checkpoint"), sound.substr(0, sound.size() / 2), bent,
        std::string(sound.size(), '\0')}) {
    scratch.write("c/" + kFile, damaged);
    expect_end_of(straight, whole(keeping(scratch / "c", 1e9), trial()), 1);
    EXPECT_FALSE(fs::exists(path));
  }
  scratch.write("c/" + kFile, "no checkpoint");
  cancel_after(3, keeping(scratch / "c"), trial());
  expect_end_of(straight, whole(keeping(scratch / "c"), trial()), 4);
}

TEST(CandidateCheckpoint, IsPassedOverWhereItBelongsToAnotherTraining) {
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  const auto expect_foreign = [&](const auto& evaluator, const NetworkTrial& other) {
    cancel_after(2, evaluator, other);
    ASSERT_TRUE(fs::exists(scratch / "c" / kFile));
    cancel_after(1, keeping(scratch / "c"), trial());  // from its start, and replaces it
    expect_end_of(straight, whole(keeping(scratch / "c"), trial()), 2);
  };
  expect_foreign(keeping(scratch / "c"), {small_network(), {kEpochs, kEpochs + 1}, 0xabc});
  expect_foreign(keeping(scratch / "c"), {residual_network(), {kEpochs}, 0xabc});
  NetworkTrial other = trial();
  ++other.network.layers.back().block;  // the same tensors
  expect_foreign(keeping(scratch / "c"), other);
  expect_foreign(keeping<OtherRecipe>(scratch / "c"), trial());
  expect_foreign(keeping(scratch / "c", 0, PaperRecipe{.batch = 8, .clip = 4}), trial());
  HoldOut data = toy_data();
  ++data.held_out.pixels[5];
  TorchOptions<> options{.recipe = {.batch = 8}};
  options.checkpoints = scratch / "c";
  options.checkpoint_seconds = 0;
  expect_foreign(TorchEvaluator(data, options), trial());
}

TEST(CandidateCheckpoint, IsRemovedWhenTheTrainingFails) {
  const Scratch scratch;
  cancel_after(2, keeping(scratch / "c"), trial());
  const PaperRecipe diverging{.optimiser = {.learning_rate = 1e38}, .batch = 8};
  EXPECT_THROW(whole(keeping(scratch / "c", 0, diverging), trial()), DivergedTraining);
  EXPECT_TRUE(fs::is_empty(scratch / "c"));
}

TEST(CandidateCheckpoint, StaysWhereTheSearchEndsWithAnError) {
  struct Broken : Monitor {
    void on_epoch(const EpochReport&) override { throw SearchError("nobody listens any more"); }
  };
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  Broken broken;
  EXPECT_THROW(keeping(scratch / "c").evaluate(trial(), broken), SearchError);
  expect_end_of(straight, whole(keeping(scratch / "c"), trial()), 2);
}

TEST(CandidateCheckpoint, ThatCannotBeWrittenChangesNothing) {
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  scratch.write("file", "in the way");
  expect_end_of(straight, whole(keeping(scratch / "file"), trial()), 1);
  expect_end_of(straight, whole(keeping(scratch / "file/deeper"), trial()), 1);
  EXPECT_EQ(read_file(scratch / "file"), "in the way");
  fs::create_directories(scratch / "c" / kFile / "in the way");
  expect_end_of(straight, whole(keeping(scratch / "c"), trial()), 1);
  fs::remove_all(scratch / "c" / kFile);
  EXPECT_TRUE(fs::is_empty(scratch / "c"));
}

TEST(CandidateCheckpoint, MayBeSharedByTrainingsOfOneCandidateAtOnce) {
  const Scratch scratch;
  const Course straight = whole(keeping({}), trial());
  const auto evaluator = keeping(scratch / "c");
  for (int round = 0; round < 3; ++round) {
    std::vector<Outcome> outcomes(4);
    {
      std::vector<std::jthread> threads;
      for (Outcome& outcome : outcomes)
        threads.emplace_back([&] { outcome = whole(evaluator, trial()).outcome; });
    }
    for (const Outcome& outcome : outcomes) {
      EXPECT_EQ(outcome.accuracy, straight.outcome.accuracy);
      EXPECT_EQ(outcome.train_accuracy, straight.outcome.train_accuracy);
    }
    EXPECT_TRUE(fs::is_empty(scratch / "c"));
  }
}

TEST(CandidateCheckpoint, IsNoPartOfTheProtocol) {
  OptionList with, without;
  append_options(with, "torch", keeping("c", 5));
  append_options(without, "torch", keeping({}));
  EXPECT_EQ(with, without);
}

}  // namespace
}  // namespace nascent
