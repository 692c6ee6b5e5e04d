// TableEvaluator: accuracies of networks that others have trained, looked up; no epoch is spent.
//   433323: 91.20 %
//   433333: not in the table
#include <nascent/evaluator/table_evaluator.hpp>
#include <nascent/space/nas_bench_201_space.hpp>

#include "policies.hpp"

using namespace nascent;

void show_table_evaluator() {
  auto table = std::make_shared<Table>(std::vector<std::string>{"accuracy"});
  table->add("433323", {91.2});
  const TableEvaluator evaluator(table, "accuracy");
  for (const char* code : {"433323", "433333"}) {
    const NasBench201Space::Architecture cell = NasBench201Space{}.parse(code);
    const Outcome outcome = evaluator.evaluate(Trial(0, Candidate{cell, Move::sample}, {}, 1));
    if (outcome.ok())
      std::printf("%s: %.2f %%\n", code, outcome.accuracy.percent());
    else
      std::printf("%s: %s\n", code, outcome.failure.c_str());
  }
}
