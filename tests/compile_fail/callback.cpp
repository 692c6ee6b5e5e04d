// error: nascent: one of your callbacks has no member that a search calls; on_outcome
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

struct Evaluator {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  void on_outcomes(const Trial<Architecture>&, const Outcome&) {}
};
#else
struct Mine {
  void on_outcome(const Trial<Architecture>&, const Outcome&) {}
};
#endif

void run() { search.run(Evaluator{}, {}, Mine{}); }
