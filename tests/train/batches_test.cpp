#include "nascent/train/batches.hpp"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "toy_images.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;

const Normalizer& plain() {
  static const Normalizer normalizer(std::vector{.5}, std::vector{.25});
  return normalizer;
}

TrainingBatches<PaperAugment> batches_of(const ImageSet& set, std::uint64_t seed) {
  return TrainingBatches(set, PaperAugment{}, plain(), 8, seed);
}

TEST(TrainingBatches, ShowEveryImageOnceAnEpoch) {
  ImageSet set = toy_images(30);
  std::iota(set.labels.begin(), set.labels.end(), 0);
  TrainingBatches batches = batches_of(set, 1);
  for (int epoch = 0; epoch < 3; ++epoch) {
    batches.begin_epoch(epoch);
    std::vector<int> seen(30);
    for (int step = 0; step < batches.steps(); ++step) {
      const at::Tensor labels = batches.at_step(step, at::kCPU).labels;
      for (std::int64_t k = 0; k < labels.numel(); ++k)
        ++seen[static_cast<std::size_t>(labels[k].item<int>())];
    }
    EXPECT_EQ(seen, std::vector<int>(30, 1));
  }
}

TEST(TrainingBatches, KeepTheLastSmallerBatch) {
  const ImageSet set = toy_images(30);
  TrainingBatches batches = batches_of(set, 1);
  batches.begin_epoch(0);
  EXPECT_EQ(batches.steps(), 4);
  EXPECT_EQ(batches.at_step(2, at::kCPU).size(), 8);
  EXPECT_EQ(batches.at_step(3, at::kCPU).size(), 6);
  EXPECT_THAT(batches.at_step(3, at::kCPU).images.sizes().vec(), ElementsAre(6, 1, 20, 20));
}

TEST(TrainingBatches, DependOnSeedAndEpochAlone) {
  const ImageSet set = toy_images(30);
  const auto first = [&](std::uint64_t seed, int epoch) {
    TrainingBatches batches = batches_of(set, seed);
    batches.begin_epoch(7);  // what came before does not matter
    batches.begin_epoch(epoch);
    return batches.at_step(0, at::kCPU).images;
  };
  EXPECT_TRUE(at::equal(first(1, 0), first(1, 0)));
  EXPECT_FALSE(at::equal(first(1, 0), first(1, 1)));
  EXPECT_FALSE(at::equal(first(1, 0), first(2, 0)));
}

TEST(EvaluationBatch, IsNormalisedAtTheImagesOwnSize) {
  const ImageSet set = toy_images(10);
  const ImageBatch batch = evaluation_batch(set, plain(), 8, 5, at::kCPU);
  EXPECT_THAT(batch.images.sizes().vec(), ElementsAre(2, 1, 12, 12));
  EXPECT_EQ(batch.labels[0].item<int>(), set.label(8));
  EXPECT_EQ(batch.images[1][0][0][3].item<float>(),
            (static_cast<float>(set[9][3]) / 255.0F - .5F) / .25F);
}

}  // namespace
}  // namespace nascent
