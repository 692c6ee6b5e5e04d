#include "nascent/train/network.hpp"

#include <ATen/ops/equal.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/rand.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "nascent/evaluator/published_search.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/tensor_operators.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;

at::Tensor noise(Shape shape, std::int64_t count) {
  return at::rand({count, shape.channels, shape.height, shape.width});
}

TEST(Network, HasAsManyParametersAsEveryPublishedCandidate) {
  int compared = 0;
  const std::filesystem::path folder = std::filesystem::path(NASCENT_TEST_DATA) / "published";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".csv") continue;
    const PublishedSearch search = read_published_search(file.path().string());
    SepConvSpace space;
    space.fit_to(search.problem);
    for (const auto& row : search.rows) {
      const Network network(space.describe(row.architecture), 1);
      ASSERT_EQ(network.parameters(), row.parameters) << file.path() << " " << row.architecture;
      ++compared;
    }
  }
  EXPECT_GE(compared, 200);
}

TEST(Network, CountsWhatItsDescriptionCounts) {
  SepConvSpace space;
  space.depth = {.min = 3, .max = 12};
  space.width = {.min = 1, .max = 20, .step = 1};
  Random random(3);
  for (int k = 0; k < 50; ++k) {
    const NetworkDescription description = space.describe(space.sample(random));
    EXPECT_EQ(Network(description, 1).parameters(), description.parameters());
  }
}

/// A network that ends after its `count`-th layer: its output is that layer's.
NetworkDescription beginning(NetworkDescription description, std::size_t count) {
  description.layers.resize(count);
  return description;
}

TEST(Network, HasTheShapesThatItsDescriptionSays) {
  SepConvSpace space;
  space.depth = {.min = 3, .max = 7};
  space.width = {.min = 1, .max = 9, .step = 1};
  Random random(4);
  for (const Shape image : {Shape{1, 28, 28}, Shape{3, 32, 32}, Shape{2, 9, 14}}) {
    space.fit_to({image, 7});
    const NetworkDescription description = space.describe(space.sample(random));
    for (std::size_t count = 1; count <= description.layers.size(); ++count) {
      Network network(beginning(description, count), 1);
      const at::NoGradGuard guard;
      const at::Tensor out = network.forward(noise(image, 2), false);
      const Shape shape = description.layers[count - 1].out;
      ASSERT_EQ(out.numel(), 2 * shape.size());
      if (out.dim() == 4) {
        ASSERT_THAT(out.sizes().vec(), ElementsAre(2, shape.channels, shape.height, shape.width));
      }
    }
  }
}

TEST(Network, KeepsChannelsLastThroughoutForOneChannelToo) {
  for (const int channels : {1, 3}) {
    const Shape image{channels, 16, 16};
    const NetworkDescription description = small_network(image);
    for (std::size_t count = 1; count + 2 <= description.layers.size(); ++count) {
      Network network(beginning(description, count), 1);
      const at::Tensor out = network.forward(noise(image, 2), true);
      EXPECT_TRUE(out.is_contiguous(at::MemoryFormat::ChannelsLast)) << count;
    }
  }
}

TEST(Network, ComputesTheSameInBothLayouts) {
  for (const int channels : {1, 3}) {
    const Shape image{channels, 16, 16};
    const at::Tensor images = noise(image, 8);
    Network nhwc(small_network(image), 1);
    Network nchw(small_network(image), 1, at::kCPU, MemoryLayout::nchw);
    EXPECT_LT((nhwc.forward(images, true) - nchw.forward(images, true)).abs().max().item<float>(),
              1e-4);
  }
}

