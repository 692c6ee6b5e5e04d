// DataSubset: candidates are trained on a share of the images, the same for all.
//   d13 w44 ops=scccscssccscs kernels=5335355335335
//   accuracy 88.60 % after 10 epochs; 40 trials, 400 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_data_subset() {
  Search<RandomStrategy, DataSubset<>, SepConvSpace> search(
      {.trials = 40}, {.share = 0.25, .ranker = {.epochs = 10}});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
