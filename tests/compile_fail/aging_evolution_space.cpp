// error: nascent: AgingEvolution needs a Space with `Architecture mutate.const Architecture
#include <nascent/core.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
#ifndef NASCENT_COMPILE_FAIL
  Point mutate(const Point&, Random&) const { return {}; }
#endif
};

Search<AgingEvolution, FixedEpochRanker, Mine> search;
