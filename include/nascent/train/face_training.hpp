#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "nascent/train/head/head_policy.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent {

/// How a face network and the matrix of classes move; defaults of AdaFace's published recipe.
struct FaceSgd {
  double learning_rate = .1;   ///< before any schedule
  double momentum = .9;        ///< share of the last step that the next one keeps
  double weight_decay = 5e-4;  ///< on every parameter but those of affine batch norms
  double clip = 0;             ///< largest L2 norm of the network's gradient; 0 = any

  template <class Field>
  void options(Field&& field) const {
    field("learning_rate", learning_rate);
    field("momentum", momentum);
    field("weight_decay", weight_decay);
    field("clip", clip);
  }

  void check() const {
    if (!(learning_rate > 0) || !(momentum >= 0) || !(weight_decay >= 0) || !(clip >= 0))
      throw std::invalid_argument(
          "FaceSgd needs a learning rate above 0, and a momentum, a weight decay and a clip of at "
          "least 0");
  }
};

/// What a network makes of images.
struct Embedded {
  at::Tensor embeddings;  ///< of length 1, [images, numbers]
  at::Tensor norms;       ///< their lengths before, [images, 1]
};

/// Splits a network's output [images, numbers] into directions and lengths.
inline Embedded as_embeddings(const at::Tensor& output) {
  at::Tensor norms = at::linalg_vector_norm(output, 2, {1}, true);
  return {output / norms, norms};
}

/// A face network that is trained together with the matrix of classes of a head.
template <class Head>
class FaceTraining {
 public:
  static_assert(detail::explain_head<Head>());

  /// `kernel` [numbers, classes] is moved in place; `network` must outlive this.
  FaceTraining(const NetworkDescription& description, Network& network, at::Tensor kernel,
               Head head = {}, FaceSgd sgd = {})
      : network_(network),
        kernel_(kernel.detach()),
        head_(std::move(head)),
        sgd_(sgd),
        state_(head_.start()),
        decay_(decay_of(description, network.flat_parameters())),
        momenta_(at::zeros_like(network.flat_parameters())),
        kernel_momenta_(at::zeros_like(kernel_)) {
    sgd_.check();
    kernel_.requires_grad_(true);
  }

  /// One step.
  struct Step {
    at::Tensor logits;  ///< before the update
    at::Tensor loss;    ///< mean cross entropy over the batch
  };

  /// Forward, loss, backward, update at learning rate `rate`. SGD without dampening: the first
  /// buffer is the gradient.
  Step learn(const at::Tensor& images, const at::Tensor& labels, double rate) {
    Step step = differentiate(images, labels);
    const at::NoGradGuard guard;
    at::Tensor& gradient = network_.flat_gradients();
    if (sgd_.clip > 0)
      gradient.mul_((sgd_.clip / (at::linalg_vector_norm(gradient) + 1e-6)).clamp_max(1));
    at::Tensor values = network_.flat_parameters().detach();
    gradient.addcmul_(values, decay_);
    move(values, momenta_, gradient, rate);
    at::Tensor classes = kernel_.detach();
    move(classes, kernel_momenta_, kernel_.grad() + classes * sgd_.weight_decay, rate);
    return step;
  }

  /// What the head remembers; may be set.
  typename Head::State& state() { return state_; }
  /// Of the classes, [numbers, classes].
  const at::Tensor& kernel() const { return kernel_; }

 private:
  Step differentiate(const at::Tensor& images, const at::Tensor& labels) {
    const at::AutoGradMode gradients(true);
    at::Tensor output = network_.forward(images, true);
    output.requires_grad_(true);
    kernel_.mutable_grad().reset();
    const Embedded embedded = as_embeddings(output);
    const at::Tensor logits =
        head_.logits(state_, {embedded.embeddings, embedded.norms, labels}, kernel_);
    const at::Tensor loss = at::cross_entropy_loss(logits, labels);
    loss.backward();
    network_.backward(output.grad());
    return {logits.detach(), loss.detach()};
  }

  void move(at::Tensor& values, at::Tensor& momenta, const at::Tensor& gradient,
            double rate) const {
    momenta.mul_(sgd_.momentum).add_(gradient);
    values.add_(momenta, -rate);
  }

  /// The weight decay of each parameter.
  at::Tensor decay_of(const NetworkDescription& description, const at::Tensor& like) const {
    const at::NoGradGuard guard;
    at::Tensor decay = at::ones_like(like).mul_(sgd_.weight_decay);
    std::int64_t offset = 0;
    for (const LayerDescription& layer : description.layers) {
      if (layer.kind == LayerKind::batch_norm) decay.narrow(0, offset, layer.parameters()).fill_(0);
      offset += layer.parameters();
    }
    return decay;
  }

  Network& network_;
  at::Tensor kernel_;
  Head head_;
  FaceSgd sgd_;
  typename Head::State state_;
  at::Tensor decay_, momenta_, kernel_momenta_;
};

}  // namespace nascent
