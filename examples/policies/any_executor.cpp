// AnyExecutor: which executor it is may be decided at run time; the search is compiled once.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_any_executor() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  AnyExecutor<SepConvSpace, ToyLandscape> executor{Threads(2)};
  print(search.run(ToyLandscape{}, {.seed = 1}, executor));
}
