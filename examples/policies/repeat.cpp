// Repeat<k>: every candidate is trained `k` times and judged by the mean.
//   d13 w44 ops=scccscssccscs kernels=5335355335335
//   accuracy 88.60 % after 30 epochs; 120 trials, 1200 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_repeat() {
  Search<RandomStrategy, Repeat<3>, SepConvSpace> search({.trials = 40},
                                                         {.ranker = {.epochs = 10}});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
