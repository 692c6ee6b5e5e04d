#include "nascent/train/schedule/one_cycle.hpp"

#include <gtest/gtest.h>

namespace nascent {
namespace {

TEST(OneCycle, FollowsTheRuleOfPyTorchsOneCycleLR) {
  // The rule that PyTorch documents for OneCycleLR(max_lr=1, total_steps=20,
  // anneal_strategy="cos"), worked out in Python.
  constexpr double kExpected[] = {0.040000000000000036,
                                  0.1316718427000253,
                                  0.3716718427000253,
                                  0.6683281572999747,
                                  0.9083281572999747,
                                  1.0,
                                  0.9874640062350873,
                                  0.9504846320134737,
                                  0.89091617757105,
                                  0.8117456539497631,
                                  0.7169430017913008,
                                  0.6112620219362893,
                                  0.500002,
                                  0.38874197806371075,
                                  0.28306099820869923,
                                  0.18825834605023697,
                                  0.10908782242895004,
                                  0.049519367986526286,
                                  0.012539993764912554,
                                  4e-06};
  const OneCycle schedule;
  for (int step = 0; step < 20; ++step)
    EXPECT_NEAR(schedule({step / 5, 4, step % 5, 5}), kExpected[step], 1e-12) << step;
}

TEST(OneCycle, CopesWithTrainingsOfFewSteps) {
  for (int steps = 1; steps < 6; ++steps)
    for (int step = 0; step < steps; ++step) {
      const double factor = OneCycle{}({0, 1, step, steps});
      EXPECT_GT(factor, 0);
      EXPECT_LE(factor, 1);
    }
}

}  // namespace
}  // namespace nascent
