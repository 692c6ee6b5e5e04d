#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "nascent/train/optimiser/adamw.hpp"
#include "nascent/train/optimiser/sgd.hpp"

namespace nascent {
namespace {

TEST(Sgd, FollowsItsDefinitionStepByStep) {
  const Sgd sgd{.momentum = .9, .weight_decay = .01};
  at::Tensor parameters = at::full({4}, 1.0F), gradients = at::full({4}, 0.0F);
  auto state = sgd.start(parameters);
  double value = 1, momentum = 0;
  for (const double gradient : {1.0, 20.0, -3.0}) {
    gradients.fill_(gradient);
    sgd.step(state, parameters, gradients, .1);
    momentum = .9 * momentum + gradient + .01 * value;
    value -= .1 * momentum;
    EXPECT_NEAR(parameters[2].item<double>(), value, 1e-6);
  }
}

TEST(AdamW, FollowsItsDefinitionStepByStep) {  // Loshchilov & Hutter 2019, algorithm 2
  const AdamW adamw{.weight_decay = .1};
  at::Tensor parameters = at::full({3}, 2.0F), gradients = at::full({3}, 0.0F);
  auto state = adamw.start(parameters);
  double value = 2, first = 0, second = 0;
  int t = 0;
  for (const double gradient : {.5, -2.0, .25, .0}) {
    gradients.fill_(gradient);
    adamw.step(state, parameters, gradients, .05);
    ++t;
    first = .9 * first + .1 * gradient;
    second = .999 * second + .001 * gradient * gradient;
    const double m = first / (1 - std::pow(.9, t)), v = second / (1 - std::pow(.999, t));
    value = value - .05 * .1 * value - .05 * m / (std::sqrt(v) + 1e-8);
    EXPECT_NEAR(parameters[1].item<double>(), value, 1e-5);
  }
}

TEST(AdamW, SaysWhichNumberNoTrainingCanUse) {
  const auto refusal = [](const AdamW& adamw) -> std::string {
    try {
      adamw.check();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.learning_rate = 0}), "AdamW needs a learning rate above 0, not 0");
  EXPECT_EQ(refusal({.beta1 = 1}), "AdamW needs a beta1 from 0 to below 1, not 1");
  EXPECT_EQ(refusal({.beta2 = -.5}), "AdamW needs a beta2 from 0 to below 1, not -0.5");
  EXPECT_EQ(refusal({.epsilon = -1e-8}), "AdamW needs an epsilon above 0, not -1e-08");
  EXPECT_EQ(refusal({.weight_decay = -1}), "AdamW needs a weight decay of at least 0, not -1");
}

}  // namespace
}  // namespace nascent
