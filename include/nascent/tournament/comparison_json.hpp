// A comparison as JSON: all that it holds, and what follows from it.
#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "nascent/tournament/comparison.hpp"
#include "nascent/version.hpp"

namespace nascent {
namespace detail {

inline nlohmann::ordered_json number_or_null(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

inline nlohmann::ordered_json json_of(const AnytimeRun& run) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const AnytimeRun::Step& step : run.steps) steps.push_back({step.at, step.value});
  return {{"seed", run.seed},
          {"architecture", run.architecture},
          {"finished", run.finished},
          {"trials", run.cost.trials},
          {"repeats", run.cost.repeats},
          {"failures", run.cost.failures},
          {"epochs", run.cost.epochs},
          {"seconds", run.cost.seconds},
          {"steps", steps}};
}

inline nlohmann::ordered_json json_of(const Contender& contender, const Comparison& comparison) {
  using nlohmann::ordered_json;
  const RunInfo& info = contender.protocol;
  ordered_json options = ordered_json::object(), table = ordered_json::array(),
               curve = ordered_json::array(), runs = ordered_json::array();
  for (const auto& [name, value] : info.options) options[name] = value;
  for (const std::int64_t budget : comparison.budgets.amounts()) {
    const Summary summary = contender.summary(budget);
    ordered_json values = ordered_json::array();
    for (const double value : contender.values(budget)) values.push_back(number_or_null(value));
    table.push_back({{"budget", budget},
                     {"mean", number_or_null(summary.mean)},
                     {"sd", number_or_null(summary.deviation)},
                     {"standard_error", number_or_null(summary.standard_error)},
                     {"values", values}});
  }
  for (const CurvePoint& point : comparison.curve(contender))
    curve.push_back({point.at, point.mean, number_or_null(point.standard_error)});
  for (const AnytimeRun& run : contender.runs) runs.push_back(json_of(run));
  return {{"name", contender.name},
          {"strategy", info.strategy},
          {"ranker", info.ranker},
          {"space", info.space},
          {"evaluator", info.evaluator},
          {"executor", info.executor},
          {"options", options},
          {"caveat", contender.caveat},
          {"table", table},
          {"curve", curve},
          {"runs", runs}};
}

}  // namespace detail

/// Numbers that do not exist are null. `steps` and `curve` are pairs and triples of a budget and
/// what holds from it on: value, or mean and standard error.
inline nlohmann::ordered_json comparison_json(const Comparison& comparison,
                                              Against against = Against::first) {
  using nlohmann::ordered_json;
  ordered_json entrants = ordered_json::array(), tests = ordered_json::array();
  for (const Contender& contender : comparison.contenders)
    entrants.push_back(detail::json_of(contender, comparison));
  for (const Contrast& contrast : comparison.contrasts(against)) {
    const PairedTest& test = contrast.test;
    tests.push_back({{"budget", contrast.budget},
                     {"first", comparison.contenders[contrast.first].name},
                     {"second", comparison.contenders[contrast.second].name},
                     {"pairs", test.pairs},
                     {"difference", detail::number_or_null(test.difference)},
                     {"standard_error", detail::number_or_null(test.standard_error)},
                     {"t", detail::number_or_null(test.t)},
                     {"t_p", detail::number_or_null(test.t_p)},
                     {"t_p_holm", detail::number_or_null(contrast.t_holm)},
                     {"wilcoxon_rank_sum", detail::number_or_null(test.rank_sum)},
                     {"wilcoxon_p", detail::number_or_null(test.wilcoxon_p)},
                     {"wilcoxon_p_holm", detail::number_or_null(contrast.wilcoxon_holm)},
                     {"wilcoxon_exact", test.exact},
                     {"significant", contrast.significant()}});
  }
  const std::string made_by = std::to_string(version.major) + "." + std::to_string(version.minor) +
                              "." + std::to_string(version.patch);
  return {{"nascent", made_by},
          {"unit", comparison.budgets.unit_name()},
          {"budgets", comparison.budgets.amounts()},
          {"seeds", comparison.seeds},
          {"measure", to_string(comparison.measure)},
          {"measured_by", comparison.final_accuracy ? "final_accuracy" : "signal"},
          {"entrants", entrants},
          {"tests", tests}};
}

}  // namespace nascent
