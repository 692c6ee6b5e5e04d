// error: nascent: your Space needs `using Architecture = ...;`
#include <nascent/core.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  Point sample(Random&) const { return {}; }
};
#else
struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};
#endif

Search<RandomStrategy, FixedEpochRanker, Mine> search;
