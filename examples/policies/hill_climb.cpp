// HillClimb: the best of some grown children is the next parent; children inherit its weights
// (Elsken et al. 2017).
//   d12 w38 ops=cssssccsccss kernels=555533533355
//   accuracy 89.80 % after 10 epochs; 41 trials, 410 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_hill_climb() {
  Search<HillClimb, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
