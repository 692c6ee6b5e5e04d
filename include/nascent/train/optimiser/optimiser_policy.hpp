// What an optimiser must offer.
#pragma once

#include <ATen/core/Tensor.h>

#include <concepts>

namespace nascent {
namespace requirement {

template <class O>
concept optimiser_has_rate = requires(const O& optimiser) {
  { optimiser.learning_rate } -> std::convertible_to<double>;
};

template <class O>
concept optimiser_has_state = requires {
  typename O::State;
};

template <class O>
concept optimiser_starts = optimiser_has_state<O> &&
    requires(const O& optimiser, at::Tensor& parameters) {
  { optimiser.start(parameters) } -> std::same_as<typename O::State>;
};

template <class O>
concept optimiser_steps = optimiser_has_state<O> &&
    requires(const O& optimiser, typename O::State& state, at::Tensor& flat, double rate) {
  optimiser.step(state, flat, flat, rate);
};

template <class O>
concept optimiser_shows_state = optimiser_has_state<O> && requires(typename O::State& state) {
  O::visit(state, [](const char*, at::Tensor&) {});
};

}  // namespace requirement

/// An optimiser moves parameters along their gradients, all of a network as one flat tensor.
///
/// Minimal complete definition: `double learning_rate`, `struct State`, `State start(const
/// at::Tensor& parameters) const`, `void step(State&, at::Tensor& parameters, at::Tensor&
/// gradients, double rate) const` (gradients are clipped and may be overwritten; the rate is that
/// of the schedule) and `static void visit(State&, auto&& f)`, which calls `f("name", tensor)` for
/// each tensor that a checkpoint must hold.
/// Optional: `void options(auto&& field) const`, `void check() const`.
/// Models: Sgd, AdamW. See docs/concepts.md#optimiser.
template <class O>
concept OptimiserPolicy = requirement::optimiser_has_rate<O> && requirement::optimiser_starts<O> &&
    requirement::optimiser_steps<O> && requirement::optimiser_shows_state<O>;

namespace detail {

template <class O>
consteval bool explain_optimiser() {
  static_assert(requirement::optimiser_has_rate<O>,
                "nascent: your Optimiser, argument 1 of Recipe, needs `double learning_rate` - "
                "docs/concepts.md#optimiser");
  static_assert(requirement::optimiser_has_state<O>,
                "nascent: your Optimiser, argument 1 of Recipe, needs `struct State {...};`, the "
                "tensors that it keeps from step to step - docs/concepts.md#optimiser");
  if constexpr (requirement::optimiser_has_state<O>) {
    static_assert(requirement::optimiser_starts<O>,
                  "nascent: your Optimiser, argument 1 of Recipe, needs `State start(const "
                  "at::Tensor& parameters) const` - docs/concepts.md#optimiser");
    static_assert(requirement::optimiser_steps<O>,
                  "nascent: your Optimiser, argument 1 of Recipe, needs `void step(State& state, "
                  "at::Tensor& parameters, at::Tensor& gradients, double rate) const` - "
                  "docs/concepts.md#optimiser");
    static_assert(requirement::optimiser_shows_state<O>,
                  "nascent: your Optimiser, argument 1 of Recipe, needs `static void visit(State& "
                  "state, auto&& f)`, which calls `f(\"name\", tensor)` - "
                  "docs/concepts.md#optimiser");
  }
  return true;
}

}  // namespace detail
}  // namespace nascent
