// What the margin heads have in common.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros_like.h>

#include <numbers>
#include <stdexcept>
#include <string>

#include "nascent/train/tensor_operators.hpp"

namespace nascent {

/// What a head is given of a batch.
struct FaceBatch {
  at::Tensor embeddings;  ///< of length 1, [images, numbers]
  at::Tensor norms;       ///< their lengths before, [images, 1]; no gradient reaches them
  at::Tensor labels;      ///< int64 [images]
};

/// Of a head that remembers nothing.
struct NoHeadState {
  /// There is nothing to visit.
  template <class Visit>
  void visit(Visit&&) {}
};

namespace detail {

/// Cosines of the angles between embeddings and the columns of `kernel` [numbers, classes], kept
/// `epsilon` away from 1 and -1: [images, classes].
inline at::Tensor clamped_cosines(const FaceBatch& batch, const at::Tensor& kernel,
                                  double epsilon) {
  const at::Tensor columns = kernel / at::linalg_vector_norm(kernel, 2, {0}, true);
  return at::matmul(batch.embeddings, columns).clamp(-1 + epsilon, 1 - epsilon);
}

/// `values` [images, 1], or one number, in the column of each image's label; 0 elsewhere.
inline at::Tensor at_labels(const at::Tensor& cosines, const at::Tensor& labels,
                            const at::Tensor& values) {
  return at::zeros_like(cosines).scatter_(1, labels.unsqueeze(1), values);
}

inline at::Tensor at_labels(const at::Tensor& cosines, const at::Tensor& labels, double value) {
  return at::zeros_like(cosines).scatter_(1, labels.unsqueeze(1), value);
}

/// The cosines of angles that are `added` to, which stay within 0 .. pi.
inline at::Tensor turned(const at::Tensor& cosines, const at::Tensor& added, double epsilon) {
  return (cosines.acos() + added).clamp(epsilon, std::numbers::pi - epsilon).cos();
}

inline void check_head(const char* head, double margin, double scale) {
  if (!(margin >= 0) || !(margin < 1.5) || !(scale > 0))
    throw std::invalid_argument(std::string(head) +
                                " needs a margin from 0 to below 1.5 and a scale above 0, not " +
                                std::to_string(margin) + " and " + std::to_string(scale));
}

}  // namespace detail
}  // namespace nascent
