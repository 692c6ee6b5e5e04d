#pragma once

#include <ATen/ops/ones_like.h>

#include <cmath>

#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// Logarithm of the sum over all weights of |weight x gradient of the sum of the outputs|, with the
/// absolute values of all parameters, an image of ones and no batch norm, in double precision
/// (Tanaka et al. 2020, as a score of networks in Abdelfattah et al. 2021, section 3.2.2; the
/// logarithm is that of NASLib, whose tables it makes comparable). Labels and images do not matter.
/// Minus infinity for a network through which nothing flows.
inline double synflow(const FreshNetwork& fresh) {
  Network network = fresh.make(at::kDouble);
  {
    const at::NoGradGuard guard;
    network.flat_parameters().abs_();
    network.flat_statistics().mul_(1 - 1e-5);  // variance + epsilon is 1: batch norm does nothing
  }
  const at::AutoGradMode gradients(true);
  const at::Tensor ones = at::ones_like(fresh.batch.images.narrow(0, 0, 1), at::kDouble);
  network.backward(at::ones_like(network.forward(ones, false)));
  return std::log(saliency(fresh.description, network));
}

}  // namespace nascent::zero_cost
