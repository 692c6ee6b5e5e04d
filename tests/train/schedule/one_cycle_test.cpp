#include "nascent/train/schedule/one_cycle.hpp"

#include <gtest/gtest.h>

namespace nascent {
namespace {

// The rates of PyTorch 2.11.0:
//
//   def rates(total_steps, **options):
//     optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1)
//     schedule = torch.optim.lr_scheduler.OneCycleLR(
//         optimizer, max_lr=1, total_steps=total_steps, cycle_momentum=False, **options)
//     for step in range(total_steps):
//       yield optimizer.param_groups[0]["lr"]
//       optimizer.step()
//       if step + 1 < total_steps: schedule.step()
TEST(OneCycle, GivesTheRatesOfPyTorchsOneCycleLR) {
  // list(rates(20))
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

TEST(OneCycle, GivesTheRatesOfPyTorchWhereTheTopLiesBetweenTwoSteps) {
  // list(rates(10, pct_start=0.25, div_factor=10, final_div_factor=100))
  constexpr double kExpected[] = {
      0.09999999999999998, 0.7749999999999999, 0.9890847265665359,  0.9046039886902862,   0.75025,
      0.552711967402193,   0.3461460113097138, 0.16626926212375048, 0.044184043907520815, 0.001};
  const OneCycle schedule{.rise = .25, .start_divisor = 10, .final_divisor = 100};
  for (int step = 0; step < 10; ++step)
    EXPECT_NEAR(schedule({step / 2, 5, step % 2, 2}), kExpected[step], 1e-12) << step;
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
