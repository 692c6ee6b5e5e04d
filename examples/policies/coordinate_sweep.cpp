// CoordinateSweep: tries every value of one position of the encoding after the other.
//   d12 w40 ops=cscssssssccc kernels=353333333535
//   accuracy 90.00 % after 10 epochs; 139 trials, 1390 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_coordinate_sweep() {
  Search<CoordinateSweep, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1, .max_trials = 200}));
}
