#include "nascent/train/morphism.hpp"

#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "nascent/space/chain_space.hpp"
#include "nascent/space/morphs.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/latency.hpp"
#include "nascent/train/trainer.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

struct SmallSpace
    : ChainSpace<Depth<3, 30>, Width<3, 20, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5, 7>> {
};

SmallSpace small_space() {
  SmallSpace space;
  space.fit_to({{1, 20, 20}, 4});
  return space;
}

/// A network with weights and statistics that a few steps have moved.
struct Trained {
  NetworkDescription description;
  Network network;

  Trained(NetworkDescription d, MemoryLayout layout = MemoryLayout::nhwc)
      : description(std::move(d)), network(description, 5, at::kCPU, layout) {
    Recipe<Sgd, Cosine, PaperAugment> recipe{.batch = 8};
    recipe.optimiser.learning_rate = .1;
    const std::vector<double> grey{.3};
    const Trainer trainer(recipe, Normalizer(grey, grey), false);
    const ImageSet images = toy_images(48);
    Monitor monitor;
    auto state = trainer.start(network);
    trainer.train_epoch(network, state, images, 4, 3, monitor);
    trainer.train_epoch(network, state, images, 4, 3, monitor);
  }
};

at::Tensor some_images(int extent = 12) {
  const at::Tensor images = at::rand({8, 1, extent, extent});
  return images * 4 - 2;
}

double difference(Network& one, Network& other) {
  const at::Tensor images = some_images();
  const at::NoGradGuard guard;
  return (one.forward(images, false) - other.forward(images, false)).abs().max().item<float>();
}

/// Gradient of one batch, flat; images so large that a 7x7 window fits into the smallest map.
at::Tensor gradient(Network& network) {
  const at::Tensor images = some_images(40), labels = at::randint(4, {8}, at::kLong);
  const at::AutoGradMode gradients(true);
  at::Tensor logits = network.forward(images, true);
  logits.requires_grad_(true);
  CrossEntropy{}(logits, labels).backward();
  network.backward(logits.grad());
  return network.flat_gradients();
}

TEST(Morphism, EveryMorphKeepsTheFunction) {
  const SmallSpace space = small_space();
  for (const char* text : {"d4 w3 ops=scsc kernels=3335", "d5 w5 ops=ccsss kernels=35353",
                           "d6 w3 ops=scscsc kernels=333333", "d3 w3 ops=css kernels=333"}) {
    const Architecture parent = parse_architecture(text);
    Trained trained(space.describe(parent));
    for (const Architecture& child : space.morphs(parent)) {
      const NetworkDescription larger = space.describe(child);
      Network network(larger, 1);
      EXPECT_GT(difference(trained.network, network), 1e-3);  // the weights that it was made with
      inherit_weights(trained.description, trained.network, larger, network,
                      space.origin(parent, child), 7);
      EXPECT_LT(difference(trained.network, network), 1e-5) << child;
    }
  }
}

TEST(Morphism, ManyStepsAtOnceKeepTheFunctionOnEitherPath) {
  const SmallSpace space = small_space();
  Random random(2);
  for (int i = 0; i < 12; ++i) {
    const Architecture parent = space.with_width(Architecture(4 + i % 5, 3), 3 + i % 3);
    const Architecture child = grown(space, parent, 2 + i, random);
    const MemoryLayout layout = i % 2 ? MemoryLayout::nhwc : MemoryLayout::nchw;
    Trained trained(space.describe(parent), layout);
    const NetworkDescription larger = space.describe(child);
    Network network(larger, 1, at::kCPU, layout);
    inherit_weights(trained.description, trained.network, larger, network,
                    space.origin(parent, child), 7);
    EXPECT_LT(difference(trained.network, network), 1e-5) << parent << " to " << child;
  }
}

TEST(Morphism, AChannelRepeatedManyTimesKeepsTheFunction) {
  const SmallSpace space = small_space();
  const Architecture parent(4, 3), child = space.with_width(parent, 20);
  Trained trained(space.describe(parent));
  const NetworkDescription larger = space.describe(child);
  Network network(larger, 1);
  inherit_weights(trained.description, trained.network, larger, network,
                  space.origin(parent, child), 7);
  EXPECT_LT(difference(trained.network, network), 1e-5);
}

