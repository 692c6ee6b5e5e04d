// error: nascent: your Space needs `Architecture sample.Random&. const`
#include <nascent/core.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  using Architecture = Point;
  int sample(Random&) const { return 1; }
};
#else
struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};
#endif

Search<RandomStrategy, FixedEpochRanker, Mine> search;
