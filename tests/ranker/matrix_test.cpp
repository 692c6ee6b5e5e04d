// A ranker is orthogonal to the strategy: every strategy runs under every ranker that makes sense.
#include <tuple>
#include <type_traits>

#include "../support/support.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/search/session.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

/// A line for each strategy, small enough for a test.
std::tuple strategies() {
  return std::tuple{
      GreedyMacroMicro{},
      RandomStrategy{.trials = 20},
      AgingEvolution{.population = 6, .sample = 3, .lookahead = 4, .trials = 20},
      LocalSearch{.trials = 20},
      LocalSearch{.step = LocalSearch::Step::first, .lookahead = 3, .trials = 20},
  };
}

/// A line for each ranker.
std::tuple rankers() {
  return std::tuple{
      FixedEpochRanker{.epochs = 3},
      DynamicEpochRanker{},
      SuccessiveHalving{.most = 9},
      SuccessiveHalving{.most = 9, .rungs = Rungs::restarted},
      Hyperband{.most = 9},
      Asha{.most = 9},
      LearningCurve{.epochs = 12, .every = 2},
      Repeat<2>{{.epochs = 2}},
      Repeat<2, Asha>{{.most = 9}},
      DataSubset<>{.ranker = {.epochs = 2}},
      DataSubset<SuccessiveHalving>{.ranker = {.most = 9}},
      ZeroCost<Parameters>{},
      ZeroCost<SynFlow>{},
  };
}
}  // namespace
}  // namespace nascent
