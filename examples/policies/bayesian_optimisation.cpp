// BayesianOptimisation: a Gaussian process on the ranks of what is known proposes the next
// candidate.
//   d13 w46 ops=cccssscscsssc kernels=5355555335355
//   accuracy 88.90 % after 10 epochs; 60 trials, 600 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_bayesian_optimisation() {
  Search<BayesianOptimisation, FixedEpochRanker, SepConvSpace> search({.trials = 60},
                                                                      {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
