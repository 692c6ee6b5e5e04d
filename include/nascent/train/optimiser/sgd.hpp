#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros_like.h>

#include <stdexcept>
#include <string>

#include "nascent/train/tensor_operators.hpp"

namespace nascent {

/// Stochastic gradient descent with momentum: no dampening, no Nesterov, the first buffer is the
/// gradient. Defaults of the paper (4.1).
struct Sgd {
  double learning_rate = .025;
  double momentum = .9;        ///< share of the last step that the next one keeps
  double weight_decay = 3e-4;  ///< on every parameter, batch norm and bias too; after clipping

  struct State {
    at::Tensor momenta;  ///< sums of past gradients, [parameters]
  };

  template <class Field>
  void options(Field&& field) const {
    field("learning_rate", learning_rate);
    field("momentum", momentum);
    field("weight_decay", weight_decay);
  }

  void check() const {
    if (!(learning_rate > 0) || !(momentum >= 0) || !(weight_decay >= 0))
      throw std::invalid_argument(
          "SGD needs a learning rate above 0, and a momentum and a weight decay of at least 0, "
          "not " +
          std::to_string(learning_rate) + ", " + std::to_string(momentum) + " and " +
          std::to_string(weight_decay));
  }

  State start(const at::Tensor& parameters) const { return {at::zeros_like(parameters)}; }

  /// Names the tensors that a checkpoint must hold.
  template <class Visit>
  static void visit(State& state, Visit&& visit) {
    visit("momentum", state.momenta);
  }

  /// One step over flat tensors; `gradients` are clipped, and overwritten.
  void step(State& state, at::Tensor& parameters, at::Tensor& gradients, double rate) const {
    gradients.add_(parameters, weight_decay);
    state.momenta.mul_(momentum).add_(gradients);
    parameters.add_(state.momenta, -rate);
  }
};

}  // namespace nascent
