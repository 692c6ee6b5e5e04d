// How well zero-cost proxies put networks in order, beside parameters and FLOPs, which they must
// beat.
//
//   zero_cost --table nasbench201-proxies-cifar10.csv --data DIR --cells 60 --seed 1
//
// TABLE has a row for each cell, with others' scores and the accuracy after training; DIR holds
// data_batch_1.bin and test_batch.bin of CIFAR-10. Networks are built and initialised here and
// scored on the first images.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <nascent/data/dataset.hpp>
#include <nascent/data/normalizer.hpp>
#include <nascent/evaluator/read_table.hpp>
#include <nascent/report/rank_correlation.hpp>
#include <nascent/search/stopwatch.hpp>
#include <nascent/space/nas_bench_201_space.hpp>
#include <nascent/train/device.hpp>
#include <nascent/train/intra_op_threads.hpp>
#include <nascent/train/precision.hpp>
#include <nascent/train/torch_errors.hpp>
#include <nascent/train/zero_cost.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;
using Row = std::map<std::string, double>;

constexpr const char* kAccuracy = "val_accuracy";

/// What is measured here, and the column of the table that says the same; "" where none does.
struct Proxy {
  Measure measure;
  const char* column;
};
constexpr Proxy kProxies[] = {
    {Measure::parameters, "params"},   {Measure::flops, "flops"}, {Measure::l2_norm, "l2_norm"},
    {Measure::grad_norm, "grad_norm"}, {Measure::snip, "snip"},   {Measure::synflow, "synflow"},
    {Measure::jacob_cov, "jacov"},     {Measure::naswot, ""},
};

struct Arguments {
  std::string space = "nasbench201", table, data, device = "auto";
  NasBench201Space skeleton;
  std::vector<std::string> proxies;
  int cells = 60, batch = 64, threads = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Listed {
  NasBench201Cell cell;
  Row numbers;  // of the table
};

/// All rows of the table.
std::vector<Listed> listed_in(const Table& table, const NasBench201Space& space) {
  table.column(kAccuracy);
  std::vector<Listed> listed;
  for (int row = 0; row < table.size(); ++row) {
    listed.push_back({space.parse(table.codes()[std::size_t(row)]), {}});
    for (std::size_t i = 0; i < table.columns().size(); ++i)
      listed.back().numbers[table.columns()[i]] = table.number(row, int(i));
  }
  return listed;
}

/// `count` of them, at random.
std::vector<Listed> draw(std::vector<Listed> listed, int count, std::uint64_t seed) {
  const int all = static_cast<int>(listed.size());
  if (count > all)
    throw std::invalid_argument("the table has " + std::to_string(all) + " cells; --cells asks " +
                                "for " + std::to_string(count));
  Random random(seed, "cells");
  for (int i = 0; i < count; ++i)
    std::swap(listed[std::size_t(i)], listed[std::size_t(i + random.below(all - i))]);
  listed.resize(std::size_t(count));
  return listed;
}

/// What has no score is worse than all.
double score_or_worst(Measure measure, const NetworkDescription& net, std::uint64_t seed,
                      const ImageBatch& batch) {
  try {
    return zero_cost_score(measure, net, seed, batch);
  } catch (const std::domain_error&) {
    return -std::numeric_limits<double>::infinity();
  }
}

struct Scores {
  std::vector<double> values;
  double seconds = 0;

