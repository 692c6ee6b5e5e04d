// Asha: as successive halving without batches; whoever is among the best so far goes on (Li et al.
// 2020).
//   d13 w44 ops=scccscssccscs kernels=5335355335335
//   accuracy 89.23 % after 27 epochs; 79 trials, 310 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_asha() {
  Search<RandomStrategy, Asha, SepConvSpace> search({.trials = 40}, {.least = 1, .most = 27});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
