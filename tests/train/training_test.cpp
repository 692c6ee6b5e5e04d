// The whole training side on real images: fails if networks do not learn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "nascent/data/dataset.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/trainer.hpp"

namespace nascent {
namespace {

struct Losses : Monitor {
  std::vector<double> losses;
  void on_epoch(const EpochReport& report) override { losses.push_back(report.loss); }
};

TEST(Training, LearnsFashionMnistFarAboveChance) {
  const HoldOut data = fashion_mnist().hold_out({.images = 1000, .train_images = 3000});
  const Trainer trainer({.batch = 16}, Normalizer(data.mean, data.deviation), data.flip);
  SepConvSpace space;
  space.fit_to({{1, 32, 32}, 10});
  const IntraOpThreads one(1);
  Network network(space.describe({5, 12}), 1);
  Losses monitor;
  const Outcome outcome = trainer.train(network, data.train, data.held_out, 6, 1, monitor);
  ASSERT_EQ(monitor.losses.size(), 6U);
  EXPECT_LT(monitor.losses.back(), 0.65 * monitor.losses.front());
  EXPECT_GT(outcome.accuracy.percent(), 60);  // chance is 10
  EXPECT_GT(outcome.train_accuracy.percent(), 55);
}

}  // namespace
}  // namespace nascent
