#pragma once

#include "nascent/operation/operation_policy.hpp"

namespace nascent {

/// ReLU, depthwise kxk convolution (with the stride), pointwise 1x1 convolution, batch norm
/// (paper 3.1).
struct SeparableConv {
  static constexpr char letter = 's';
  static constexpr std::string_view name = "separable convolution";

  static void describe(NetworkBuilder& net, LayerTarget target) {
    const int in = net.shape().channels;
    net.relu()
        .convolution(
            {.channels = in, .kernel = target.kernel, .stride = target.stride, .groups = in})
        .convolution({.channels = target.channels, .kernel = 1})
        .batch_norm();
  }
};

static_assert(OperationPolicy<SeparableConv>);

}  // namespace nascent
