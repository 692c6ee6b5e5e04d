// GreedyMacroMicro: deeper while it pays, then narrower, then other operations and kernels layer by
// layer (Algorithm 1 of the paper).
//   d12 w38 ops=csssssssssss kernels=333333333335
//   accuracy 85.80 % after 2 epochs; 46 trials, 590 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_greedy_macro_micro() {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
