// What a trial costs beside its evaluation: strategy, ranker, space and engine on an evaluator that
// does nothing. Any search is one line below; `per_trial` is the figure, the time that of one run.
#include <benchmark/benchmark.h>

#include <nascent/core.hpp>

namespace {

using namespace nascent;

/// Outcomes that differ as those of trainings do, and cost nothing.
struct NoOp {
  template <class Architecture>
  Outcome evaluate(const Trial<Architecture>& trial) const {
    return Outcome({static_cast<std::int64_t>(trial.seed % 10'000), 10'000}, {},
                   trial.fidelity.epochs);
  }
};

/// Runs of at most so many trials, each under another seed.
template <class Search>
void run_search(benchmark::State& state) {
  const Search search;
  SearchOptions options{.seed = 0, .max_trials = static_cast<int>(state.range(0))};
  std::int64_t trials = 0;
  for (auto _ : state) {
    ++options.seed;
    const auto found = search.run(NoOp{}, options);
    trials += found.cost.trials;
    benchmark::DoNotOptimize(&found);
  }
  state.counters["per_trial"] = benchmark::Counter(
      static_cast<double>(trials), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["trials"] =
      benchmark::Counter(static_cast<double>(trials), benchmark::Counter::kAvgIterations);
}

/// A variable of a user's own, for the joint space.
struct Resolution {
  static constexpr std::string_view name = "resolution";
  int count() const { return 4; }
  int value(int index) const { return 32 + 8 * index; }
};
using Joint = JointSpace<SepConvSpace, Resolution>;

#define NASCENT_TIME(...) \
  BENCHMARK_TEMPLATE(run_search, __VA_ARGS__)->Arg(1'000)->Unit(benchmark::kMillisecond)

NASCENT_TIME(Search<RandomStrategy, FixedEpochRanker, SepConvSpace>);
NASCENT_TIME(Search<RandomStrategy, DynamicEpochRanker, SepConvSpace>);
NASCENT_TIME(Search<RandomStrategy, FixedEpochRanker, TrgSpace>);
NASCENT_TIME(Search<RandomStrategy, FixedEpochRanker, Joint>);
NASCENT_TIME(Search<AgingEvolution, FixedEpochRanker, SepConvSpace>);
NASCENT_TIME(Search<AgingEvolution, FixedEpochRanker, TrgSpace>);
NASCENT_TIME(Search<AgingEvolution, FixedEpochRanker, Joint>);
NASCENT_TIME(Search<LocalSearch, FixedEpochRanker, SepConvSpace>);
NASCENT_TIME(Search<LocalSearch, FixedEpochRanker, TrgSpace>);
NASCENT_TIME(Search<LocalSearch, FixedEpochRanker, Joint>);
NASCENT_TIME(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>);
NASCENT_TIME(Search<GreedyMacroMicro, DynamicEpochRanker, TrgSpace>);
NASCENT_TIME(Search<GreedyMacroMicro, FixedEpochRanker, Joint>);

}  // namespace

BENCHMARK_MAIN();
