// error: nascent: GreedyMacro needs a Space with the moves of Algorithm 1
#include <nascent/core.hpp>
#include <nascent/strategy/greedy_macro.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
Search<GreedyMacro, FixedEpochRanker, Mine> search;
#else
Search<RandomStrategy, FixedEpochRanker, Mine> search;
#endif
