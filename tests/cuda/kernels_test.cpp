// The kernels' bodies, run on the host, against the CPU's own code and LibTorch in double
// precision.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "../train/toy_images.hpp"
#include "nascent/cuda/augment.cuh"
#include "nascent/cuda/count.cuh"
#include "nascent/cuda/sgd.cuh"
#include "nascent/train/batches.hpp"
#include "nascent/train/optimiser/sgd.hpp"

namespace nascent::cuda {
namespace {

ImageSet coloured_images(int count) {
  ImageSet set{{3, 9, 11}, 5, {}, {}};
  Random random(3);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(set.image.size()));
  for (int i = 0; i < count; ++i) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    set.append(bytes, i % set.classes);
  }
  return set;
}

struct Resident {
  explicit Resident(const ImageSet& set, const Normalizer& normalizer)
      : labels(set.labels.begin(), set.labels.end()) {
    for (int c = 0; c < set.image.channels; ++c)
      table.insert(table.end(), normalizer.table(c).begin(), normalizer.table(c).end());
    view = {set.pixels.data(),  labels.data(),    table.data(),
            set.image.channels, set.image.height, set.image.width};
  }

  std::vector<std::int64_t> labels;
  std::vector<float> table;
  ResidentImages view;
};

/// One batch of an epoch, by the kernel and by the CPU's pipeline.
void expect_same_batches(const ImageSet& set, const PaperAugment& augmentation,
                         bool channels_last) {
  const std::vector<double> mean(std::size_t(set.image.channels), .3),
      deviation(std::size_t(set.image.channels), .2);
  const Normalizer normalizer(mean, deviation);
  const Resident resident(set, normalizer);
  constexpr std::uint64_t kSeed = 77;
  constexpr int kBatch = 8, kEpoch = 2;
  TrainingBatches batches(set, augmentation, normalizer, kBatch, kSeed);
  batches.begin_epoch(kEpoch);
  const std::vector<int> order = epoch_order(set.size(), kSeed, kEpoch);
  const Shape shape = augmentation.output(set.image);
  for (int step = 0; step < batches.steps(); ++step) {
    const ImageBatch expected = batches.at_step(step, at::kCPU);
    const int count = static_cast<int>(expected.size());
    const StepState at{kSeed, kEpoch, step, 0};
    std::vector<float> images(std::size_t(count) * std::size_t(shape.size()), -1);
    std::vector<std::int64_t> labels(std::size_t(count), -1);
    const MakeBatch make{
        resident.view,
        order.data(),
        &at,
        -1,
        kBatch,
        {augmentation.pad, augmentation.crop, augmentation.cutout, augmentation.flip, true},
        {images.data(), labels.data(), count, shape.height, shape.width, channels_last}};
    run_on_host(make, count);
    at::Tensor made = at::from_blob(images.data(), {std::int64_t(images.size())});
    made = channels_last
               ? made.view({count, shape.height, shape.width, shape.channels}).permute({0, 3, 1, 2})
               : made.view({count, shape.channels, shape.height, shape.width});
    EXPECT_TRUE(at::equal(made, expected.images)) << "step " << step;
    EXPECT_TRUE(at::equal(at::from_blob(labels.data(), {count}, at::kLong), expected.labels));
  }
}

TEST(MakeBatch, GivesTheBitsOfTheCpusPipeline) {
  for (const bool channels_last : {true, false}) {
    PaperAugment augmentation;
    expect_same_batches(toy_images(21), augmentation, channels_last);
    augmentation.pad = 3;
    augmentation.crop = 10;
    augmentation.cutout = 5;
    expect_same_batches(coloured_images(21), augmentation, channels_last);
    augmentation.flip = false;
    augmentation.cutout = 0;
    augmentation.pad = 0;
    expect_same_batches(coloured_images(9), augmentation, channels_last);
  }
}

TEST(MakeBatch, OnlyNormalisesForAnEvaluation) {
  const ImageSet set = coloured_images(10);
  const Normalizer normalizer(std::vector{.1, .2, .3}, std::vector{.5, .6, .7});
  const Resident resident(set, normalizer);
  const ImageBatch expected = evaluation_batch(set, normalizer, 4, 6, at::kCPU);
  std::vector<float> images(6 * std::size_t(set.image.size()));
  std::vector<std::int64_t> labels(6);
  run_on_host(
      MakeBatch{resident.view,
                nullptr,
                nullptr,
                4,
                6,
                {},
                {images.data(), labels.data(), 6, set.image.height, set.image.width, false}},
      6);
  EXPECT_TRUE(at::equal(at::from_blob(images.data(), expected.images.sizes()), expected.images));
  EXPECT_TRUE(at::equal(at::from_blob(labels.data(), {6}, at::kLong), expected.labels));
}

TEST(SgdStep, FollowsSgdInDoublePrecision) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(5);
  for (const double size : {.01, 3.0}) {  // below the clip, and above it
    constexpr std::int64_t kCount = 3001;
    at::Tensor parameters = at::randn({kCount}, generator),
               momenta = at::randn({kCount}, generator);
    at::Tensor gradients = at::randn({kCount}, generator) * size;
    const Sgd sgd{.learning_rate = .1, .momentum = .9, .weight_decay = 3e-2};
    at::Tensor exact = parameters.to(at::kDouble), exact_gradients = gradients.to(at::kDouble);
    Sgd::State state{momenta.to(at::kDouble)};
    const double norm = exact_gradients.norm().item<double>();
    exact_gradients.mul_(std::min(1.0, 5 / (norm + 1e-6)));
    sgd.step(state, exact, exact_gradients, .07);

    const StepState at{0, 0, 2, 0};
    const std::vector<double> rates{0, 0, .07, 0};
    std::vector<double> norms(4), partial(kPartialSums);
    run_on_host(SumSquares{gradients.const_data_ptr<float>(), kCount, partial.data()},
                kPartialSums);
    run_on_host(SgdStep{{parameters.mutable_data_ptr<float>(), gradients.mutable_data_ptr<float>(),
                         momenta.mutable_data_ptr<float>(), kCount},
                        {5, sgd.momentum, sgd.weight_decay},
                        partial.data(),
                        rates.data(),
                        norms.data(),
                        &at},
                12);
    EXPECT_NEAR(norms[2], norm, 1e-9 * norm);
    EXPECT_LT((parameters - exact).abs().max().item<double>(), 1e-6);
    EXPECT_LT((momenta - state.momenta).abs().max().item<double>(), 2e-6);
  }
}

TEST(CountAnswers, CountsAsArgmaxDoesAndMovesOn) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(6);
  const at::Tensor logits = at::randint(0, 3, {300, 10}, generator).to(at::kFloat);  // many ties
  const at::Tensor labels = at::randint(0, 3, {300}, generator).to(at::kLong);
  std::vector<double> losses(4);
  StepState state{0, 0, 1, 5};
  const float loss = .25F;
  run_on_host(CountAnswers{logits.const_data_ptr<float>(), labels.const_data_ptr<std::int64_t>(),
                           300, 10, &loss, losses.data(), &state},
              1);
  EXPECT_EQ(state.step, 2);
  EXPECT_EQ(state.correct, 5 + logits.argmax(1).eq(labels).sum().item<std::int64_t>());
  EXPECT_THAT(losses, testing::ElementsAre(0, 75, 0, 0));
}

}  // namespace
}  // namespace nascent::cuda
