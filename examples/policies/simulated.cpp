// Simulated: how long would a search take with so many workers? In epochs of one worker.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
//   as long as 50 epochs of one worker
#include "policies.hpp"

using namespace nascent;

void show_simulated() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  Simulated executor(4);
  print(search.run(ToyLandscape{}, {.seed = 1}, executor));
  std::printf("as long as %.0f epochs of one worker\n", executor.elapsed());
}
