// Replays searches that the paper's authors published: every proposal of the strategy is compared
// with the next row, then told the row's outcome.
//
//   replay_published cifar10-tiny.csv
//   cifar10-tiny: 86 of 86 candidates, 1042 epochs, reproduced
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <nascent/core.hpp>
#include <nascent/evaluator/published_search.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

template <class Search>
Found<decltype(Search::space)> replay(Search search, const PublishedSearch& published) {
  search.space.depth = {published.depth_min, published.depth_max};
  search.space.width = {published.width_min, published.width_max, published.width_step};
  search.space.problem = published.problem;
  ReplayEvaluator evaluator(search.space, published.rows);
  auto found = search.run(evaluator);
  evaluator.finish();
  return found;
}

Json replay(const std::string& name, const PublishedSearch& published) {
  Json report{{"name", name}, {"candidates", published.rows.size()}};
  const auto note = [&](const auto& found) {
    report["epochs"] = found.cost.epochs;
    report["found"] = to_string(found.architecture);
  };
  try {
    if (published.is_trg_nas())
      note(replay(Search<GreedyMacroMicro, FixedEpochRanker, TrgSpace>(
                      trg_nas(), {.epochs = published.epochs}),
                  published));
    else
      note(replay(Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>(
                      {}, {.start = published.macro_epochs, .micro = published.micro_epochs}),
                  published));
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
  else
    std::printf(
        "%s: %d of %d candidates, then a difference at row %d\n  expected %s\n  proposed %s\n",
        name.c_str(), matched, rows, matched, report["expected"].get<std::string>().c_str(),
        report["proposed"].get<std::string>().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Replays published searches and compares every proposal."};
  std::vector<std::string> files;
  bool json = false;
  app.add_option("FILE", files, "CSV files in the form of docs/published-searches.md")->required();
  app.add_flag("--json", json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    Json document = Json::array();
    bool reproduced = true;
    for (const std::string& file : files) {
      const std::string name = std::filesystem::path(file).stem().string();
      const Json report = replay(name, read_published_search(file));
      reproduced = reproduced && report["reproduced"].get<bool>();
      if (!json) print(report);
      document.push_back(report);
    }
    if (json) std::printf("%s\n", document.dump(2).c_str());
    return reproduced ? 0 : 1;
  });
}
