// error: nascent: your Evaluator needs `Outcome evaluate.const Trial<Architecture>&.`
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  double evaluate(const Trial<Architecture>&) { return {}; }
};
#else
struct Mine {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};
#endif

void run() { search.run(Mine{}); }
