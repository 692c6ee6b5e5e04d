// The 491 trained cells of NAS-Bench-201 of which parameters and FLOPs are recorded too.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/table_space.hpp"

namespace nascent {

using ProxyCells = TableSpace<NasBench201Space>;

/// Evaluator: the accuracy, and all columns as metrics.
struct ProxyTable {
  std::shared_ptr<const Table> table = std::make_shared<const Table>(
      read_table(std::string(NASCENT_TEST_DATA) + "/tables/nasbench201-proxies-cifar10.csv"));

  ProxyCells space() const { return {{}, table}; }

  Outcome evaluate(const Trial<NasBench201Cell>& trial) const {
    return outcome(to_string(trial.architecture()));
  }

  /// Every cell, judged.
  std::vector<Judged<ProxyCells>> all() const {
    std::vector<Judged<ProxyCells>> judged;
    for (const std::string& code : table->codes())
      judged.emplace_back(space().parse(code), Move::sample, outcome(code));
    return judged;
  }

 private:
  Outcome outcome(const std::string& code) const {
    const int row = table->find(code);
    Outcome known(Accuracy::of_percent(table->number(row, table->column("val_accuracy"))));
    for (std::size_t i = 0; i < table->columns().size(); ++i)
      known.metrics.emplace_back(table->columns()[i], table->number(row, static_cast<int>(i)));
    return known;
  }
};

}  // namespace nascent
