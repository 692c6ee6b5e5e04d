#pragma once

#include <memory>
#include <string>
#include <utility>

#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/space/table.hpp"

namespace nascent {

/// Answers a trial from a table of trained networks: the accuracy is the metric of its row, in
/// percent. Nothing is trained, so an answer costs no epochs, whatever the ranker asked for: give
/// the run a budget of evaluations or trials. What has no row has failed. Copies share the table.
class TableEvaluator {
 public:
  /// Throws std::invalid_argument when the table has no column `metric`.
  TableEvaluator(std::shared_ptr<const Table> table, std::string metric)
      : table_(std::move(table)), metric_(std::move(metric)), column_(table_->column(metric_)) {}

  template <class Architecture>
  Outcome evaluate(const Trial<Architecture>& trial) const {
    const int row = table_->find(to_string(trial.architecture()));
    if (row < 0) return Outcome::failed("not in the table");
    return Outcome(Accuracy::of_percent(table_->number(row, column_)));
  }

  template <class Field>
  void options(Field&& field) const {
    field("metric", metric_);
    field("rows", table_->size());
  }

 private:
  std::shared_ptr<const Table> table_;
  std::string metric_;
  int column_;
};

static_assert(EvaluatorPolicy<TableEvaluator, int>);

}  // namespace nascent
