// JointSpace: a space joined with variables of your own.
//   d8 w50 ops=scsscscs kernels=35335333 dropout=0
//   accuracy 91.50 % after 600 epochs; 100 trials, 60000 epochs, 15000.0 s; finished
#include "policies.hpp"

using namespace nascent;

struct Dropout {
  static constexpr std::string_view name = "dropout";
  int count() const { return 4; }
  double value(int index) const { return 0.1 * index; }
};

void show_joint_space() {
  Search<LocalSearch, FixedEpochRanker, JointSpace<SepConvSpace, Dropout>> search({.trials = 100});
  search.space.base.depth = {.min = 4, .max = 8};
  print(search.run(testing::Landscape{}, {.seed = 1}));
}
