// Every depthwise kernel that is compiled, run on the host, against LibTorch in double precision.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "nascent/cuda/chain_kernels.cuh"

namespace nascent::cuda {
namespace {

constexpr int kImages = 2, kChannels = 5;

struct OnHost {
  template <class Body>
  void operator()(const Body& body, int blocks) const {
    run_on_host(body, blocks);
  }
};

at::Tensor random(at::IntArrayRef shape, std::uint64_t seed) {
  return at::randn(shape, at::make_generator<at::CPUGeneratorImpl>(seed));
}

at::Tensor exact(const at::Tensor& tensor) { return tensor.detach().to(at::kDouble); }

/// [images, channels, height, width] as the kernels read it, its rows `stride` long.
struct Stored {
  Stored(const at::Tensor& images, int stride)
      : rows(at::full({images.size(0), images.size(2), images.size(3), stride}, -7.F)) {
    const auto extent = [&](int d) { return static_cast<int>(images.size(d)); };
    rows.narrow(3, 0, images.size(1)).copy_(images.permute({0, 2, 3, 1}));
    map = {rows.mutable_data_ptr<float>(), extent(0), extent(2), extent(3), extent(1), stride};
  }

  at::Tensor images() const { return rows.narrow(3, 0, map.channels).permute({0, 3, 1, 2}); }
  at::Tensor padding() const { return rows.narrow(3, map.channels, map.stride - map.channels); }

  at::Tensor rows;
  Map map;
};

void expect_near(const at::Tensor& got, const at::Tensor& expected, const char* what) {
  const double apart = (exact(got) - expected).abs().max().item<double>();
  EXPECT_LT(apart, 1e-5 * (expected.abs().max().item<double>() + 1e-12)) << what;
}

/// Kernel, stride, whether a batch norm and a rectifier stand in front.
class DepthwiseKernels : public testing::TestWithParam<std::tuple<int, int, bool>> {};

TEST_P(DepthwiseKernels, ComputeAsLibTorchDoesForwardsAndBackwards) {
  const auto [kernel, stride, normed] = GetParam();
  for (const auto& [height, width] : {std::pair(9, 7), std::pair(8, 12), std::pair(1, 2)}) {
    const at::Tensor image = random({kImages, kChannels, height, width}, 1),
                     weight = random({kChannels, 1, kernel, kernel}, 2),
                     scale = random({kChannels}, 3), shift = random({kChannels}, 4),
                     mean = random({kChannels}, 5), inverse = at::rand({kChannels}) + .5;
    // LibTorch's.
    const auto broad = [](const at::Tensor& numbers) { return exact(numbers).view({1, -1, 1, 1}); };
    at::Tensor before = exact(image), taps = exact(weight);
    if (normed) before = before * broad(scale) + broad(shift);
    before.requires_grad_(true);
    taps.requires_grad_(true);
    const at::Tensor expected =
        at::conv2d(normed ? before.relu() : before, taps, {}, stride, kernel / 2, 1, kChannels);
    const at::Tensor flow = random(expected.sizes(), 6);
    expected.backward(exact(flow));
    // Ours.
    ChainKernelsBy<OnHost> kernels{OnHost{}};
    Norm norm;
    if (normed)
      norm = {scale.const_data_ptr<float>(), shift.const_data_ptr<float>(),
              mean.const_data_ptr<float>(), inverse.const_data_ptr<float>(), true};
    const Depthwise depthwise{kernel, stride, weight.const_data_ptr<float>()};
    const Stored in(image, 8), gradient(flow, 8);
    Stored out(at::zeros(expected.sizes()), 8), to(at::zeros(image.sizes()), kChannels);
    kernels.depthwise(in.map, norm, depthwise, out.map);
    expect_near(out.images(), expected.detach(), "forwards");
    EXPECT_TRUE(out.padding().eq(0).all().item<bool>());

    const PairSums sums{nullptr, groups_of(kChannels, in.map.pixels()), kChannels};
    at::Tensor pairs = at::zeros({sums.groups, 2, kChannels});
    kernels.depthwise_input_gradient(
        gradient.map, depthwise, in.map, norm, to.map,
        {normed ? pairs.mutable_data_ptr<float>() : nullptr, sums.groups, kChannels});
    expect_near(to.images(), before.grad(), "gradient of the input");
    if (normed) {
      const at::Tensor projected = before.grad() * (exact(image) - broad(mean)) * broad(inverse);
      expect_near(pairs.sum(0)[0], before.grad().sum({0, 2, 3}), "its sums");
      expect_near(pairs.sum(0)[1], projected.sum({0, 2, 3}), "its sums with the normalised value");
    }

    at::Tensor partial = at::empty({kMostRows, kernel * kernel * kChannels}),
               of_weight = at::empty({kChannels, 1, kernel, kernel});
    kernels.depthwise_weight_gradient(gradient.map, in.map, norm, depthwise,
                                      partial.mutable_data_ptr<float>(),
                                      of_weight.mutable_data_ptr<float>());
    expect_near(of_weight, taps.grad(), "gradient of the weight");
  }
}

INSTANTIATE_TEST_SUITE_P(Of, DepthwiseKernels,
                         testing::Combine(testing::Values(3, 5, 7), testing::Values(1, 2),
                                          testing::Bool()),
                         [](const auto& shape) {
                           return std::to_string(std::get<0>(shape.param)) + "Stride" +
                                  std::to_string(std::get<1>(shape.param)) +
                                  (std::get<2>(shape.param) ? "BehindABatchNorm" : "Alone");
                         });

}  // namespace
}  // namespace nascent::cuda
