// error: nascent: HillClimb needs a Space with `std::vector<Architecture> morphs
#include <nascent/core.hpp>
#include <nascent/strategy/hill_climb.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
#ifndef NASCENT_COMPILE_FAIL
  std::vector<Point> morphs(const Point&) const { return {}; }
#endif
};

Search<HillClimb, FixedEpochRanker, Mine> search;
