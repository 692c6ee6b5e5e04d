// Replays searches that the paper's authors published: every proposal of the strategy is compared
// with the next row, then told the row's outcome.
//
//   replay_published cifar10-tiny.csv
//   cifar10-tiny: 86 of 86 candidates, 1042 epochs, reproduced
//
// --workers simulates how much faster several workers would have been, a row taking as long as it
// has epochs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <nascent/core.hpp>
#include <nascent/evaluator/published_search.hpp>
#include <nascent/search/executor/simulated.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

template <class Search>
Found<decltype(Search::space)> replay(Search search, const PublishedSearch& published,
                                      Simulated& workers) {
  search.space.depth = {published.depth_min, published.depth_max};
  search.space.width = {published.width_min, published.width_max, published.width_step};
  search.space.problem = published.problem;
  ReplayEvaluator evaluator(search.space, published.rows);
  auto found = search.run(evaluator, {}, workers);
  evaluator.finish(found.cost.trials);
  return found;
}

Json replay(const std::string& name, const PublishedSearch& published, int worker_count) {
  Simulated workers(worker_count);
  Json report{{"name", name}, {"candidates", published.rows.size()}};
  const auto note = [&](const auto& found) {
    report["epochs"] = found.cost.epochs;
    report["found"] = to_string(found.architecture);
    if (worker_count == 1) return;
    report["workers"] = worker_count;
    report["speed_up"] = static_cast<double>(found.cost.epochs) / workers.elapsed();
    report["speculation"] = {{"started", found.speculation.started},
                             {"used", found.speculation.used},
                             {"wasted", found.speculation.wasted()}};
  };
  try {
    if (published.is_trg_nas())
      note(replay(Search<GreedyMacroMicro, FixedEpochRanker, TrgSpace>(
                      trg_nas(), {.epochs = published.epochs}),
                  published, workers));
    else
      note(replay(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>(
                      {}, {.start = published.macro_epochs, .micro = published.micro_epochs}),
                  published, workers));
    report["matched"] = published.rows.size();
    report["reproduced"] = true;
  } catch (const ReplayDifference& difference) {
    report["matched"] = difference.row;
    report["reproduced"] = false;
    report["expected"] = difference.expected;
    report["proposed"] = difference.proposed;
  }
  return report;
}

void print(const Json& report) {
  const std::string name = report["name"].get<std::string>();
  const int matched = report["matched"].get<int>(), rows = report["candidates"].get<int>();
  if (report["reproduced"].get<bool>())
    std::printf("%s: %d of %d candidates, %lld epochs, reproduced\n", name.c_str(), matched, rows,
                static_cast<long long>(report["epochs"].get<std::int64_t>()));
  if (report.contains("speed_up"))
    std::printf("  %d workers: %.2f times as fast; of %d trials begun ahead, %d were used\n",
                report["workers"].get<int>(), report["speed_up"].get<double>(),
                report["speculation"]["started"].get<int>(),
                report["speculation"]["used"].get<int>());
  if (!report["reproduced"].get<bool>())
    std::printf(
        "%s: %d of %d candidates, then a difference at row %d\n  expected %s\n  proposed %s\n",
        name.c_str(), matched, rows, matched, report["expected"].get<std::string>().c_str(),
        report["proposed"].get<std::string>().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Replays published searches and compares every proposal."};
  std::vector<std::string> files;
  int workers = 1;
  bool json = false;
  app.add_option("FILE", files, "CSV files in the form of docs/published-searches.md")->required();
  app.add_option("--workers", workers, "simulate the wall time of so many workers")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--json", json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    Json document = Json::array();
    bool reproduced = true;
    for (const std::string& file : files) {
      const std::string name = std::filesystem::path(file).stem().string();
      const Json report = replay(name, read_published_search(file), workers);
      reproduced = reproduced && report["reproduced"].get<bool>();
      if (!json) print(report);
      document.push_back(report);
    }
    if (json) std::printf("%s\n", document.dump(2).c_str());
    return reproduced ? 0 : 1;
  });
}
