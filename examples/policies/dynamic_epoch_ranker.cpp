// DynamicEpochRanker: more epochs for deeper and for narrower networks, few for the micro search
// (the paper, section 3.4).
//   d12 w38 ops=csssssssssss kernels=333333333335
//   accuracy 85.80 % after 2 epochs; 46 trials, 590 epochs, 0.0 s; finished
#include "policies.hpp"

using namespace nascent;

void show_dynamic_epoch_ranker() {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search(
      {}, {.start = 10, .deeper = 1, .narrower = 2, .micro = 2});
  print(search.run(ToyLandscape{}, {.seed = 1}));
}
