// How good is a strategy after N evaluations? Searches of a table of networks that others have
// trained, which take no time, run many times over.
//
//   tabular_benchmark --space nasbench201 --table nasbench201-cifar10.csv
//     --metric validation_accuracy --strategy aging_evolution --evaluations 100 --runs 500
//   91.137 +- 0.306 (standard error 0.014), 500 runs of 100 evaluations, 0.06 s
//
// An evaluation is that of an architecture that the run has not evaluated before; an architecture
// that the table does not hold is drawn again and costs nothing.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <nascent/core.hpp>
#include <nascent/evaluator/read_table.hpp>
#include <nascent/evaluator/table_evaluator.hpp>
#include <nascent/search/executor/any_executor.hpp>
#include <nascent/search/executor/threads.hpp>
#include <nascent/search/stopwatch.hpp>
#include <nascent/space/nas_bench_201_space.hpp>
#include <nascent/space/table_space.hpp>
#include <nascent/space/trans_nas_macro_space.hpp>
#include <nascent/strategy/bayesian_optimisation.hpp>
#include <nascent/strategy/coordinate_sweep.hpp>
#include <nascent/strategy/nsga2.hpp>
#include <nascent/strategy/reinforce.hpp>
#include <nascent/strategy/tpe.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;

/// What the command line says. The strategies' defaults are those of the published check numbers.
struct Settings {
  std::string space, table, metric, strategy;
  int population = 10, sample = 3;
  int evaluations = 100, runs = 500, workers = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

/// The best metric of each run, and how long all of them took, the reading of the table aside.
struct Bests {
  std::vector<double> metrics;
  int short_runs = 0;  ///< that ended before all evaluations
  double seconds = 0;
};

template <class Space>
using Benchmark = std::function<Bests(const Space&, const TableEvaluator&, const Settings&)>;

/// An upper bound, for a strategy that proposes nothing new any more.
constexpr int kTrialsPerEvaluation = 100;

template <class Space, class Strategy>
Benchmark<Space> benchmark(Strategy strategy) {
  return [strategy](const Space& space, TableEvaluator evaluator, const Settings& settings) {
    using Executor = AnyExecutor<Space, TableEvaluator>;
    Executor executor =
        settings.workers > 1 ? Executor(Threads(settings.workers)) : Executor(Inline());
    const Search<Strategy, FixedEpochRanker, Space> search(strategy, {.epochs = 1}, space);
    Random seeds(settings.seed, "runs of a benchmark");
    SearchOptions options;
    options.max_evaluations = settings.evaluations;
    options.max_trials = kTrialsPerEvaluation * settings.evaluations;
    Bests bests;
    const Stopwatch used;
    for (int run = 0; run < settings.runs; ++run) {
      if (run > 0 && run * 10 % settings.runs < 10)
        std::fprintf(stderr, "%d of %d runs\n", run, settings.runs);
      options.seed = seeds();
      const auto found = search.run(evaluator, options, executor);
      bests.metrics.push_back(found.judgement.accuracy.percent());
      bests.short_runs += found.cost.trials - found.cost.repeats < settings.evaluations;
    }
    bests.seconds = used.seconds();
    return bests;
  };
}

/// Each strategy by its name: another is one line more.
template <class Space>
std::map<std::string, Benchmark<Space>> strategies(const Settings& settings) {
  return {
      {"random", benchmark<Space>(RandomStrategy{})},
      {"aging_evolution", benchmark<Space>(AgingEvolution{settings.population, settings.sample})},
      {"local_search", benchmark<Space>(LocalSearch{.step = LocalSearch::Step::first})},
      {"coordinate_sweep", benchmark<Space>(CoordinateSweep{})},
      {"tpe", benchmark<Space>(Tpe{})},
      {"nsga2", benchmark<Space>(Nsga2{.objectives = {objectives::accuracy}})},
      {"reinforce", benchmark<Space>(Reinforce{})},
      {"bayesian_optimisation", benchmark<Space>(BayesianOptimisation{})},
  };
}

template <class Base>
Bests run(const Settings& settings) {
  using Space = TableSpace<Base>;
  const auto table = std::make_shared<const Table>(read_table(settings.table, {settings.metric}));
  const Space space({}, table);
  if (settings.evaluations > space.size())
    throw std::invalid_argument("--evaluations: the table holds " + std::to_string(space.size()) +
                                " architectures of this space; give a number up to that");
  const auto known = strategies<Space>(settings);
  const auto chosen = known.find(settings.strategy);
  if (chosen == known.end()) {
    std::string names;
    for (const auto& [name, benchmark] : known) names += (names.empty() ? "" : ", ") + name;
    throw std::invalid_argument("--strategy: there is no '" + settings.strategy +
                                "'; choose one of " + names);
  }
  return chosen->second(space, TableEvaluator(table, settings.metric), settings);
}

void report(const Settings& settings, const Bests& bests) {
  if (bests.short_runs > 0)
    std::fprintf(stderr,
                 "%d of %d runs ended before %d evaluations: %s had nothing new to propose\n",
                 bests.short_runs, settings.runs, settings.evaluations, settings.strategy.c_str());
  const auto n = static_cast<double>(bests.metrics.size());
  double mean = 0, squares = 0;
  for (const double best : bests.metrics) mean += best / n;
  for (const double best : bests.metrics) squares += (best - mean) * (best - mean);
  const double sd = n > 1 ? std::sqrt(squares / (n - 1)) : 0, standard_error = sd / std::sqrt(n);
  if (settings.json) {
    const nlohmann::ordered_json document{{"space", settings.space},
                                          {"table", settings.table},
                                          {"metric", settings.metric},
                                          {"strategy", settings.strategy},
                                          {"evaluations", settings.evaluations},
                                          {"seed", settings.seed},
                                          {"workers", settings.workers},
                                          {"mean", mean},
                                          {"sd", sd},
                                          {"standard_error", standard_error},
                                          {"runs", settings.runs},
                                          {"short_runs", bests.short_runs},
                                          {"seconds", bests.seconds}};
    std::printf("%s\n", document.dump(2).c_str());
  } else {
    std::printf("%.3f +- %.3f (standard error %.3f), %d runs of %d evaluations, %.2f s\n", mean, sd,
                standard_error, settings.runs, settings.evaluations, bests.seconds);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Runs a strategy many times on a table of trained networks."};
  Settings settings;
  const std::map<std::string, std::function<Bests(const Settings&)>> spaces{
      {"nasbench201", run<NasBench201Space>}, {"transnas-macro", run<TransNasMacroSpace>}};
  app.add_option("--space", settings.space, "what the table's codes are")
      ->required()
      ->check(CLI::IsMember(&spaces));
  app.add_option("--table", settings.table, "a CSV of code,metric...")->required();
  app.add_option("--metric", settings.metric, "the column to be made large")->required();
  app.add_option("--strategy", settings.strategy, "e.g. aging_evolution")->required();
  const auto number = [&](const std::string& name, int& value, const std::string& meaning) {
    app.add_option(name, value, meaning)->check(CLI::Range(1, 1'000'000))->capture_default_str();
  };
  number("--population", settings.population, "aging_evolution: alive");
  number("--sample", settings.sample, "aging_evolution: drawn for each parent");
  number("--evaluations", settings.evaluations, "distinct architectures a run");
  number("--runs", settings.runs, "runs");
  app.add_option("--workers", settings.workers, "threads of each run; they change no result")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "from which those of the runs are drawn")
      ->check(is_seed())
      ->capture_default_str();
  app.add_flag("--json", settings.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    report(settings, spaces.at(settings.space)(settings));
    return 0;
  });
}
