// The chain by its kernels' bodies, run on the host, against LibTorch's own operations in double
// precision.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "nascent/cuda/chain_kernels.cuh"
#include "nascent/cuda/chain_network.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/network.hpp"

namespace nascent::cuda {
namespace {

struct OnHost {
  template <class Body>
  void operator()(const Body& body, int blocks) const {
    run_on_host(body, blocks);
  }
};

std::unique_ptr<ChainKernels> host_kernels() {
  return std::make_unique<ChainKernelsBy<OnHost>>(OnHost{});
}

/// In single precision by plain loops, but the sums; `refuses` as one would that has no plan.
struct FusedOnHost final : FusedPointwise {
  explicit FusedOnHost(bool refusing) : refuses(refusing) {}

  bool run(const Map& in, const Norm& norm, const float* weight, const Map& to,
           float* sums) override {
    ++asked;
    EXPECT_EQ(norm.scale, nullptr);
    EXPECT_EQ(in.pixels(), to.pixels());
    if (refuses) return false;
    for (int c = 0; c < to.stride; ++c) {
      double sum = 0, squares = 0;
      for (std::int64_t p = 0; p < in.pixels(); ++p) {
        float y = 0;
        for (int k = 0; k < in.stride; ++k)
          y += weight[c * in.stride + k] * in.values[p * in.stride + k];
        to.values[p * to.stride + c] = y;
        sum += double(y);
        squares += double(y) * double(y);
      }
      sums[c] = float(sum);
      sums[to.stride + c] = float(squares);
    }
    return true;
  }

  bool refuses;
  int asked = 0;
};

double apart(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).abs().max() /
          (b.to(at::kDouble).abs().max() + 1e-12))
      .item<double>();
}

at::Tensor channels_last(const at::Tensor& images) {
  const std::int64_t c = images.size(1), h = images.size(2), w = images.size(3);
  at::Tensor copy = at::empty_strided(images.sizes(), {c * h * w, 1, w * c, c}, images.options());
  copy.copy_(images);
  return copy;
}

void expect_as_libtorch(const std::string& text, Shape image,
                        const std::shared_ptr<FusedPointwise>& fused = nullptr) {
  struct Space : ChainSpace<Depth<3, 10>, Width<3, 80, 1>, Operations<SeparableConv, Conv>,
                            Kernels<3, 5, 7>> {};
  Space space;
  space.fit_to({image, 7});
  const NetworkDescription description = space.describe(parse_architecture(text));
  Network exact(description, 3, at::kCPU, MemoryLayout::nchw, at::kDouble);
  Network network(description, 3, at::kCPU, MemoryLayout::nchw);
  const auto chain = read_chain(description);
  ASSERT_TRUE(chain && ChainNetwork::fits(*chain));
  ChainNetwork kernels(*chain, network.flat_parameters(), network.flat_gradients(),
                       network.flat_statistics(), host_kernels);
  kernels.fuse_pointwise(fused);
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(4);
  const at::Tensor images = at::randn({5, image.channels, image.height, image.width}, generator);
  const at::Tensor gradient = at::randn({5, 7}, generator);
  for (int step = 0; step < 2; ++step) {
    const at::AutoGradMode with(true);
    const at::Tensor expected = exact.forward(images.to(at::kDouble), true);
    exact.backward(gradient.to(at::kDouble));
    const at::NoGradGuard without;
    EXPECT_LT(apart(kernels.forward(channels_last(images), true), expected), 1e-5);
    kernels.backward(gradient);
    EXPECT_LT(apart(network.flat_gradients(), exact.flat_gradients()), 1e-5);
    EXPECT_LT(apart(network.flat_statistics(), exact.flat_statistics()), 1e-6);
    exact.flat_parameters().sub_(exact.flat_gradients(), .01);
    network.flat_parameters().sub_(network.flat_gradients(), .01);
  }
  const at::NoGradGuard without;
  EXPECT_LT(apart(kernels.forward(channels_last(images), false),
                  exact.forward(images.to(at::kDouble), false)),
            1e-5);
}

TEST(CudaChainNetwork, ComputesSeparableConvolutionsOfEveryKernelAsLibTorchDoes) {
  expect_as_libtorch("d4 w6 ops=ssss kernels=3573", {1, 12, 12});
  expect_as_libtorch("d6 w5 ops=ssssss kernels=737355", {3, 9, 13});
}

TEST(CudaChainNetwork, ComputesPlainConvolutionsBetweenThemAsLibTorchDoes) {
  expect_as_libtorch("d5 w6 ops=cscsc kernels=35357", {1, 11, 10});
}

TEST(CudaChainNetwork, ComputesMoreChannelsThanABlockHasThreads) {
  expect_as_libtorch("d3 w70 ops=sss kernels=353", {1, 4, 4});
}

TEST(CudaChainNetwork, TakesProductsAndTheirSumsFromAnother) {
  for (const bool refuses : {false, true}) {
    const auto fused = std::make_shared<FusedOnHost>(refuses);
    expect_as_libtorch("d5 w6 ops=sscss kernels=35573", {1, 11, 10}, fused);
    EXPECT_EQ(fused->asked, 2 * 4);  // the separable ones, in training alone
  }
}

}  // namespace
}  // namespace nascent::cuda
