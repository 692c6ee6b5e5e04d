#include "nascent/train/flat_sgd.hpp"

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace nascent {
namespace {

TEST(FlatSgd, FollowsTheRecipeStepByStep) {
  const Recipe recipe{.momentum = .9, .weight_decay = .01, .clip = 5};
  at::Tensor parameters = at::full({4}, 1.0F), gradients = at::full({4}, 0.0F);
  FlatSgd sgd(parameters, gradients, recipe);
  double value = 1, momentum = 0;
  for (const double gradient : {1.0, 20.0, -3.0}) {  // norms 2, 40 and 6: clipped from the second
    gradients.fill_(gradient);
    const double norm = 2 * std::abs(gradient);
    EXPECT_FLOAT_EQ(sgd.step(0.1).item<float>(), static_cast<float>(norm));
    const double clipped = gradient * std::min(1.0, 5 / (norm + 1e-6));
    momentum = .9 * momentum + clipped + .01 * value;
    value -= .1 * momentum;
    EXPECT_NEAR(parameters[2].item<double>(), value, 1e-6);
  }
}

}  // namespace
}  // namespace nascent
