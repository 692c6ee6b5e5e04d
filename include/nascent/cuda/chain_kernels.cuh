// Which kernel on how many blocks; the same for the GPU and for the host.
#pragma once

#include <type_traits>
#include <utility>

#include "nascent/cuda/chain_kernels.hpp"
#include "nascent/cuda/depthwise.cuh"
#include "nascent/cuda/norm.cuh"
#include "nascent/cuda/pack.cuh"

namespace nascent::cuda {

/// `run(body, blocks)` runs a body.
template <class Run>
class ChainKernelsBy final : public ChainKernels {
 public:
  explicit ChainKernelsBy(Run run) : run_(std::move(run)) {}

  void depthwise(const Map& in, const Norm& norm, const Depthwise& d, const Map& out) override {
    with_shape(d, [&](auto k, auto s) {
      run_over(out.stride, groups_of(out.stride, out.pixels()),
               DepthwiseForward<k(), s()>{in, norm, d.weight, out});
    });
  }

  void depthwise_input_gradient(const Map& gradient, const Depthwise& d, const Map& in,
                                const Norm& norm, const Map& to, const PairSums& sums) override {
    with_shape(d, [&](auto k, auto s) {
      run_over(in.channels, groups(in, sums),
               DepthwiseInputGradient<k(), s()>{gradient, d.weight, in, norm, to, sums});
    });
  }

  void depthwise_weight_gradient(const Map& gradient, const Map& in, const Norm& norm,
                                 const Depthwise& d, float* partial, float* to) override {
    const int threads = threads_of_channel(in.channels);
    const int groups = groups_of(in.channels, gradient.pixels(), kMostRows / threads);
    with_shape(d, [&](auto k, auto s) {
      run_over(in.channels, groups, DepthwiseWeightGradient<k(), s()>{gradient, in, norm, partial});
    });
    const int taps = d.kernel * d.kernel;
    run_(SumRows{partial, groups * threads, taps, in.channels, to},
         (taps * in.channels + SumRows::kColumns - 1) / SumRows::kColumns);
  }

  void batch_norm(const Map& map, const PairSums& sums, const NormNumbers& numbers) override {
    run_over(map.channels, sums.groups, Moments{map, sums});
    batch_norm(map.channels, sums, map.pixels(), numbers);
  }

  void batch_norm(int channels, const PairSums& sums, std::int64_t count,
                  const NormNumbers& numbers) override {
    run_(FinishMoments{sums, count, channels, numbers}, channel_blocks(channels));
  }

  void batch_norm(int channels, const NormNumbers& numbers) override {
    batch_norm(channels, {nullptr, 0, channels}, 0, numbers);
  }

  void finish_norm_gradient(const PairSums& sums, std::int64_t count,
                            const NormGradients& to) override {
    run_(FinishNormGradient{sums, count, to}, channel_blocks(sums.channels));
  }

  void through_norm(const Map& gradient, const Map& in, const Norm& norm,
                    const NormGradients& means, const Map& to) override {
    run_over(to.stride, groups_of(to.stride, to.pixels()),
             ThroughNorm{gradient, in, norm, means.mean_gradient, means.mean_projection, to});
  }

  void activate(const Map& in, const Norm& norm, const Map& to) override {
    run_over(in.channels, groups_of(in.channels, in.pixels()), Activate{in, norm, to});
  }

  void through_relu(const Map& gradient, const Map& in, const Norm& norm, const Map& to,
                    const PairSums& sums) override {
    run_over(in.channels, groups(in, sums), ThroughRelu{gradient, in, norm, to, sums});
  }

  void pack(const Packing* packings, int count, const float* flat, float* packed) override {
    run_(Pack<false>{packings, const_cast<float*>(flat), packed}, count * Pack<false>::kBlocks);
  }

  void unpack(const Packing* packings, int count, const float* packed, float* flat) override {
    run_(Pack<true>{packings, flat, const_cast<float*>(packed)}, count * Pack<true>::kBlocks);
  }

  void pool(const Map& in, const Norm& norm, float* to) override {
    run_(Pool{in, norm, to}, (in.images * in.channels + Pool::kThreads - 1) / Pool::kThreads);
  }

 private:
  /// Calls `use(kernel, stride)` with compile-time constants.
  template <class Use>
  static void with_shape(const Depthwise& d, const Use& use) {
    const auto with_stride = [&](auto kernel) {
      if (d.stride == 1)
        use(kernel, std::integral_constant<int, 1>{});
      else
        use(kernel, std::integral_constant<int, 2>{});
    };
    if (d.kernel == 3)
      with_stride(std::integral_constant<int, 3>{});
    else if (d.kernel == 5)
      with_stride(std::integral_constant<int, 5>{});
    else
      with_stride(std::integral_constant<int, 7>{});
  }

  template <class Body>
  void run_over(int channels, int groups, const Body& body) {
    run_(body, blocks_of(channels, groups));
  }

  static int groups(const Map& in, const PairSums& sums) {
    return sums.values != nullptr ? sums.groups : groups_of(in.channels, in.pixels());
  }

  static int channel_blocks(int channels) {
    return (channels + ChannelSums::kChannels - 1) / ChannelSums::kChannels;
  }

  Run run_;
};

}  // namespace nascent::cuda
