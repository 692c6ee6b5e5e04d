// Tpe: proposes what is likely among the good and unlikely among the rest (Bergstra et al. 2011).
//   d13 w22 ops=ccscscsssccss kernels=5335353553335
//   accuracy 87.70 % after 10 epochs; 100 trials, 1000 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_tpe() {
  Search<Tpe, FixedEpochRanker, SepConvSpace> search({.trials = 100}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
