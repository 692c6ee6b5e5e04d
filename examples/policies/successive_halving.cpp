// SuccessiveHalving: a batch begins with few epochs, and one in `eta` goes on at each rung
// (Jamieson & Talwalkar 2016).
//   d13 w44 ops=scccscssccscs kernels=5335355335335
//   accuracy 89.23 % after 27 epochs; 59 trials, 126 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_successive_halving() {
  Search<RandomStrategy, SuccessiveHalving, SepConvSpace> search({.trials = 40},
                                                                 {.least = 1, .most = 27});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
