// error: nascent: your Space.s Architecture must be copyable and comparable by ==
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Point {
  friend std::string to_string(const Point&) { return ""; }
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
