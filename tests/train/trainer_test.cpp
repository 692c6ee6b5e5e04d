#include "nascent/train/trainer.hpp"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "../support/support.hpp"
#include "nascent/train/checkpoint.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/loss/label_smoothing.hpp"
#include "nascent/train/optimiser/adamw.hpp"
#include "nascent/train/schedule/one_cycle.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

Trainer<> trainer(PaperRecipe recipe = {.batch = 8}) {
  return Trainer(recipe, Normalizer(std::vector{.3}, std::vector{.3}), false);
}

/// Keeps what it is told; cancels at the n-th question.
struct Recorder : Monitor {
  std::vector<EpochReport> reports;
  int patience = std::numeric_limits<int>::max();

  void on_epoch(const EpochReport& report) override { reports.push_back(report); }
  bool cancelled() override { return --patience < 0; }
};

struct Training {
  Outcome outcome;
  Recorder recorder;
  at::Tensor parameters, statistics;
};

Training train_small(std::uint64_t seed, int epochs = 3) {
  const IntraOpThreads threads(1);
  const ImageSet images = toy_images(90), evaluated = toy_images(40, 2);
  Network network(small_network(), seed);
  Training training;
  training.outcome = trainer().train(network, images, evaluated, epochs, seed, training.recorder);
  training.parameters = network.flat_parameters().clone();
  training.statistics = network.flat_statistics().clone();
  return training;
}

TEST(Trainer, GivesTheSameBitsForTheSameSeed) {
  const Training one = train_small(5), same = train_small(5), other = train_small(6);
  EXPECT_TRUE(at::equal(one.parameters, same.parameters));
  EXPECT_TRUE(at::equal(one.statistics, same.statistics));
  EXPECT_EQ(one.outcome.accuracy, same.outcome.accuracy);
  EXPECT_FALSE(at::equal(one.parameters, other.parameters));
}

TEST(Trainer, ReportsEveryEpochAndKeepsTheBest) {
  const Training training = train_small(5, 4);
  const auto& reports = training.recorder.reports;
  ASSERT_EQ(reports.size(), 4U);
  const EpochReport* best = &reports.front();
  for (const EpochReport& report : reports)
    if (report.evaluated.more_than(best->evaluated)) best = &report;
  EXPECT_EQ(training.outcome.accuracy, best->evaluated);
  EXPECT_EQ(training.outcome.train_accuracy, best->train);
  EXPECT_EQ(training.outcome.epochs, 4);
  for (int k = 0; k < 4; ++k) {
    const EpochReport& report = reports[static_cast<std::size_t>(k)];
    EXPECT_EQ(report.epoch, k + 1);
    EXPECT_EQ(report.epochs, 4);
    EXPECT_EQ(report.train.total, 90);
    EXPECT_EQ(report.evaluated.total, 40);
    EXPECT_GT(report.loss, 0);
  }
}

TEST(Trainer, ChangesNoParameterInTheLastEpochButMovesTheStatistics) {
  const ImageSet images = toy_images(40);
  Network network(small_network(), 1);
  const at::Tensor parameters = network.flat_parameters().clone();
  const at::Tensor statistics = network.flat_statistics().clone();
  Monitor monitor;
  trainer().train(network, images, 1, 1, monitor);
  EXPECT_TRUE(at::equal(network.flat_parameters(), parameters));
  EXPECT_FALSE(at::equal(network.flat_statistics(), statistics));
}

TEST(Trainer, LeavesOutWhatAStepAtRateZeroCannotChange) {
  const ImageSet images = toy_images(40);
  const Normalizer normalizer(std::vector{.3}, std::vector{.3});
  const PaperRecipe recipe{.batch = 8};
  PaperAugment augmentation = recipe.augmentation;
  augmentation.flip = false;
  TrainingBatches batches(images, augmentation, normalizer, recipe.batch, 9);
  batches.begin_epoch(0);
  Network whole(small_network(), 1), forward_only(small_network(), 1);
  auto state = trainer(recipe).start(whole);
  for (int step = 0; step < batches.steps(); ++step)
    trainer(recipe).learn(whole, state, batches.at_step(step, at::kCPU), 0);
  Monitor monitor;
  trainer(recipe).train(forward_only, images, 1, 9, monitor);
  EXPECT_TRUE(at::equal(whole.flat_parameters(), forward_only.flat_parameters()));
  EXPECT_TRUE(at::equal(whole.flat_statistics(), forward_only.flat_statistics()));
}

TEST(Trainer, CountsRightAnswersExactly) {
  const ImageSet images = toy_images(101);
  const Normalizer normalizer(std::vector{.3}, std::vector{.3});
  Network network(small_network(), 1);
  const Accuracy accuracy = evaluate(network, images, normalizer, 16);
  const at::NoGradGuard guard;
  std::int64_t correct = 0;
  for (int begin = 0; begin < images.size(); begin += 16) {
    const ImageBatch batch = evaluation_batch(images, normalizer, begin, 16, at::kCPU);
    const at::Tensor logits = network.forward(batch.images, false);
    for (int i = 0; i < batch.size(); ++i) {
      int best = 0;
      for (int c = 1; c < images.classes; ++c)
        if (logits[i][c].item<float>() > logits[i][best].item<float>()) best = c;
      correct += best == images.label(begin + i);
    }
  }
  EXPECT_EQ(accuracy, (Accuracy{correct, 101}));
}

