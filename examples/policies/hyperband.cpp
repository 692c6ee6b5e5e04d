// Hyperband: brackets of successive halving, from many candidates with few epochs to few with many
// (Li et al. 2018).
//   d12 w38 ops=ssscsscscscc kernels=333555553553
//   accuracy 89.43 % after 27 epochs; 143 trials, 742 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_hyperband() {
  Search<RandomStrategy, Hyperband, SepConvSpace> search({.trials = 100}, {.most = 27});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
