// error: nascent: Nsga2 needs a Space with an encoding
#include <nascent/core.hpp>
#include <nascent/strategy/nsga2.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
  Point mutate(const Point&, Random&) const { return {}; }
#ifndef NASCENT_COMPILE_FAIL
  Point crossover(const Point&, const Point&, Random&) const { return {}; }
#endif
};

Search<Nsga2, FixedEpochRanker, Mine> search;
