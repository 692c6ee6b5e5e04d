// error: nascent: this Space varies the training recipe, and your Evaluator does not say that it
// trains by it
#include <nascent/core.hpp>
#include <nascent/space/variable/learning_rate.hpp>

using namespace nascent;

using Space = JointSpace<SepConvSpace, LearningRate<.025, .05>>;
Search<RandomStrategy, FixedEpochRanker, Space> search;

struct Mine {
#ifndef NASCENT_COMPILE_FAIL
  static constexpr bool heeds_recipe = true;
#endif
  Outcome evaluate(const Trial<Space::Architecture>&) { return {}; }
};

void run() { search.run(Mine{}); }
