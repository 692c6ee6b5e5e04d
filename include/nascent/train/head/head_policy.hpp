// What a head of a face network must offer.
#pragma once

#include <ATen/core/Tensor.h>

#include <concepts>

#include "nascent/train/head/margin.hpp"

namespace nascent {
namespace requirement {

template <class H>
concept head_has_state = requires(const H& head) {
  typename H::State;
  { head.start() } -> std::same_as<typename H::State>;
};

template <class H>
concept head_gives_logits = head_has_state<H> &&
    requires(const H& head, typename H::State& state, const FaceBatch& batch,
             const at::Tensor& kernel) {
  { head.logits(state, batch, kernel) } -> std::same_as<at::Tensor>;
};

}  // namespace requirement

/// A head tells people apart while a face network is trained, and is thrown away then: its logits
/// [images, classes], from embeddings and a matrix of classes, go into the cross entropy.
///
/// Minimal complete definition: `struct State` (what it remembers from batch to batch;
/// NoHeadState, where it is nothing), `State start() const` and `at::Tensor logits(State&, const
/// FaceBatch&, const at::Tensor& kernel) const`, where `kernel` is [numbers, classes] and its
/// columns have any length.
/// Optional: `void options(auto&& field) const`, `void check() const`.
/// Models: AdaFace, ArcFace, CosFace. See docs/concepts.md#head.
template <class H>
concept HeadPolicy = requirement::head_has_state<H> && requirement::head_gives_logits<H>;

namespace detail {

template <class H>
consteval bool explain_head() {
  static_assert(requirement::head_has_state<H>,
                "nascent: your Head needs `struct State {...};` and `State start() const`, what it "
                "remembers from batch to batch - docs/concepts.md#head");
  if constexpr (requirement::head_has_state<H>)
    static_assert(requirement::head_gives_logits<H>,
                  "nascent: your Head needs `at::Tensor logits(State& state, const FaceBatch& "
                  "batch, const at::Tensor& kernel) const` - docs/concepts.md#head");
  return true;
}

}  // namespace detail
}  // namespace nascent
