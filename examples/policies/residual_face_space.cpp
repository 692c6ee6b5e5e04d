// ResidualFaceSpace: AdaFace's residual networks, blocks dealt among four stages.
//   b2-2-1-1 w24 ops=cccccccccccc kernels=333333333333
//   accuracy 91.70 % after 16 epochs; 7 trials, 101 epochs, 25.2 s; finished
#include <nascent/space/residual_face_space.hpp>

#include "policies.hpp"

using namespace nascent;

void show_residual_face_space() {
  Search<GreedyMacroMicro, DynamicEpochRanker, ResidualFaceSpace> search({.macro_only = true});
  search.space.blocks = {4, 6};
  search.space.width = {16, 32, 4};
  print(search.run(testing::Landscape{}, {.seed = 1}));
}
