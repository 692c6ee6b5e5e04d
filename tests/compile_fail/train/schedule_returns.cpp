// error: nascent: your Schedule, argument 2 of Recipe, needs `double operator
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  void operator()(SchedulePosition) const {}
};
#else
struct Mine {
  double operator()(SchedulePosition at) const { return 1 - double(at.epoch) / at.epochs; }
};
#endif

Recipe<Sgd, Mine, PaperAugment> recipe;
