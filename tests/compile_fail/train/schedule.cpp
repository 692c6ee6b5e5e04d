// error: nascent: your Schedule, argument 2 of Recipe, needs `double operator...SchedulePosition
// at. const`
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  double operator()(int epoch, int epochs) const { return 1 - double(epoch) / epochs; }
};
#else
struct Mine {
  double operator()(SchedulePosition at) const { return 1 - double(at.epoch) / at.epochs; }
};
#endif

Recipe<Sgd, Mine, PaperAugment> recipe;
