// Sgd, AdamW: one step each from 1, along a gradient of 0.5 at a learning rate of 0.1.
//   Sgd: 0.95
//   AdamW: 0.90
#include <nascent/train/optimiser/adamw.hpp>
#include <nascent/train/optimiser/sgd.hpp>

#include "training.hpp"

using namespace nascent;

template <class Optimiser>
float step(const Optimiser& optimiser) {
  at::Tensor parameters = at::full({1}, 1.0F), gradients = at::full({1}, 0.5F);
  auto state = optimiser.start(parameters);
  optimiser.step(state, parameters, gradients, 0.1);
  return parameters.item<float>();
}

void show_optimisers() {
  std::printf("Sgd: %.2f\nAdamW: %.2f\n", step(Sgd{.momentum = 0.9}),
              step(AdamW{.weight_decay = 0.01}));
}
