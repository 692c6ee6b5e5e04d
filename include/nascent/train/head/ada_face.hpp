#pragma once

#include <ATen/core/grad_mode.h>

#include "nascent/train/head/head_policy.hpp"

namespace nascent {

/// Margins that follow an image's quality, for which the length of its embedding stands (Kim et al.
/// 2022): with q from -1 to 1, s (cos(angle - m q) - (m + m q)) of the true class.
///
/// q is the length, less the running mean, over the running deviation, times h. Both statistics
/// move with every batch before they are used; a batch of one image has no deviation, and leaves
/// both as they are.
struct AdaFace {
  /// Running statistics of the embeddings' lengths.
  struct State {
    double mean = 20, deviation = 100;  ///< at the start, as in the authors' code

    /// Names the numbers that a checkpoint must hold.
    template <class Visit>
    void visit(Visit&& visit) {
      visit("norm_mean", mean);
      visit("norm_deviation", deviation);
    }
  };

  double margin = .4;           ///< m
  double concentration = .333;  ///< h
  double scale = 64;            ///< s
  double momentum = .01;        ///< share of a batch in the running statistics (t_alpha)
  double epsilon = 1e-3;        ///< cosines stay so far from 1 and -1, angles from 0 and pi

  template <class Field>
  void options(Field&& field) const {
    field("name", "adaface");
    field("margin", margin);
    field("concentration", concentration);
    field("scale", scale);
    field("norm_momentum", momentum);
  }
  void check() const {
    detail::check_head("AdaFace", margin, scale);
    if (!(concentration > 0) || !(momentum >= 0) || !(momentum <= 1))
      throw std::invalid_argument(
          "AdaFace needs a concentration above 0 and a momentum from 0 to 1");
  }

  /// State before the first batch.
  State start() const { return {}; }

  /// [images, classes] of a batch; moves the statistics; `kernel` is [numbers, classes].
  at::Tensor logits(State& state, const FaceBatch& batch, const at::Tensor& kernel) const {
    const at::Tensor cosines = detail::clamped_cosines(batch, kernel, epsilon);
    const at::Tensor quality = qualities(state, batch.norms);
    const at::Tensor angular = detail::at_labels(cosines, batch.labels, quality * -margin);
    const at::Tensor additive = detail::at_labels(cosines, batch.labels, quality * margin + margin);
    return (detail::turned(cosines, angular, epsilon) - additive) * scale;
  }

 private:
  /// [images, 1], from -1 to 1; moves the statistics.
  at::Tensor qualities(State& state, const at::Tensor& norms) const {
    const at::NoGradGuard guard;
    const at::Tensor lengths = norms.detach().clamp(0.001, 100);
    if (lengths.size(0) > 1) {
      const auto moved = [this](double running, const at::Tensor& now) {
        return momentum * now.item<double>() + (1 - momentum) * running;
      };
      state.mean = moved(state.mean, lengths.mean());
      state.deviation = moved(state.deviation, lengths.std());
    }
    return ((lengths - state.mean) * (concentration / (state.deviation + epsilon))).clamp(-1, 1);
  }
};

static_assert(HeadPolicy<AdaFace>);

}  // namespace nascent
