// error: nascent: your Space.s Architecture needs a free function `std::string to_string
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Point {
  friend bool operator==(const Point&, const Point&) = default;
};
#else
struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};
#endif

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};

Search<RandomStrategy, FixedEpochRanker, Mine> search;
