// error: nascent: your Evaluator has `final_accuracy` for the architectures of some of these
#include <nascent/core.hpp>
#include <nascent/tournament/compare.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};

struct Scores {
  template <class A>
  Outcome evaluate(const Trial<A>&) {
    return {};
  }
  Accuracy final_accuracy(const Point&) { return {}; }
#ifndef NASCENT_COMPILE_FAIL
  Accuracy final_accuracy(const Architecture&) { return {}; }
#endif
};

void run() {
  compare<Search<RandomStrategy, FixedEpochRanker, SepConvSpace>,
          Search<RandomStrategy, FixedEpochRanker, Mine>>(Scores{}, Budgets::trials({9}), 2);
}
