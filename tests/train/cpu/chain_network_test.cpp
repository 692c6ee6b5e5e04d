#include "nascent/train/cpu/chain_network.hpp"

#include <ATen/ops/equal.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "nascent/operation/network_builder.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent {
namespace {

/// Every set of kernels that this machine can run.
std::vector<const cpu::Kernels*> all_kernels() {
  std::vector<const cpu::Kernels*> all{&cpu::kBaseline};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&cpu::kAvx2);
#endif
  if (&cpu::kernels() != all.back()) all.push_back(&cpu::kernels());
  return all;
}

double difference(const at::Tensor& got, const at::Tensor& expected) {
  return ((got - expected).norm() / (expected.norm() + 1e-12)).item<double>();
}

/// The chain and LibTorch's own operations, from the same start on the same images.
struct Pair {
  Pair(const NetworkDescription& description, const cpu::Kernels& kernels)
      : start(description, 1, at::kCPU, MemoryLayout::nchw),
        libtorch(description, 1, at::kCPU, MemoryLayout::nchw),
        chain(read_chain(description).value(), start.flat_parameters(), start.flat_gradients(),
              start.flat_statistics(), kernels) {}

  Network start, libtorch;
  ChainNetwork chain;
};

/// Returns how far apart the gradients are. They agree to rounding, unless a rectifier's input
/// rounds to the other side of zero: then a few of them are those of another network.
double expect_agreement(const NetworkDescription& description, const cpu::Kernels& kernels,
                        std::int64_t images, const std::string& what) {
  Pair pair(description, kernels);
  const Shape shape = description.problem.image;
  const at::Tensor x = at::randn({images, shape.channels, shape.height, shape.width});
  const at::Tensor gradient = at::randn({images, description.problem.classes});
  EXPECT_LT(difference(pair.chain.forward(x, true), pair.libtorch.forward(x, true)), 1e-4) << what;
  pair.chain.backward(gradient);
  pair.libtorch.backward(gradient);
  const double apart = difference(pair.start.flat_gradients(), pair.libtorch.flat_gradients());
  EXPECT_LT(apart, 0.1) << what;
  EXPECT_LT(difference(pair.start.flat_statistics(), pair.libtorch.flat_statistics()), 1e-6)
      << what;
  const at::NoGradGuard guard;
  EXPECT_LT(difference(pair.chain.forward(x, false), pair.libtorch.forward(x, false)), 1e-5)
      << what;
  return apart;
}

TEST(ChainNetwork, ComputesWhatLibTorchComputes) {
  SepConvSpace space;
  space.depth = {.min = 3, .max = 9};
  space.width = {.min = 1, .max = 40, .step = 1};
  for (const cpu::Kernels* kernels : all_kernels()) {
    Random random(3);
    int exact = 0;
    for (int k = 0; k < 12; ++k) {
      const int extent = k % 3 == 0 ? 28 : k % 3 == 1 ? 32 : 13;
      space.fit_to({{k % 2 == 0 ? 1 : 3, extent, extent}, 10});
      const Architecture architecture = space.sample(random);
      exact += expect_agreement(space.describe(architecture), *kernels, 1 + random.below(12),
                                kernels->instruction_set + (" " + to_string(architecture))) < 1e-4;
    }
    EXPECT_GE(exact, 6) << kernels->instruction_set;
  }
}

TEST(ChainNetwork, GoesThroughChainsOfOtherForms) {
  NetworkBuilder builder({{2, 11, 7}, 3});
  builder.convolution({.channels = 6, .kernel = 1})
      .relu()
      .convolution({.channels = 6, .kernel = 7, .stride = 3, .groups = 6})
      .convolution({.channels = 9, .kernel = 1})
      .convolution({.channels = 20, .kernel = 5})
      .batch_norm()
      .convolution({.channels = 5, .kernel = 3, .stride = 2})
      .batch_norm()
      .relu()
      .global_average_pool()
      .linear(3);
  for (const cpu::Kernels* kernels : all_kernels())
    EXPECT_LT(
        expect_agreement(NetworkBuilder(builder).finish(), *kernels, 9, kernels->instruction_set),
        1e-4);
}

TEST(ChainNetwork, IsNotForBranchesOrGroupedConvolutions) {
  NetworkBuilder branches({{2, 4, 4}, 3});
  branches.convolution({.channels = 5}).batch_norm();
  const int trunk = branches.here();
  branches.relu().convolution({.channels = 5}).add(trunk).global_average_pool().linear(3);
  EXPECT_FALSE(read_chain(std::move(branches).finish()));
  NetworkBuilder groups({{2, 4, 4}, 3});
  groups.convolution({.channels = 4}).convolution({.channels = 4, .groups = 2});
  groups.global_average_pool().linear(3);
  EXPECT_FALSE(read_chain(std::move(groups).finish()));
  NetworkBuilder no_head({{2, 4, 4}, 3});
  no_head.convolution({.channels = 4});
  EXPECT_FALSE(read_chain(std::move(no_head).finish()));
}

NetworkDescription example() {
  SepConvSpace space;
  space.fit_to({{1, 20, 20}, 10});
  return space.describe(parse_architecture("d5 w12 ops=scsss kernels=35353"));
}

TEST(ChainNetwork, GivesTheSameBitsOnAnyNumberOfThreads) {
  const at::Tensor x = at::randn({21, 1, 20, 20}), gradient = at::randn({21, 10});
  std::vector<at::Tensor> gradients;
  for (const int count : {1, 2, 3}) {
    const IntraOpThreads threads(count);
    Network network(example(), 4);
    network.forward(x, true);
    network.backward(gradient);
    gradients.push_back(network.flat_gradients().clone());
  }
  EXPECT_TRUE(at::equal(gradients[0], gradients[1]));
  EXPECT_TRUE(at::equal(gradients[0], gradients[2]));
}

TEST(ChainNetwork, ForgetsEarlierBatchesOfAnySize) {
  const at::Tensor x = at::randn({6, 1, 20, 20}), gradient = at::randn({6, 10});
  Network fresh(example(), 4), used(example(), 4);
  used.forward(at::randn({17, 1, 24, 24}), true);
  used.backward(at::randn({17, 10}));
  used.forward(at::randn({40, 1, 16, 16}), false);
  fresh.forward(x, true);
  used.forward(x, true);
  fresh.backward(gradient);
  used.backward(gradient);
  EXPECT_TRUE(at::equal(fresh.flat_gradients(), used.flat_gradients()));
}

TEST(ChainNetwork, LetsWhatIsNotANumberThrough) {
  Network network(example(), 4);
  at::Tensor x = at::randn({6, 1, 20, 20});
  x[2][0][3][3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(network.forward(x, true).isnan().any().item<bool>());
}

}  // namespace
}  // namespace nascent
