// Inline: trials are evaluated on the search's own thread; what one gets who asks for nothing.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_inline_executor() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  print(search.run(ToyLandscape{}, {.seed = 1}, Inline()));
}
