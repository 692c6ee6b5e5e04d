// AgingEvolution: the best of a few drawn from the living has a child, and the oldest dies (Real et
// al. 2019).
//   d12 w40 ops=cccscssscccc kernels=355553555335
//   accuracy 90.00 % after 10 epochs; 200 trials, 2000 epochs, 0.0 s, 18 repeated; finished
#include "policies.hpp"

using namespace nascent;

void show_aging_evolution() {
  Search<AgingEvolution, FixedEpochRanker, SepConvSpace> search(
      {.population = 20, .sample = 5, .trials = 200}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
