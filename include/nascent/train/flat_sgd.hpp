#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

#include "nascent/train/recipe.hpp"

namespace nascent {

/// Clipping by the global norm, weight decay and momentum, each one pass over the flat parameters.
/// Nothing waits for the device.
class FlatSgd {
 public:
  /// `parameters` and `gradients` are flat, of one length, and are changed in place.
  FlatSgd(at::Tensor parameters, at::Tensor gradients, const Recipe& recipe)
      : parameters_(std::move(parameters)),
        gradients_(std::move(gradients)),
        momenta_(at::zeros_like(parameters_)),
        recipe_(recipe) {}

  /// Returns the L2 norm of the gradient before clipping, a scalar on the device.
  at::Tensor step(double learning_rate) {
    const at::NoGradGuard guard;
    at::Tensor norm = at::linalg_vector_norm(gradients_);
    gradients_.mul_((recipe_.clip / (norm + 1e-6)).clamp_max(1));
    gradients_.add_(parameters_, recipe_.weight_decay);
    momenta_.mul_(recipe_.momentum).add_(gradients_);
    parameters_.add_(momenta_, -learning_rate);
    return norm;
  }

 private:
  at::Tensor parameters_, gradients_, momenta_;
  Recipe recipe_;
};

}  // namespace nascent
