#pragma once

#include <ATen/ops/linalg_vector_norm.h>

#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// Sum, over the layers, of the L2 norm of the loss's gradient with respect to the weights, batch
/// norm by the batch (Abdelfattah et al. 2021, section 3.2.1).
inline double grad_norm(const FreshNetwork& fresh) {
  Network network = fresh.make();
  differentiate_loss(network, fresh.batch);
  double sum = 0;
  for (const at::Tensor& gradient : weights(fresh.description, network.flat_gradients()))
    sum += at::linalg_vector_norm(gradient).item<double>();
  return sum;
}

}  // namespace nascent::zero_cost
