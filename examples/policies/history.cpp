// History: keeps every trial with its outcome, for what you compute afterwards.
//   trial 19: 45.20 %
#include "policies.hpp"

using namespace nascent;

void show_history() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  History<SepConvSpace> history;
  search.run(ToyLandscape{}, {.seed = 1}, history);
  const auto& last = history.entries.back();
  std::printf("trial %d: %.2f %%\n", last.trial.number, last.outcome.accuracy.percent());
}
