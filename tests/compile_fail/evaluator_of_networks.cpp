// error: nascent: this Evaluator trains networks, so your Space needs `NetworkDescription describe
#include <nascent/core.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};

struct Trainer {
  Outcome evaluate(const NetworkTrial&, Monitor&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
Search<RandomStrategy, FixedEpochRanker, Mine> search;
#else
Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;
#endif

void run() { search.run(Trainer{}); }
