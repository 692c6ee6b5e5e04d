// Several objectives at once, on a table of trained networks: which share of the best trade-offs in
// it does a search find?
//
//   pareto --table tests/data/tables/nasbench201-proxies-cifar10.csv --minimise params
//          --maximise val_accuracy --evaluations 200
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nascent/core.hpp>
#include <nascent/evaluator/read_table.hpp>
#include <nascent/search/pareto.hpp>
#include <nascent/space/nas_bench_201_space.hpp>
#include <nascent/space/table_space.hpp>
#include <nascent/space/trans_nas_macro_space.hpp>
#include <nascent/strategy/nsga2.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;

struct Arguments {
  std::string space = "nasbench201", strategy = "nsga2", table;
  std::vector<std::string> minimise, maximise;
  int evaluations = 100, population = 20;
  std::uint64_t seed = 1;
  bool json = false;
};

/// Each column once: what is minimised, then what is maximised.
std::vector<Objective> objectives_of(const Arguments& a) {
  std::vector<Objective> all;
  const auto add = [&](const Objective& objective) {
    for (const Objective& other : all)
      if (other.name == objective.name)
        throw std::invalid_argument("column '" + objective.name +
                                    "' is named twice; each objective has one direction");
    all.push_back(objective);
  };
  for (const std::string& column : a.minimise) add(minimise(column));
  for (const std::string& column : a.maximise) add(maximise(column));
  if (all.empty())
    throw std::invalid_argument("name a column by --minimise COLUMN or --maximise COLUMN");
  return all;
}

std::vector<std::string> names_of(const std::vector<Objective>& objectives) {
  std::vector<std::string> names;
  for (const Objective& objective : objectives) names.push_back(objective.name);
  return names;
}

/// Evaluator: the columns of the table are metrics; there is no accuracy beside them.
struct Columns {
  std::shared_ptr<const Table> table;

  template <class Architecture>
  Outcome evaluate(const Trial<Architecture>& trial) const {
    return row(table->find(to_string(trial.architecture())));
  }

  Outcome row(int number) const {
    Outcome outcome(Accuracy{});
    for (std::size_t i = 0; i < table->columns().size(); ++i)
      outcome.metrics.emplace_back(table->columns()[i], table->number(number, static_cast<int>(i)));
    return outcome;
  }
};

/// The front of all that the table has of the space.
template <class Space>
Front<Space> exact_front(const std::vector<Objective>& objectives, const Space& space,
                         const Columns& columns) {
  std::vector<Judged<Space>> all;
  for (const std::string& code : columns.table->codes()) {
    try {
      all.emplace_back(space.parse(code), Move::sample, columns.row(columns.table->find(code)));
    } catch (const std::invalid_argument&) {  // no architecture of this space
    }
  }
  return pareto_front(objectives, space, all);
}

template <class Space>
int common(const Front<Space>& one, const Front<Space>& other) {
  return static_cast<int>(std::count_if(one.members.begin(), one.members.end(), [&](auto& a) {
    return std::any_of(other.members.begin(), other.members.end(), [&](auto& b) {
      return a.candidate.architecture == b.candidate.architecture;
    });
  }));
}

template <class Space>
void report(const Arguments& a, const Found<Space>& found, const Front<Space>& front,
            const Front<Space>& exact) {
  const int hits = common(front, exact);
  const double share = hits / static_cast<double>(exact.members.size());
  if (!a.json) {
    std::printf("%s\n%d of the %zu of the exact front (%.2f), by %d evaluations\n",
                front.text().c_str(), hits, exact.members.size(), share,
                found.cost.trials - found.cost.repeats);
    return;
  }
  nlohmann::ordered_json document{{"space", a.space},
                                  {"strategy", a.strategy},
                                  {"seed", a.seed},
                                  {"evaluations", found.cost.trials - found.cost.repeats},
                                  {"exact_front", share},
                                  {"exact_front_size", exact.members.size()},
                                  {"front", nlohmann::ordered_json::array()}};
  for (const auto& member : front.members) {
    nlohmann::ordered_json point{{"code", to_string(member.candidate.architecture)}};
    for (std::size_t i = 0; i < front.objectives.size(); ++i)
      point[front.objectives[i].name] = member.values[i];
    document["front"].push_back(std::move(point));
  }
  std::printf("%s\n", document.dump(2).c_str());
}

template <class Space, class Strategy>
void search(const Arguments& a, const std::vector<Objective>& objectives, const Space& space,
            const Columns& columns, const Strategy& strategy) {
  const auto exact = exact_front(objectives, space, columns);
  const auto found = Search<Strategy, FixedEpochRanker, Space>(strategy, {.epochs = 1}, space)
                         .run(columns, {.seed = a.seed, .max_evaluations = a.evaluations});
  report(a, found, found.front(objectives), exact);
}

template <class Base>
void search(const Arguments& a) {
  const auto objectives = objectives_of(a);
  const Columns columns{std::make_shared<const Table>(read_table(a.table, names_of(objectives)))};
  const TableSpace<Base> space({}, columns.table);
  if (a.strategy == "random")
    search(a, objectives, space, columns, RandomStrategy{});
  else
    search(a, objectives, space, columns,
           Nsga2{.objectives = objectives, .population = a.population});
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Searches a table of trained networks for the best trade-offs of several metrics."};
  Arguments a;
  app.add_option("--space", a.space, "what the codes of the table are")
      ->check(CLI::IsMember({"nasbench201", "transnas-macro"}))
      ->capture_default_str();
  app.add_option("--table", a.table, "CSV file of code,metric...")->required();
  app.add_option("--minimise", a.minimise, "column of which less is better; may be repeated");
  app.add_option("--maximise", a.maximise, "column of which more is better; may be repeated");
  app.add_option("--strategy", a.strategy, "what is tried next")
      ->check(CLI::IsMember({"nsga2", "random"}))
      ->capture_default_str();
  app.add_option("--population", a.population, "parents of nsga2")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  app.add_option("--evaluations", a.evaluations, "distinct networks that are looked up")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--seed", a.seed, "of the search")->check(is_seed())->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    if (a.space == "nasbench201")
      search<NasBench201Space>(a);
    else
      search<TransNasMacroSpace>(a);
    return 0;
  });
}
