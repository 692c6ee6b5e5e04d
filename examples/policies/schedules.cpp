// Cosine, OneCycle: the factor of the learning rate at the first, a middle and the last of ten
// epochs.
//   epoch 0: 0.976 0.040
//   epoch 3: 0.655 0.950
//   epoch 9: 0.000 0.000
#include <nascent/train/schedule/cosine.hpp>
#include <nascent/train/schedule/one_cycle.hpp>

#include "policies.hpp"

using namespace nascent;

void show_schedules() {
  for (const int epoch : {0, 3, 9})
    std::printf("epoch %d: %.3f %.3f\n", epoch, Cosine{}({epoch, 10, 0, 1}),
                OneCycle{}({epoch, 10, 0, 1}));
}
