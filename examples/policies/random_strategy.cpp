// RandomStrategy: draws, and keeps the best; what every other strategy has to beat.
//   d12 w38 ops=ssscsscscscc kernels=333555553553
//   accuracy 88.80 % after 10 epochs; 50 trials, 500 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_random_strategy() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 50}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
