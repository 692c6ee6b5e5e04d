#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/cross_entropy_loss.h>

#include <stdexcept>

namespace nascent {

/// Cross entropy against a target that gives a share to all classes alike (Szegedy et al. 2016).
struct LabelSmoothing {
  double smoothing = .1;  ///< share of the target that all classes share evenly

  template <class Field>
  void options(Field&& field) const {
    field("label_smoothing", smoothing);
  }

  void check() const {
    if (!(smoothing >= 0) || !(smoothing < 1))
      throw std::invalid_argument("label smoothing is a share from 0 to below 1");
  }

  /// Mean over the batch; `logits` [n, classes], `labels` int64 [n].
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, -100, smoothing);
  }
};

}  // namespace nascent
