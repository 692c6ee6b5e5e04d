// Weights and working memory of one convolution of a ChainNetwork.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nascent/train/cpu/chain.hpp"
#include "nascent/train/cpu/kernels.hpp"

namespace nascent {

/// The weights of one convolution in the kernels' order, and their gradients, one set a group.
class ChainWeights {
 public:
  /// Room for the weights of this convolution.
  explicit ChainWeights(const ChainConvolution& convolution) : c_(convolution) {
    const int k = c_.separable ? 1 : c_.kernel, last = c_.kernel - 1;
    // PyTorch's order is [out][in][row][column]; images lie [row][column][channel].
    for (int y = 0; y < k; ++y)
      for (int x = 0; x < k; ++x)
        for (int in = 0; in < c_.in_channels; ++in)
          forward_offsets_.push_back((in * k + y) * k + x);
    for (int y = 0; y < k; ++y)
      for (int x = 0; x < k; ++x)
        for (int out = 0; out < c_.out_channels; ++out)
          backward_offsets_.push_back((long{out} * c_.in_channels * k + (k - 1 - y)) * k +
                                      (k - 1 - x));
    forward_.resize(panels(forward_offsets_.size(), c_.out_channels));
    backward_.resize(panels(backward_offsets_.size(), c_.in_channels));
    if (c_.separable) {
      depthwise_.resize(std::size_t((last + 1) * (last + 1) * pitch()));
      flipped_.resize(depthwise_.size());
    }
  }

  /// Takes the weights from the network's flat parameters.
  void pack(const cpu::Kernels& kernels, const float* parameters) {
    const long area = c_.separable ? 1 : long{c_.kernel} * c_.kernel;
    const float* weight = parameters + c_.weight;
    kernels.pack(weight, forward_offsets_.data(), static_cast<int>(forward_offsets_.size()),
                 c_.in_channels * area, c_.out_channels, forward_.data());
    kernels.pack(weight, backward_offsets_.data(), static_cast<int>(backward_offsets_.size()), area,
                 c_.in_channels, backward_.data());
    if (!c_.separable) return;
    const int taps = c_.kernel * c_.kernel;
    for (int channel = 0; channel < c_.in_channels; ++channel)
      for (int tap = 0; tap < taps; ++tap) {
        const float value = parameters[c_.depthwise_weight + channel * taps + tap];
        depthwise_[std::size_t(tap * pitch() + channel)] = value;
        flipped_[std::size_t((taps - 1 - tap) * pitch() + channel)] = value;
      }
  }

  /// For the kernels, until the next `pack`.
  cpu::Weights view() const {
    return {depthwise_.data(), flipped_.data(), forward_.data(), backward_.data()};
  }

  /// Zeros, one set for each group of images.
  void clear_gradients(int groups) {
    gradients_.resize(std::size_t(groups) * gradient_size());
    depthwise_gradients_.resize(std::size_t(groups) * depthwise_.size());
    std::ranges::fill(gradients_, 0.0F);
    std::ranges::fill(depthwise_gradients_, 0.0F);
  }

  /// Of the plain or pointwise weights, in the kernels' order.
  float* gradients(int group) { return gradients_.data() + std::size_t(group) * gradient_size(); }
  /// Of the depthwise weights, in the kernels' order.
  float* depthwise_gradients(int group) {
    return depthwise_gradients_.data() + std::size_t(group) * depthwise_.size();
  }

  /// Writes the sums over the groups where the parameters' gradients lie.
  void unpack_gradients(int groups, float* flat) {
    add_groups(gradients_, gradient_size(), groups);
    add_groups(depthwise_gradients_, depthwise_.size(), groups);
    const int k = c_.separable ? 1 : c_.kernel;
    const long run = cpu::padded_run(k * c_.in_channels);
    float* to = flat + c_.weight;
    for (int out = 0; out < c_.out_channels; ++out)
      for (int in = 0; in < c_.in_channels; ++in)
        for (int y = 0; y < k; ++y)
          for (int x = 0; x < k; ++x)
            *to++ = gradients_[std::size_t((long{out} * k + y) * run + x * c_.in_channels + in)];
    if (!c_.separable) return;
    const int taps = c_.kernel * c_.kernel;
    for (int channel = 0; channel < c_.in_channels; ++channel)
      for (int tap = 0; tap < taps; ++tap)
        flat[c_.depthwise_weight + channel * taps + tap] =
            depthwise_gradients_[std::size_t(tap * pitch() + channel)];
  }

 private:
  long pitch() const { return cpu::padded_channels(c_.in_channels); }

  static std::size_t panels(std::size_t depth, int channels) {
    return depth * std::size_t(cpu::padded_channels(channels)) + cpu::kSlack;
  }

  std::size_t gradient_size() const {
    const int k = c_.separable ? 1 : c_.kernel;
    return std::size_t((c_.out_channels + 3) / 4 * 4 * k * cpu::padded_run(k * c_.in_channels));
  }

  static void add_groups(std::vector<float>& values, std::size_t size, int groups) {
    for (int g = 1; g < groups; ++g)
      for (std::size_t i = 0; i < size; ++i) values[i] += values[std::size_t(g) * size + i];
  }

  ChainConvolution c_;
  std::vector<long> forward_offsets_, backward_offsets_;
  std::vector<float> forward_, backward_, depthwise_, flipped_;
  std::vector<float> gradients_, depthwise_gradients_;
};

/// Working memory for one image of a convolution; kept from one to the next.
class ChainScratch {
 public:
  /// Memory for an image of this shape; `backward`: for both ways.
  cpu::Scratch prepare(const cpu::ConvolutionShape& shape, bool backward) {
    const std::size_t border = std::size_t(shape.kernel / 2) * 2, in = std::size_t(shape.in),
                      out = std::size_t(shape.out), height = std::size_t(shape.height),
                      width = std::size_t(shape.width);
    const std::size_t area = (height + border) * (width + border);
    reserve(padded_, area * in);
    reserve(tile_, height * width * in);
    if (backward) {
      const std::size_t spread = area * (shape.separable ? in : out);
      reserve(spread_, spread);
      std::fill_n(spread_.begin(), spread, 0.0F);
      reserve(gradient_, height * width * out);
      reserve(taps_, std::size_t(shape.kernel * shape.kernel * cpu::padded_channels(shape.in)));
    }
    return {padded_.data(), spread_.data(), tile_.data(), gradient_.data(), taps_.data()};
  }

  /// Room for two more images of `numbers`.
  float* image(int which, std::int64_t numbers) {
    reserve(images_[which], std::size_t(numbers));
    return images_[which].data();
  }

 private:
  static void reserve(std::vector<float>& memory, std::size_t numbers) {
    if (memory.size() < numbers + cpu::kSlack) memory.resize(numbers + cpu::kSlack);
  }

  std::vector<float> padded_, spread_, tile_, gradient_, taps_, images_[2];
};

}  // namespace nascent
