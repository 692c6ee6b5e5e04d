#pragma once

#include "nascent/cuda/portable.cuh"
#include "nascent/cuda/step.hpp"

namespace nascent::cuda {

/// First half of a step of SGD: squares of the gradient, summed block by block in a fixed order;
/// kPartialSums blocks.
struct SumSquares {
  static constexpr int kThreads = 256, kPhases = 2;

  struct Shared {
    double sums[kThreads];
  };

  const float* gradients = nullptr;
  std::int64_t count = 0;
  double* partial = nullptr;  // [kPartialSums]

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    double sum = 0;
    const std::int64_t stride = std::int64_t{place.blocks} * kThreads;
    for (std::int64_t i = std::int64_t{place.block} * kThreads + place.thread; i < count;
         i += stride)
      sum += double(gradients[i]) * double(gradients[i]);
    shared.sums[place.thread] = sum;
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    if (place.thread != 0) return;
    double sum = 0;
    for (const double part : shared.sums) sum += part;
    partial[place.block] = sum;
  }
};

/// Second half: clips by the norm of all parameters, adds the weight decay, moves momenta and
/// parameters; the same formulas as Clip and Sgd.
struct SgdStep {
  static constexpr int kThreads = 256, kPhases = 2;

  struct Shared {
    float scale, rate;
  };

  FlatNetwork network;
  SgdOptions options;
  const double* partial = nullptr;  // of SumSquares
  const double* rates = nullptr;    // [steps]: the learning rate of each step of the epoch
  double* norms = nullptr;          // [steps], written
  const StepState* at = nullptr;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    if (place.thread != 0) return;
    double sum = 0;
    for (int i = 0; i < kPartialSums; ++i) sum += partial[i];
    const double norm = square_root(sum), scale = options.clip / (norm + 1e-6);
    // As written, so that a norm that is not a number leaves none.
    shared.scale = static_cast<float>(scale > 1 ? 1.0 : scale);
    shared.rate = static_cast<float>(rates[at->step]);
    if (place.block == 0) norms[at->step] = norm;
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    const auto decay = static_cast<float>(options.weight_decay),
               keep = static_cast<float>(options.momentum);
    const std::int64_t stride = std::int64_t{place.blocks} * kThreads;
    for (std::int64_t i = std::int64_t{place.block} * kThreads + place.thread; i < network.count;
         i += stride) {
      const float parameter = network.parameters[i];
      const float gradient = network.gradients[i] * shared.scale + decay * parameter;
      const float momentum = keep * network.momenta[i] + gradient;
      network.momenta[i] = momentum;
      network.parameters[i] = parameter - shared.rate * momentum;
    }
  }
};

}  // namespace nascent::cuda
