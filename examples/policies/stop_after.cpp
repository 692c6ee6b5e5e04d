// StopAfter: ends a search at a time; the best so far is the result.
//   finished within the hour
#include "policies.hpp"

using namespace nascent;

void show_stop_after() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  const auto found = search.run(ToyLandscape{}, {.seed = 1}, StopAfter(3600.0));
  std::puts(found.finished() ? "finished within the hour" : found.stopped.c_str());
}
