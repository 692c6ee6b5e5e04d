// A small network with weights, for tests that need no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nascent/export/statements.hpp"
#include "nascent/export/trained_network.hpp"
#include "nascent/operation/network_builder.hpp"

namespace nascent {

/// A convolution, a residual branch and a linear layer, on images of one channel; three classes.
inline NetworkDescription residual_network() {
  NetworkBuilder net({{1, 8, 8}, 3});
  net.convolution({.channels = 4}).batch_norm();
  const int shortcut = net.here();
  net.begin_block(0);
  net.relu().convolution({.channels = 4, .groups = 4}).add(shortcut).average_pool(3, 1);
  net.begin_block(LayerDescription::kHead);
  net.global_average_pool().linear(3);
  return std::move(net).finish();
}

inline TrainedNetwork trained_example() {
  TrainedNetwork network{residual_network(), {}, {0.5}, {0.25}, {"a", "b", "say \"c\""}};
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
    const std::vector<float> values(static_cast<std::size_t>(Safetensors::Tensor::count(shape)),
                                    0.5F);
    network.weights.add<float>(name, std::move(shape), values);
  };
  add("stem.0.weight", {4, 1, 3, 3});
  for (const char* name : {"weight", "bias", "running_mean", "running_var"})
    add(std::string("stem.1.") + name, {4});
  add("mixlayers.0.op.1.weight", {4, 1, 3, 3});
  add("classifier.weight", {3, 4});
  add("classifier.bias", {3});
  return network;
}

}  // namespace nascent
