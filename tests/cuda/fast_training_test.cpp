// On a GPU: the fast path against Trainer's own steps. Elsewhere these tests are skipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/train/device.hpp"
#include "nascent/train/trainer.hpp"
#ifdef NASCENT_CUDA
#include "nascent/cuda/fast_mode.hpp"
#endif

namespace nascent {
namespace {

#ifdef NASCENT_CUDA

class FastTraining : public testing::Test {
 protected:
  void SetUp() override {
    if (!at::hasCUDA()) GTEST_SKIP() << "this machine has no GPU";
  }
  void TearDown() override { ::unsetenv("NASCENT_CUDA_FAST"); }

  struct Trained {
    at::Tensor parameters, statistics;
    Outcome outcome;
    std::vector<double> losses;
  };

  static Trained train(const char* mode, int epochs = 3) {
    ::setenv("NASCENT_CUDA_FAST", mode, 1);
    static const ImageSet images = toy_images(150), held_out = toy_images(70, 2);
    struct Listener : Monitor {
      void on_epoch(const EpochReport& report) override { losses.push_back(report.loss); }
      std::vector<double> losses;
    } listener;
    Network network(small_network(), 1, Device("cuda"));
    PaperRecipe recipe;
    recipe.batch = 16;
    recipe.augmentation.crop = 20;
    const Trainer trainer(recipe, Normalizer(std::vector{.3}, std::vector{.3}), true);
    Outcome outcome = trainer.train(network, images, held_out, epochs, 9, listener);
    return {network.flat_parameters().detach().cpu(), network.flat_statistics().cpu(), outcome,
            listener.losses};
  }
};

TEST_F(FastTraining, PassesItsOwnChecks) {
  train("check");
  using cuda::FastPart, cuda::Verdict, cuda::Verdicts;
  EXPECT_EQ(Verdicts::of(FastPart::step, 0), Verdict::passed);
  EXPECT_EQ(Verdicts::of(FastPart::chain, 0), Verdict::passed);
  EXPECT_EQ(Verdicts::of(FastPart::graph, 0), Verdict::passed);
}

TEST_F(FastTraining, GivesTheSameBitsEveryTime) {
  const Trained once = train("1"), again = train("1"), checked = train("check");
  EXPECT_TRUE(at::equal(once.parameters, again.parameters));
  EXPECT_TRUE(at::equal(once.statistics, again.statistics));
  EXPECT_TRUE(at::equal(once.parameters, checked.parameters));
  EXPECT_EQ(once.outcome.accuracy, again.outcome.accuracy);
  EXPECT_EQ(once.losses, again.losses);
}

TEST_F(FastTraining, FollowsTheTrainersOwnSteps) {
  const Trained fast = train("1"), plain = train("0");
  EXPECT_LT((fast.parameters - plain.parameters).abs().max().item<double>(), 1e-2);
  ASSERT_EQ(fast.losses.size(), plain.losses.size());
  for (std::size_t i = 0; i < fast.losses.size(); ++i)
    EXPECT_NEAR(fast.losses[i], plain.losses[i], 2e-2) << "epoch " << i + 1;
  EXPECT_NEAR(fast.outcome.accuracy.percent(), plain.outcome.accuracy.percent(), 6);
}

TEST_F(FastTraining, StopsWhenItIsToldTo) {
  struct Stop : Monitor {
    bool cancelled() override { return ++asked > 5; }
    int asked = 0;
  } stop;
  ::setenv("NASCENT_CUDA_FAST", "1", 1);
  const ImageSet images = toy_images(320);
  Network network(small_network(), 1, Device("cuda"));
  const Trainer trainer(PaperRecipe{}, Normalizer(std::vector{.3}, std::vector{.3}), true);
  EXPECT_THROW(trainer.train(network, images, 3, 1, stop), Cancelled);
}

#else

TEST(FastTraining, NeedsTheCudaKernels) {
  GTEST_SKIP() << "built without CUDA kernels: cmake --preset cuda";
}

#endif

}  // namespace
}  // namespace nascent
