// The engine alone: a published search with 86 candidates told from its log, and random search on an
// evaluator that does nothing.
#include <benchmark/benchmark.h>

#include <nascent/core.hpp>
#include <nascent/evaluator/published_search.hpp>

namespace {

using namespace nascent;

void replay_published_search(benchmark::State& state) {
  const PublishedSearch published =
      read_published_search(NASCENT_TEST_DATA "/published/cifar10-tiny.csv");
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
  search.space.problem = published.problem;
  for (auto _ : state) {
    auto found = search.run(ReplayEvaluator(search.space, published.rows));
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(replay_published_search)->Unit(benchmark::kMillisecond);

void random_search_of_no_op_candidates(benchmark::State& state) {
  struct NoOp {
    Outcome evaluate(const Trial<Architecture>& trial) const {
      return Outcome({trial.number % 100, 100}, {}, trial.fidelity.epochs);
    }
  };
  const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search(
      {.trials = static_cast<int>(state.range(0))}, {.epochs = 1});
  for (auto _ : state) {
    auto found = search.run(NoOp{});
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(random_search_of_no_op_candidates)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
