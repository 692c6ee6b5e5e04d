#pragma once

#include <ATen/ops/linalg_vector_norm.h>

#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// Sum, over the layers, of the L2 norm of the weights (a baseline of Krishnakumar et al. 2022); no
/// image is looked at.
inline double l2_norm(const FreshNetwork& fresh) {
  Network network = fresh.make();
  double sum = 0;
  for (const at::Tensor& weight : weights(fresh.description, network.flat_parameters()))
    sum += at::linalg_vector_norm(weight).item<double>();
  return sum;
}

}  // namespace nascent::zero_cost
