// error: nascent: CoordinateSweep, Tpe, Reinforce and BayesianOptimisation need a Space with
#include <nascent/core.hpp>
#include <nascent/strategy/tpe.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
#ifndef NASCENT_COMPILE_FAIL
  std::vector<int> choices() const { return {1}; }
  std::vector<int> encode(const Point&) const { return {0}; }
  Point decode(const std::vector<int>&) const { return {}; }
#endif
};

Search<Tpe, FixedEpochRanker, Mine> search;
