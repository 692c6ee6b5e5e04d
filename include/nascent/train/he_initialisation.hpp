#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <cstdint>

#include "nascent/operation/network_description.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

/// Draws the weights of convolutions and linear layers anew: normal, with deviation sqrt(2 / fan
/// out) (He et al. 2015), biases 0, as AdaFace's networks begin. A convolution in groups counts the
/// fan of its group. The same on every device.
inline void initialise_he(const NetworkDescription& description, Network& network,
                          std::uint64_t seed) {
  const at::NoGradGuard guard;
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  std::int64_t offset = 0;
  for (const LayerDescription& layer : description.layers) {
    const bool linear = layer.kind == LayerKind::linear;
    if (linear || layer.kind == LayerKind::convolution) {
      const std::int64_t biases = linear ? layer.out.channels : 0;
      const std::int64_t weights = layer.parameters() - biases;
      const std::int64_t fan_out =
          linear ? biases
                 : std::int64_t{layer.out.channels / layer.groups} * layer.kernel * layer.kernel;
      const at::Tensor drawn =
          at::empty({weights}, at::kFloat)
              .normal_(0, std::sqrt(2. / static_cast<double>(fan_out)), generator);
      at::Tensor values = network.flat_parameters().detach();
      values.narrow(0, offset, weights).copy_(drawn);
      values.narrow(0, offset + weights, biases).fill_(0);
    }
    offset += layer.parameters();
  }
}

}  // namespace nascent
