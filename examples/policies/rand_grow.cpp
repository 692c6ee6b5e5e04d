// RandGrow: a pool of networks that grow at random, of which the best survive; children inherit
// weights.
//   d12 w32 ops=scscsssssssc kernels=335533333535
//   accuracy 88.70 % after 10 epochs; 60 trials, 600 epochs, 0.0 s, 2 repeated; finished
#include "policies.hpp"

using namespace nascent;

void show_rand_grow() {
  Search<RandGrow, FixedEpochRanker, SepConvSpace> search({.trials = 60}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