  int without() const {
    return static_cast<int>(std::ranges::count_if(values, [](double v) { return std::isinf(v); }));
  }
};

std::vector<double> column(const std::vector<Listed>& cells, const std::string& name) {
  std::vector<double> values;
  for (const Listed& listed : cells) {
    const auto at = listed.numbers.find(name);
    if (at == listed.numbers.end()) return {};
    values.push_back(at->second);
  }
  return values;
}

Json agreement(const Proxy& proxy, const Scores& scores, const std::vector<Listed>& cells) {
  Json json{{"proxy", to_string(proxy.measure)},
            {"spearman_accuracy", spearman(scores.values, column(cells, kAccuracy))},
            {"spearman_table", nullptr},
            {"table_spearman_accuracy", nullptr},
            {"seconds_a_network", scores.seconds / double(cells.size())},
            {"without_score", scores.without()}};
  const std::vector<double> theirs = column(cells, proxy.column);
  if (!theirs.empty()) {
    json["spearman_table"] = spearman(scores.values, theirs);
    json["table_spearman_accuracy"] = spearman(theirs, column(cells, kAccuracy));
  }
  return json;
}

/// Parameters and FLOPs always.
bool wanted(const Arguments& a, const Proxy& proxy) {
  return a.proxies.empty() || proxy.measure == Measure::parameters ||
         proxy.measure == Measure::flops ||
         std::ranges::count(a.proxies, to_string(proxy.measure)) > 0;
}

Json run(const Arguments& a) {
  NasBench201Space space = a.skeleton;
  space.check();
  const std::vector<Listed> cells = draw(listed_in(read_table(a.table), space), a.cells, a.seed);
  const Dataset data = cifar10(a.data, 1);
  const ImageBatch batch = evaluation_batch(data.train, Normalizer(data.mean, data.deviation), 0,
                                            a.batch, Device(a.device));
  const IntraOpThreads threads(a.threads);
  const Products exact(Device(a.device), Precision::fp32);
  Json document{
      {"space", a.space},      {"channels", space.channels}, {"cells_a_stage", space.cells},
      {"seed", a.seed},        {"batch", batch.size()},      {"proxies", Json::array()},
      {"cells", Json::array()}};
  for (const Listed& listed : cells)
    document["cells"].push_back(
        {{"cell", to_string(listed.cell)}, {kAccuracy, listed.numbers.at(kAccuracy)}});
  for (const Proxy& proxy : kProxies) {
    if (!wanted(a, proxy)) continue;
    Scores scores;
    const Stopwatch used;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      scores.values.push_back(
          score_or_worst(proxy.measure, space.describe(cells[i].cell), mix(a.seed + i), batch));
      Json& entry = document["cells"][i][std::string(to_string(proxy.measure))];
      if (std::isfinite(scores.values.back())) entry = scores.values.back();
    }
    scores.seconds = used.seconds();
    document["proxies"].push_back(agreement(proxy, scores, cells));
  }
  return document;
}

void print(const Json& document) {
  std::printf("%zu cells of NAS-Bench-201, %d channels, %d cells a stage, %d images, seed %llu\n\n",
              document["cells"].size(), document["channels"].get<int>(),
              document["cells_a_stage"].get<int>(), document["batch"].get<int>(),
              document["seed"].get<unsigned long long>());
  std::printf("Spearman's rank correlation\n%-12s %14s %14s %14s %12s %10s\n", "proxy",
              "with accuracy", "table's own", "with table", "s/network", "no score");
  const auto number = [](const Json& value) {
    char text[16] = "-";
    if (!value.is_null()) std::snprintf(text, sizeof text, "%.3f", value.get<double>());
    return std::string(text);
  };
  for (const Json& proxy : document["proxies"])
    std::printf("%-12s %14s %14s %14s %12s %10d\n", proxy["proxy"].get<std::string>().c_str(),
                number(proxy["spearman_accuracy"]).c_str(),
                number(proxy["table_spearman_accuracy"]).c_str(),
                number(proxy["spearman_table"]).c_str(), number(proxy["seconds_a_network"]).c_str(),
                proxy["without_score"].get<int>());
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app{"Zero-cost proxies against a table of trained networks"};
  const auto positive = CLI::PositiveNumber;
  app.add_option("--space", a.space, "of the table")
      ->check(CLI::IsMember({"nasbench201"}))
      ->capture_default_str();
  app.add_option("--table", a.table, "CSV: the cell, val_accuracy and scores")->required();
  app.add_option("--data", a.data, "directory with CIFAR-10's data_batch_1.bin and test_batch.bin")
      ->required();
  app.add_option("--proxies", a.proxies, "fewer than all")
      ->delimiter(',')
      ->check(CLI::IsMember({"l2_norm", "grad_norm", "snip", "synflow", "jacob_cov", "naswot"}));
  app.add_option("--cells", a.cells, "drawn from the table")
      ->check(CLI::Range(2, 15625))
      ->capture_default_str();
  app.add_option("--seed", a.seed, "of the draw and the weights")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--batch", a.batch, "images")->check(positive)->capture_default_str();
  app.add_option("--channels", a.skeleton.channels, "of the first stage")->capture_default_str();
  app.add_option("--cells-a-stage", a.skeleton.cells, "in the skeleton")->capture_default_str();
  app.add_option("--threads", a.threads, "within one operation")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    const Json document = with_short_errors(Device(a.device), [&] { return run(a); });
    if (a.json)
      std::printf("%s\n", document.dump(2).c_str());
    else
      print(document);
    return 0;
  });
}
