// The yardstick: the paper's network and recipe as a user of LibTorch would write them.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>

#include <nascent/data/image_set.hpp>
#include <nascent/operation/network_description.hpp>

/// torch::nn modules, torch::optim::SGD, clip_grad_norm_ and a batch made image by image, in
/// LibTorch's default layout, on as many threads as LibTorch is given.
class PlainLoop {
 public:
  PlainLoop(const nascent::NetworkDescription& network, const nascent::ImageSet& images,
            double mean, double deviation, bool flip, c10::Device device = c10::kCPU);
  ~PlainLoop();

  /// Trains on the next batch of 64.
  void step();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
