#pragma once

#include "nascent/operation/operation_policy.hpp"

namespace nascent {

/// ReLU, plain kxk convolution (with the stride), batch norm (paper 3.1).
struct Conv {
  static constexpr char letter = 'c';
  static constexpr std::string_view name = "plain convolution";

  static void describe(NetworkBuilder& net, LayerTarget target) {
    net.relu()
        .convolution(
            {.channels = target.channels, .kernel = target.kernel, .stride = target.stride})
        .batch_norm();
  }
};

static_assert(OperationPolicy<Conv>);

}  // namespace nascent
