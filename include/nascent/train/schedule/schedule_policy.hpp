// What a schedule must offer.
#pragma once

#include <concepts>

#include "nascent/train/schedule/position.hpp"

namespace nascent {

/// A schedule says how the learning rate moves through a training.
///
/// Minimal complete definition: `double operator()(SchedulePosition at) const`, the factor of the
/// optimiser's learning rate at a step.
/// Optional: `void options(auto&& field) const`, `void check() const`.
/// Models: Cosine, OneCycle. See docs/concepts.md#schedule.
template <class S>
concept SchedulePolicy = requires(const S& schedule, SchedulePosition at) {
  { schedule(at) } -> std::convertible_to<double>;
};

namespace detail {

template <class S>
consteval bool explain_schedule() {
  static_assert(SchedulePolicy<S>,
                "nascent: your Schedule, argument 2 of Recipe, needs `double "
                "operator()(SchedulePosition at) const`, the factor of the learning rate - "
                "docs/concepts.md#schedule");
  return true;
}

}  // namespace detail
}  // namespace nascent
