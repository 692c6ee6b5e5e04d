// error: nascent: compare needs an Evaluator whose outcomes depend on the trial alone
#include <nascent/core.hpp>
#include <nascent/tournament/compare.hpp>

using namespace nascent;

struct Record {
#ifdef NASCENT_COMPILE_FAIL
  static constexpr bool pure = false;
#endif
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

void run() {
  compare<Search<RandomStrategy, FixedEpochRanker, SepConvSpace>>(Record{}, Budgets::trials({9}),
                                                                  2);
}
