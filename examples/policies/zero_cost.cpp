// ZeroCost: candidates are judged by a proxy, here their parameters in millions, and never trained.
//   d15 w48 ops=scscccccccccccs kernels=555553355335555
//   parameters 3.8319; 40 trials, 0 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_zero_cost() {
  Search<RandomStrategy, ZeroCost<Parameters>, SepConvSpace> search({.trials = 40});
  search.space.depth = {.min = 8, .max = 16};
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
