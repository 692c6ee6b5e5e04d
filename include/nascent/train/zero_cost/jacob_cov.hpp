#pragma once

#include <ATen/ops/corrcoef.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/ones_like.h>

#include <limits>

#include "nascent/train/tensor_operators.hpp"
#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// How differently a network answers to changes of different images: -sum(log(v + k) + 1 / (v + k))
/// over the eigenvalues v of the correlations between the gradients, one an image, of the summed
/// logits with respect to the image; k = 1e-5, batch norm by the batch (Mellor et al. 2020,
/// arXiv 2006.04647v1, section 3; Abdelfattah et al. 2021, section 3.2.3).
/// Not a number for a network whose logits do not depend on an image.
inline double jacob_cov(const FreshNetwork& fresh) {
  constexpr double k = 1e-5;
  Network network = fresh.make();
  at::Tensor images = fresh.batch.images.detach().clone();
  images.requires_grad_(true);
  const at::AutoGradMode gradients(true);
  network.backward(at::ones_like(network.forward(images, true)));
  if (!images.grad().defined()) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor correlations = at::corrcoef(images.grad().flatten(1).to(at::kDouble));
  const at::Tensor shifted = at::linalg_eigvalsh(correlations) + k;
  return -(shifted.log() + shifted.reciprocal()).sum().item<double>();
}

}  // namespace nascent::zero_cost
