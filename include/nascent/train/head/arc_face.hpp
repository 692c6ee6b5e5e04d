#pragma once

#include "nascent/train/head/head_policy.hpp"

namespace nascent {

/// A margin on the angle to the true class: s cos(angle + m), without an "easy margin" (Deng et al.
/// 2019).
struct ArcFace {
  using State = NoHeadState;  ///< it has none

  double margin = .5;     ///< m, radians
  double scale = 64;      ///< s
  double epsilon = 1e-4;  ///< cosines stay so far from 1 and -1, angles from 0 and pi

  template <class Field>
  void options(Field&& field) const {
    field("name", "arcface");
    field("margin", margin);
    field("scale", scale);
  }
  void check() const { detail::check_head("ArcFace", margin, scale); }

  /// State before the first batch.
  State start() const { return {}; }

  /// [images, classes] of a batch; `kernel` is [numbers, classes].
  at::Tensor logits(State&, const FaceBatch& batch, const at::Tensor& kernel) const {
    const at::Tensor cosines = detail::clamped_cosines(batch, kernel, epsilon);
    return detail::turned(cosines, detail::at_labels(cosines, batch.labels, margin), epsilon) *
           scale;
  }
};

static_assert(HeadPolicy<ArcFace>);

}  // namespace nascent
