// error: nascent: your callback.s on_outcome is not called as it stands; it needs to be `void
// on_outcome.const Trial<Architecture>&, const Outcome&
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

struct Evaluator {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  void on_begin(const RunInfo&) {}
  void on_outcome(const Outcome&) {}
};
#else
struct Mine {
  void on_begin(const RunInfo&) {}
  void on_outcome(const Trial<Architecture>&, const Outcome&) {}
};
#endif

void run() { search.run(Evaluator{}, {}, Mine{}); }
