// TableSpace: those architectures of a space that a table has a row for; TableEvaluator looks them
// up.
//   433323
//   accuracy 91.20 % after 0 epochs; 10 trials, 0 epochs, 0.0 s, 8 repeated; finished
#include <nascent/evaluator/table_evaluator.hpp>
#include <nascent/space/nas_bench_201_space.hpp>
#include <nascent/space/table_space.hpp>

#include "policies.hpp"

using namespace nascent;

void show_table_space() {
  auto table = std::make_shared<Table>(std::vector<std::string>{"accuracy"});
  table->add("433323", {91.2});
  table->add("230022", {84.0});
  using Space = TableSpace<NasBench201Space>;
  Search<RandomStrategy, FixedEpochRanker, Space> search({.trials = 10}, {}, Space({}, table));
  print(search.run(TableEvaluator(table, "accuracy"), {.seed = 1}));
}