TEST(Trainer, EvaluatesWithoutChangingTheNetwork) {
  const ImageSet images = toy_images(20);
  Network network(small_network(), 1);
  const at::Tensor statistics = network.flat_statistics().clone();
  evaluate(network, images, Normalizer(std::vector{.3}, std::vector{.3}), 7);
  EXPECT_TRUE(at::equal(network.flat_statistics(), statistics));
}

TEST(Trainer, SaysWhereTheLossIsNoNumber) {
  const ImageSet images = toy_images(40);
  Network network(small_network(), 1);
  {
    const at::NoGradGuard guard;
    network.flat_parameters().fill_(std::numeric_limits<float>::quiet_NaN());
  }
  Monitor monitor;
  EXPECT_EQ(message_of<DivergedTraining>([&] { trainer().train(network, images, 2, 1, monitor); }),
            "the loss is not finite in epoch 1, step 1");
}

TEST(Trainer, SaysWhereTheLossOverflows) {
  const ImageSet images = toy_images(40);
  Network network(small_network(), 1);
  Monitor monitor;
  EXPECT_THAT(message_of<DivergedTraining>([&] {
                trainer({.optimiser = {.learning_rate = 1e38}, .batch = 8})
                    .train(network, images, 3, 1, monitor);
              }),
              testing::MatchesRegex("the loss is not finite in epoch 1, step [2-5]"));
}

TEST(Trainer, StopsBetweenTwoStepsWhenCancelled) {
  const ImageSet images = toy_images(40);  // 5 steps an epoch
  Network network(small_network(), 1);
  Recorder recorder;
  recorder.patience = 7;
  EXPECT_THROW(trainer().train(network, images, 9, 1, recorder), Cancelled);
  EXPECT_EQ(recorder.reports.size(), 1U);
}

TEST(Trainer, RefusesATrainingOfNothing) {
  Network network(small_network(), 1);
  Monitor monitor;
  EXPECT_THROW(trainer().train(network, toy_images(8), 0, 1, monitor), std::invalid_argument);
  EXPECT_THROW(trainer().train(network, toy_images(0), 1, 1, monitor), std::invalid_argument);
}

TEST(Trainer, MirrorsOnlyWhereTheDataSetAllowsIt) {
  const Normalizer normalizer(std::vector{.3}, std::vector{.3});
  EXPECT_TRUE(Trainer(PaperRecipe{}, normalizer, true).recipe().augmentation.flip);
  EXPECT_FALSE(Trainer(PaperRecipe{}, normalizer, false).recipe().augmentation.flip);
  PaperRecipe unflipped;
  unflipped.augmentation.flip = false;
  EXPECT_FALSE(Trainer(unflipped, normalizer, true).recipe().augmentation.flip);
}

/// A user's loss, among policies that are not the paper's.
using OtherTrainer = Trainer<AdamW, OneCycle, Augment<HorizontalFlip>, LabelSmoothing>;

TEST(Trainer, GoesOnFromACheckpointBitForBit) {
  const Scratch scratch;
  const ImageSet images = toy_images(40);
  const OtherTrainer other({.batch = 8}, Normalizer(std::vector{.3}, std::vector{.3}), true);
  const NetworkDescription description = small_network();
  const TrainingProtocol protocol{{"seed", "5"}};
  Monitor monitor;
  Network straight(description, 1), first(description, 1), second(description, 2);
  other.train(straight, images, 5, 5, monitor);
  auto state = other.start(first);
  for (int epoch = 0; epoch < 3; ++epoch) other.train_epoch(first, state, images, 5, 5, monitor);
  save_checkpoint<AdamW>(scratch / "c", description, first, state, 15, protocol);
  auto resumed = other.start(second);
  load_checkpoint<AdamW>(scratch / "c", description, second, resumed, protocol);
  while (resumed.epoch < 5) other.train_epoch(second, resumed, images, 5, 5, monitor);
  EXPECT_TRUE(at::equal(straight.flat_parameters(), second.flat_parameters()));
  EXPECT_TRUE(at::equal(straight.flat_statistics(), second.flat_statistics()));
  EXPECT_THAT(
      message_of<DataError>([&] {
        load_checkpoint<AdamW>(scratch / "c", description, second, resumed, {{"seed", "6"}});
      }),
      testing::HasSubstr("seed is 5 there and 6 here"));
}

TEST(Trainer, LearnsByOtherPoliciesToo) {
  const ImageSet images = toy_images(80);
  const OtherTrainer other({.optimiser = {.learning_rate = .02}, .batch = 8},
                           Normalizer(std::vector{.3}, std::vector{.3}), true);
  Network network(small_network(), 1);
  Monitor monitor;
  const Outcome outcome = other.train(network, images, images, 12, 1, monitor);
  EXPECT_GT(outcome.accuracy.percent(), 60);
}

}  // namespace
}  // namespace nascent
