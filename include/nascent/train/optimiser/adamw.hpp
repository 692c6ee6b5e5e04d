#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <sstream>
#include <stdexcept>

#include "nascent/train/tensor_operators.hpp"

namespace nascent {

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019); defaults as PyTorch's.
struct AdamW {
  double learning_rate = 1e-3;
  double beta1 = .9, beta2 = .999;  ///< decay of the moments
  double epsilon = 1e-8;            ///< added to the root of the second moment
  double weight_decay = 1e-2;       ///< on every parameter

  struct State {
    at::Tensor first, second;  ///< moments
    at::Tensor steps;          ///< one number, so that a checkpoint holds it as it holds the others
  };

  template <class Field>
  void options(Field&& field) const {
    field("optimiser", "adamw");
    field("learning_rate", learning_rate);
    field("beta1", beta1);
    field("beta2", beta2);
    field("epsilon", epsilon);
    field("weight_decay", weight_decay);
  }

  void check() const {
    const auto need = [](bool holds, const char* what, double value) {
      if (holds) return;
      std::ostringstream text;
      text << "AdamW needs " << what << ", not " << value;
      throw std::invalid_argument(text.str());
    };
    need(learning_rate > 0, "a learning rate above 0", learning_rate);
    need(beta1 >= 0 && beta1 < 1, "a beta1 from 0 to below 1", beta1);
    need(beta2 >= 0 && beta2 < 1, "a beta2 from 0 to below 1", beta2);
    need(epsilon > 0, "an epsilon above 0", epsilon);
    need(weight_decay >= 0, "a weight decay of at least 0", weight_decay);
  }

  State start(const at::Tensor& parameters) const {
    return {at::zeros_like(parameters), at::zeros_like(parameters), at::full({1}, 0.0F)};
  }

  template <class Visit>
  static void visit(State& state, Visit&& visit) {
    visit("first_moment", state.first);
    visit("second_moment", state.second);
    visit("steps", state.steps);
  }

  /// One step over flat tensors; `gradients` are clipped.
  void step(State& state, at::Tensor& parameters, at::Tensor& gradients, double rate) const {
    const double t = state.steps.add_(1).item<float>();  // on the CPU
    parameters.mul_(1 - rate * weight_decay);
    state.first.mul_(beta1).add_(gradients, 1 - beta1);
    state.second.mul_(beta2).addcmul_(gradients, gradients, 1 - beta2);
    const double unbias = std::sqrt(1 - std::pow(beta2, t));
    parameters.addcdiv_(state.first, (state.second.sqrt() / unbias).add_(epsilon),
                        -rate / (1 - std::pow(beta1, t)));
  }
};

}  // namespace nascent