TEST(Morphism, EveryNewWeightGetsAGradient) {
  const SmallSpace space = small_space();
  const Architecture parent = parse_architecture("d4 w3 ops=scsc kernels=3335");
  Trained trained(space.describe(parent));
  for (const Architecture& child : space.morphs(parent)) {
    const NetworkDescription larger = space.describe(child);
    Network network(larger, 1);
    inherit_weights(trained.description, trained.network, larger, network,
                    space.origin(parent, child), 7);
    at::manual_seed(1);
    const at::Tensor flat = gradient(network);
    for (const NamedTensor& tensor : named_parameters(larger, flat))
      EXPECT_EQ(tensor.values.eq(0).sum().item<std::int64_t>(), 0) << child << " " << tensor.name;
  }
}

TEST(Morphism, RepeatedChannelsPartInTraining) {
  const SmallSpace space = small_space();
  const Architecture parent(4, 3), child = space.with_width(parent, 5);
  Trained trained(space.describe(parent));
  const NetworkDescription larger = space.describe(child);
  Network network(larger, 1);
  inherit_weights(trained.description, trained.network, larger, network,
                  space.origin(parent, child), 7);
  for (const NamedTensor& tensor : named_parameters(larger, gradient(network))) {
    if (tensor.name != "stem.0.weight") continue;
    const at::Tensor rows = tensor.values.flatten(1);  // of filters, of which four are repetitions
    for (std::int64_t i = 0; i < rows.size(0); ++i)
      for (std::int64_t k = 0; k < i; ++k)
        EXPECT_GT((rows[i] - rows[k]).abs().max().item<float>(), 1e-6) << i << " and " << k;
  }
}

// Moments of a rectified standard normal: 1/sqrt(2 pi) and 1/2 - 1/(2 pi).
TEST(Morphism, ANewBatchNormExpectsARectifiedNormal) {
  const detail::Moments standard = detail::rectified(0, 1);
  EXPECT_NEAR(standard.mean, 0.3989422804, 1e-9);
  EXPECT_NEAR(standard.variance, 0.3408450569, 1e-9);
  EXPECT_NEAR(detail::rectified(9, 1).mean, 9, 1e-9);
  EXPECT_NEAR(detail::rectified(9, 1).variance, 1, 1e-9);
  EXPECT_EQ(detail::rectified(-2, 0).mean, 0);
  EXPECT_EQ(detail::rectified(2, 0).mean, 2);
}

TEST(Morphism, ANewLayerIsNearlyAnIdentityInTrainingToo) {
  const SmallSpace space = small_space();
  const Architecture parent(4, 20);
  Trained trained(space.describe(parent));
  const Architecture child = space.morphs(parent).front();
  ASSERT_EQ(child.depth(), 5);
  const NetworkDescription larger = space.describe(child);
  Network network(larger, 1);
  inherit_weights(trained.description, trained.network, larger, network,
                  space.origin(parent, child), 7);
  const at::NoGradGuard guard;
  const at::Tensor images = some_images();
  const at::Tensor before = trained.network.forward(images, true);
  const at::Tensor after = network.forward(images, true);
  EXPECT_LT((after - before).norm().item<float>(), .3 * before.norm().item<float>());
}

TEST(Morphism, WhatHasNotGrownIsRefused) {
  const SmallSpace space = small_space();
  const NetworkDescription small = space.describe(Architecture(4, 3)),
                           other = space.describe(Architecture(4, 3, {'c', 3}));
  Network one(small, 1), two(other, 1);
  EXPECT_EQ(message_of<std::invalid_argument>([&] {
              inherit_weights(small, one, other, two, {0, 1, 2, 3}, 1);
            }),
            "weights cannot be inherited: layer 0 has another operation or stride, or is smaller, "
            "than the parent's");
}

TEST(Latency, IsLongerForLargerNetworks) {
  const SmallSpace space = small_space();
  const double small = latency_ms(space.describe(Architecture(3, 3)), {1, 20, 20});
  EXPECT_GT(small, 0);
  EXPECT_GT(latency_ms(space.describe(Architecture(30, 20)), {1, 20, 20}), 3 * small);
}

}  // namespace
}  // namespace nascent
