// error: nascent: your callback.s stop is not called as it stands; it needs to be `std::string stop
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

struct Evaluator {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  bool stop() { return true; }
};
#else
struct Mine {
  std::string stop() { return "enough"; }
};
#endif

void run() { search.run(Evaluator{}, {}, Mine{}); }
