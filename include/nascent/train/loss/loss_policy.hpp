// What a loss must offer.
#pragma once

#include <ATen/core/Tensor.h>

#include <concepts>

namespace nascent {

/// A loss says what is minimised.
///
/// Minimal complete definition: `at::Tensor operator()(const at::Tensor& logits, const at::Tensor&
/// labels) const`, the mean over the batch as a scalar, computed by LibTorch's operations, which
/// then differentiate it.
/// Optional: `void options(auto&& field) const`, `void check() const`.
/// Models: CrossEntropy, LabelSmoothing. See docs/concepts.md#loss.
template <class L>
concept LossPolicy = requires(const L& loss, const at::Tensor& tensor) {
  { loss(tensor, tensor) } -> std::same_as<at::Tensor>;
};

namespace detail {

template <class L>
consteval bool explain_loss() {
  static_assert(LossPolicy<L>,
                "nascent: your Loss, argument 4 of Recipe, needs `at::Tensor operator()(const "
                "at::Tensor& logits, const at::Tensor& labels) const` - docs/concepts.md#loss");
  return true;
}

}  // namespace detail
}  // namespace nascent
