#pragma once

#include <cmath>
#include <numbers>

#include "nascent/train/schedule/position.hpp"

namespace nascent {

/// A cosine to zero, stepped before each epoch: the last epoch runs at exactly 0 (the paper
/// authors' scripts).
struct Cosine {
  /// The factor of the learning rate.
  double operator()(SchedulePosition at) const {
    if (at.epoch + 1 >= at.epochs) return 0;
    return (1 + std::cos(std::numbers::pi * (at.epoch + 1) / at.epochs)) / 2;
  }
};

}  // namespace nascent
