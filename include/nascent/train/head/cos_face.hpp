#pragma once

#include "nascent/train/head/head_policy.hpp"

namespace nascent {

/// A margin on the cosine of the true class: s (c - m) (Wang et al. 2018).
struct CosFace {
  using State = NoHeadState;  ///< it has none

  double margin = .4;     ///< m
  double scale = 64;      ///< s
  double epsilon = 1e-4;  ///< cosines stay so far from 1 and -1

  template <class Field>
  void options(Field&& field) const {
    field("name", "cosface");
    field("margin", margin);
    field("scale", scale);
  }
  void check() const { detail::check_head("CosFace", margin, scale); }

  /// State before the first batch.
  State start() const { return {}; }

  /// [images, classes] of a batch; `kernel` is [numbers, classes].
  at::Tensor logits(State&, const FaceBatch& batch, const at::Tensor& kernel) const {
    const at::Tensor cosines = detail::clamped_cosines(batch, kernel, epsilon);
    return (cosines - detail::at_labels(cosines, batch.labels, margin)) * scale;
  }
};

static_assert(HeadPolicy<CosFace>);

}  // namespace nascent
