// Constrained: a space within limits that are known before any training.
//   d25 w16 ops=csccscssscscccsccscsccsss kernels=3535355555335535555535535
//   accuracy 81.10 % after 10 epochs; 100 trials, 1000 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_constrained() {
  using namespace nascent::objectives;
  Search<LocalSearch, FixedEpochRanker, Constrained<SepConvSpace>> search({.trials = 100},
                                                                          {.epochs = 10});
  search.space.constrain(parameters <= 500'000);
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
