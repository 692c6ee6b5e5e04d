// error: nascent: give one executor, since a run has only one
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

struct Evaluator {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
void run() { search.run(Evaluator{}, {}, Inline{}, Inline{}); }
#else
void run() { search.run(Evaluator{}, {}, Inline{}); }
#endif