TEST(Network, AddsBranches) {
  NetworkBuilder builder({{2, 4, 4}, 3});
  builder.convolution({.channels = 5}).batch_norm();
  const int trunk = builder.here();
  builder.relu()
      .convolution({.channels = 5})
      .batch_norm()
      .add(trunk)
      .global_average_pool()
      .linear(3);
  Network network(std::move(builder).finish(), 1);
  const at::Tensor logits = network.forward(noise({2, 4, 4}, 6), true);
  network.backward(at::ones_like(logits));
  EXPECT_THAT(logits.sizes().vec(), ElementsAre(6, 3));
  EXPECT_GT(network.flat_gradients().narrow(0, 0, 90).abs().max().item<float>(), 0);
}

TEST(Network, ShowsTheOutputOfEachLayerInTheirOrder) {
  const NetworkDescription description = small_network();
  const at::Tensor images = noise({1, 20, 20}, 2);
  Network network(description, 1), same(description, 1);
  std::vector<std::int64_t> sizes, expected;
  const at::NoGradGuard guard;
  const at::Tensor logits = network.observe(
      images, true,
      [&](const LayerDescription&, const at::Tensor& output) { sizes.push_back(output.numel()); });
  for (const LayerDescription& layer : description.layers) expected.push_back(2 * layer.out.size());
  EXPECT_EQ(sizes, expected);
  EXPECT_LT((logits - same.forward(images, true)).abs().max().item<float>(), 1e-4);
}

TEST(Network, ComputesInDoublePrecisionWhenAsked) {
  const at::Tensor images = noise({1, 20, 20}, 4);
  Network single(small_network(), 1, at::kCPU, MemoryLayout::nchw);
  Network twice(small_network(), 1, at::kCPU, MemoryLayout::nchw, at::kDouble);
  const at::Tensor logits = twice.forward(images.to(at::kDouble), true);
  EXPECT_EQ(logits.scalar_type(), at::kDouble);
  EXPECT_TRUE(at::equal(twice.flat_parameters().to(at::kFloat), single.flat_parameters()));
  EXPECT_LT((logits - single.forward(images, true)).abs().max().item<double>(), 1e-4);
}

TEST(Network, StartsFromTheSeedAlone) {
  Network one(small_network(), 7), same(small_network(), 7), other(small_network(), 8);
  EXPECT_TRUE(at::equal(one.flat_parameters(), same.flat_parameters()));
  EXPECT_FALSE(at::equal(one.flat_parameters(), other.flat_parameters()));
}

TEST(Network, StartsAsPyTorchDoes) {
  NetworkBuilder builder({{4, 8, 8}, 10});
  builder.convolution({.channels = 100, .kernel = 3}).batch_norm().global_average_pool().linear(10);
  Network network(std::move(builder).finish(), 1);
  const at::Tensor values = network.flat_parameters();
  const auto bound = [&](std::int64_t begin, std::int64_t count) {
    return values.narrow(0, begin, count).abs().max().item<double>();
  };
  EXPECT_NEAR(bound(0, 3600), 1 / std::sqrt(36.0), 1e-3);  // convolution: fan in 4 * 3 * 3
  EXPECT_LE(bound(0, 3600), 1 / std::sqrt(36.0));
  EXPECT_TRUE(values.narrow(0, 3600, 100).eq(1).all().item<bool>());  // batch norm: weight, bias
  EXPECT_TRUE(values.narrow(0, 3700, 100).eq(0).all().item<bool>());
  EXPECT_NEAR(bound(3800, 1000), 0.1, 1e-3);  // linear: fan in 100
  EXPECT_LE(bound(4800, 10), 0.1);
  EXPECT_GT(bound(4800, 10), 0);
}

TEST(Network, GathersAllGradientsInTheFlatTensor) {
  Network network(small_network(), 1);
  const at::Tensor logits = network.forward(noise({1, 20, 20}, 4), true);
  network.backward(2 * logits);
  EXPECT_EQ(network.flat_gradients().numel(), network.parameters());
  EXPECT_GT(network.flat_gradients().ne(0).sum().item<std::int64_t>(), network.parameters() / 2);
}

}  // namespace
}  // namespace nascent
