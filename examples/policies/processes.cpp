// Processes: so many at once, each in a process of its own; a crash costs only its trial.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_processes() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}, Processes(2)));
}
