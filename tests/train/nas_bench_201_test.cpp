// Cells of NAS-Bench-201 as networks that train: branches, average pooling, maps of zeros.
#include <ATen/ops/allclose.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nascent/operation/network_builder.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent {
namespace {

NasBench201Space small() { return {.channels = 4, .cells = 2, .problem = {{3, 8, 8}, 5}}; }

TEST(NasBench201, NetworksHaveTheParametersAndShapesOfTheirDescription) {
  const IntraOpThreads one(1);
  const NasBench201Space space = small();
  Random random(1);
  for (int i = 0; i < 8; ++i) {
    const NetworkDescription description = space.describe(space.sample(random));
    Network network(description, 1);
    EXPECT_EQ(network.parameters(), description.parameters());
    for (std::size_t count = 1; count <= description.layers.size(); count += 9) {
      NetworkDescription beginning = description;
      beginning.layers.resize(count);
      const at::NoGradGuard guard;
      const at::Tensor out = Network(beginning, 1).forward(at::rand({2, 3, 8, 8}), false);
      EXPECT_EQ(out.numel(), 2 * description.layers[count - 1].out.size());
    }
  }
  EXPECT_EQ(Network(NasBench201Space{}.describe(space.parse("433323")), 1).parameters(), 428'346);
}

TEST(NasBench201, EveryCellLearnsAlsoOneOfNothing) {
  const IntraOpThreads one(1);
  const NasBench201Space space = small();
  const at::Tensor images = at::rand({8, 3, 8, 8});
  for (const std::string code : {"433323", "222222", "111111", "000000", "444444", "214113"})
    for (const MemoryLayout layout : {MemoryLayout::nchw, MemoryLayout::nhwc}) {
      Network network(space.describe(space.parse(code)), 1, at::kCPU, layout);
      const auto loss = [&] {  // the first class is right
        const at::Tensor logits = network.forward(images, true);
        return (logits.logsumexp(1) - logits.select(1, 0)).mean();
      };
      const double before = loss().item<double>();
      for (int step = 0; step < 10; ++step) {
        const at::Tensor logits = network.forward(images, true);
        at::Tensor gradient = logits.softmax(1);
        gradient.select(1, 0) -= 1;
        network.backward(gradient / 8);
        const at::NoGradGuard guard;
        network.flat_parameters() -= 0.05 * network.flat_gradients();
      }
      EXPECT_LT(loss().item<double>(), before) << code;
    }
}

TEST(Network, AveragePoolingIsOverWhatLiesWithinTheMap) {
  NetworkBuilder net({{1, 4, 4}, 2});
  net.average_pool(3, 1).average_pool(2, 2);
  Network network(std::move(net).finish(), 1);
  const at::Tensor out = network.forward(at::ones({1, 1, 4, 4}), false);
  EXPECT_TRUE(at::allclose(out, at::ones({1, 1, 2, 2})));
  NetworkBuilder none({{1, 4, 4}, 2});
  none.zero();
  EXPECT_EQ(Network(std::move(none).finish(), 1)
                .forward(at::ones({1, 1, 4, 4}), false)
                .abs()
                .sum()
                .item<double>(),
            0);
}

}  // namespace
}  // namespace nascent
