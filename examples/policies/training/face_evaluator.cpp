// FaceEvaluator: trains face networks on some people and judges them by how well they tell others
// apart.
//   accuracy 100.00 % after 2 epochs; 2 trials, 6 epochs
#include <nascent/evaluator/face_evaluator.hpp>
#include <nascent/space/residual_face_space.hpp>

#include "training.hpp"

using namespace nascent;

void show_face_evaluator() {
  ImageSet people{{1, 16, 16}, 4, {}, {}};
  for (int i = 0; i < 40; ++i) {  // each has a brightness of their own
    const int shade = 40 + 50 * (i % 4) + i / 4;
    people.append(std::vector<std::uint8_t>(256, static_cast<std::uint8_t>(shade)), i % 4);
  }
  FaceOptions<> options;
  options.augmentation.brightness = options.augmentation.contrast = 0;
  const FaceEvaluator evaluator(people, people, options);
  Search<GreedyMacroMicro, DynamicEpochRanker, ResidualFaceSpace> search({.macro_only = true},
                                                                         {.start = 2});
  search.space.blocks = {4, 5};
  search.space.width = {8, 10, 2};
  search.space.embedding = 8;
  const auto found = search.run(evaluator, {.seed = 1});
  std::printf("accuracy %.2f %% after %d epochs; %d trials, %lld epochs\n",
              found.judgement.accuracy.percent(), found.judgement.epochs, found.cost.trials,
              static_cast<long long>(found.cost.epochs));
}
