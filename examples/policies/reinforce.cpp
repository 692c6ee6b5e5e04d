// Reinforce: a chance for each value, moved by the rewards (Zoph & Le 2017).
//   d10 w40 ops=ccsscccccs kernels=5355333555
//   accuracy 89.00 % after 10 epochs; 200 trials, 2000 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_reinforce() {
  Search<Reinforce, FixedEpochRanker, SepConvSpace> search({.trials = 200}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
