#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/cross_entropy_loss.h>

namespace nascent {

/// Mean cross entropy over a batch, nats.
struct CrossEntropy {
  /// `logits` [images, classes], `labels` int64 [images]; a scalar that LibTorch can differentiate.
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return at::cross_entropy_loss(logits, labels);
  }
};

}  // namespace nascent
