// ReplayEvaluator: answers with the record of a search, and says where another search departs.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
//   row 0: expected sample d72 w40
#include <nascent/evaluator/replay_evaluator.hpp>

#include "policies.hpp"

using namespace nascent;

void show_replay_evaluator() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  History<SepConvSpace> history;
  search.run(ToyLandscape{}, {.seed = 1}, history);
  std::vector<RecordedTrial<Architecture>> record;
  for (const auto& [trial, outcome] : history.entries)
    record.push_back({"sample", trial.architecture(), 10,
                      search.space.parameters(trial.architecture()), outcome});
  const ReplayEvaluator evaluator(search.space, record);
  print(search.run(evaluator, {.seed = 1}));
  try {
    search.run(evaluator, {.seed = 2});
  } catch (const ReplayDifference& difference) {
    std::puts(difference.what());
  }
}
