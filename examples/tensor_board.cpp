// A search that `tensorboard --logdir runs/board` shows while it runs.
//   d12 w38 ops=csssssssssss kernels=333333333335
//   accuracy 85.80 % after 2 epochs; 46 trials, 590 epochs, 0.0 s; finished
#include <cstdio>
#include <nascent/core.hpp>
#include <nascent/report/tensor_board.hpp>

#include "toy_landscape.hpp"

using namespace nascent;

int main(int argc, char** argv) {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
  TensorBoard board(argc > 1 ? argv[1] : "runs/board");
  const auto found = search.run(ToyLandscape{}, {.seed = 1}, board);
  std::printf("%s\n%s\n", to_string(found.architecture).c_str(), found.summary().c_str());
}
