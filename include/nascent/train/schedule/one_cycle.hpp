#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>

#include "nascent/train/schedule/position.hpp"

namespace nascent {

/// Up to the learning rate and down to almost nothing, step by step, each half a cosine (Smith &
/// Topin 2018); defaults as PyTorch's OneCycleLR, momentum not cycled.
struct OneCycle {
  double rise = .3;            ///< share of the steps on the way up
  double start_divisor = 25;   ///< the first rate is the learning rate / this
  double final_divisor = 1e4;  ///< the last rate is the first / this

  template <class Field>
  void options(Field&& field) const {
    field("schedule", "one_cycle");
    field("rise", rise);
    field("start_divisor", start_divisor);
    field("final_divisor", final_divisor);
  }

  void check() const {
    if (!(rise > 0) || !(rise < 1) || !(start_divisor >= 1) || !(final_divisor >= 1))
      throw std::invalid_argument(
          "a one-cycle schedule needs a rise between 0 and 1 and divisors of at least 1");
  }

  /// The factor of the learning rate.
  double operator()(SchedulePosition at) const {
    const auto total = static_cast<double>(std::int64_t{at.epochs} * at.steps);
    const auto step = static_cast<double>(std::int64_t{at.epoch} * at.steps + at.step);
    const double first = 1 / start_divisor, last = first / final_divisor;
    const double top = rise * total - 1;  // the step of the highest rate
    if (step <= top) return between(first, 1, top > 0 ? step / top : 1);
    return between(1, last, (step - top) / (total - 1 - top));
  }

 private:
  static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
  }
};

}  // namespace nascent
