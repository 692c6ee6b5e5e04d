// LocalSearch: moves to the best neighbour while that is better (White et al. 2021).
//   d15 w34 ops=ccsccssscscscsc kernels=555553355355535
//   accuracy 87.90 % after 10 epochs; 300 trials, 3000 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_local_search() {
  Search<LocalSearch, FixedEpochRanker, SepConvSpace> search({.trials = 300}, {.epochs = 10});
  search.space.depth = {.min = 8, .max = 16};
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
