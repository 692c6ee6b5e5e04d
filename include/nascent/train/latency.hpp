#pragma once

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include <algorithm>
#include <array>

#include "nascent/operation/network_description.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

/// Milliseconds for one image of that shape on one core, the median of 21 after 3 to warm up. A
/// timing: it depends on the machine and on what else runs there, and differs from time to time.
inline double latency_ms(const NetworkDescription& description, Shape image) {
  constexpr int kWarmUp = 3;
  std::array<double, 21> milliseconds{};
  const IntraOpThreads one(1);
  const at::NoGradGuard guard;
  Network network(description, 0);  // its weights do not matter
  const at::Tensor images = at::full({1, image.channels, image.height, image.width}, .5F);
  for (int i = 0; i < kWarmUp; ++i) network.forward(images, false);
  for (double& each : milliseconds) {
    const Stopwatch used;
    network.forward(images, false);
    each = 1000 * used.seconds();
  }
  const auto median = milliseconds.begin() + milliseconds.size() / 2;
  std::ranges::nth_element(milliseconds, median);
  return *median;
}

}  // namespace nascent
