// Threads: so many trials at once, each in a thread with a copy of the evaluator.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_threads() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}, Threads(2)));
}
