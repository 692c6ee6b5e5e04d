// The engine alone: a published search with 86 candidates told from its log, and random search on
// an evaluator that does nothing.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <nascent/evaluator/published_search.hpp>
#include <nascent/run.hpp>

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

struct NoOp {
  Outcome evaluate(const Trial<Architecture>& trial) const {
    return Outcome({trial.number % 100, 100}, {}, trial.fidelity.epochs);
  }
};

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> no_op_search(const benchmark::State& state) {
  return Search<RandomStrategy, FixedEpochRanker, SepConvSpace>(
      {.trials = static_cast<int>(state.range(0))}, {.epochs = 1});
}

void random_search_of_no_op_candidates(benchmark::State& state) {
  const auto search = no_op_search(state);
  for (auto _ : state) {
    auto found = search.run(NoOp{});
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(random_search_of_no_op_candidates)->Arg(10'000)->Unit(benchmark::kMillisecond);

/// A journal in the working directory, synced by `sync_seconds`.
void with_journal(benchmark::State& state, double sync_seconds) {
  const auto search = no_op_search(state);
  const std::filesystem::path directory = "replay_search-journal";
  for (auto _ : state) {
    std::filesystem::remove_all(directory);
    Journal journal(directory, {.sync_seconds = sync_seconds});
    auto found = search.run(NoOp{}, {}, journal);
    benchmark::DoNotOptimize(found);
  }
  std::filesystem::remove_all(directory);
}
void journal_not_synced(benchmark::State& state) { with_journal(state, -1); }
void journal_synced_once_a_second(benchmark::State& state) { with_journal(state, 1); }
void journal_synced_each_line(benchmark::State& state) { with_journal(state, 0); }
BENCHMARK(journal_not_synced)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(journal_synced_once_a_second)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(journal_synced_each_line)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
