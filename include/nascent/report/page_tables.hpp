// The tables of a report.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "nascent/report/escaped.hpp"
#include "nascent/report/number_text.hpp"
#include "nascent/report/page_data.hpp"

namespace nascent::detail {

inline std::string cell(const std::string& text) { return "<td>" + escaped(text) + "</td>"; }
inline std::string number_cell(const std::string& text) {
  return "<td class=n>" + escaped(text) + "</td>";
}
/// Sorted by `value`, whatever it shows.
inline std::string number_cell(const std::string& text, double value) {
  return "<td class=n data-v=" + option_text(value) + ">" + escaped(text) + "</td>";
}
inline std::string code(const std::string& text) { return "<code>" + escaped(text) + "</code>"; }

/// "82.30 ± 1.21", or without its error where that is not known.
inline std::string estimate_text(Estimate estimate) {
  const std::string error = fixed(estimate.error, 2);
  return fixed(estimate.value, 2) + (error.empty() ? "" : " \u00b1 " + error);
}

/// A mark of the stage's colour before its name.
inline std::string stage_mark(const std::string& stage) {
  static constexpr std::string_view kNames[] = {"grow",   "prune",  "baseline", "replace",
                                                "update", "sample", "morph", "protocol"};
  const bool has_colour =
      std::find(std::begin(kNames), std::end(kNames), stage) != std::end(kNames);
  return "<span class=stage" + (has_colour ? " style=\"--colour:var(--" + stage + ")\"" : "") +
         ">" + escaped(stage) + "</span>";
}

inline std::string ledger_row(const StageCost& cost, const StageCost& total, bool all) {
  const auto share = [](double part, double whole) {
    return whole > 0 ? fixed(100 * part / whole, 0) + " %" : std::string();
  };
  return std::string(all ? "<tr class=all>" : "<tr>") + "<td>" +
         (all ? "all" : stage_mark(cost.name)) + "</td>" + number_cell(grouped(cost.trials)) +
         number_cell(grouped(cost.repeats)) + number_cell(grouped(cost.failures)) +
         number_cell(grouped(cost.epochs)) +
         number_cell(share(static_cast<double>(cost.epochs), static_cast<double>(total.epochs))) +
         number_cell(fixed(cost.seconds, 1)) + number_cell(share(cost.seconds, total.seconds)) +
         "</tr>\n";
}

inline std::string ledger(const RunSummary& summary) {
  std::string text =
      "<div class=wide><table id=ledger><thead><tr><th>stage<th class=n>trials<th class=n>repeated"
      "<th class=n>failed<th class=n>epochs<th class=n>share<th class=n>seconds<th class=n>share"
      "</thead><tbody>\n";
  for (const StageCost& stage : summary.stages) text += ledger_row(stage, summary.total, false);
  return text + ledger_row(summary.total, summary.total, true) + "</tbody></table></div>\n";
}

/// Names and values, a line each.
inline std::string pairs_table(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text = "<div class=wide><table>\n";
  for (const auto& [name, value] : pairs)
    text += "<tr><td class=soft>" + escaped(name) + "</td><td>" + code(value) + "</td></tr>\n";
  return text + "</table></div>\n";
}

inline std::string trial_row(const PageData& page, int number) {
  const TrialRecord& trial = page.trial(number);
  const Outcome& outcome = trial.outcome;
  const bool kept = page.was_kept(number);
  const auto place = page.places.find(trial.architecture);
  const DrawnNetwork* network = page.run.networks.find(trial.architecture);
  const auto parameters = parameters_of(page.run, trial);
  std::string text = "<tr id=t" + std::to_string(number) +
                     (!outcome.ok() ? " class=failed"
                      : kept        ? " class=kept"
                                    : "") +
                     ">";
  text += number_cell(std::to_string(number)) + "<td>" + stage_mark(trial.stage) + "</td>";
  text += "<td" + (place == page.places.end() ? "" : " data-n=" + std::to_string(place->second)) +
          "></td>";
  if (outcome.ok())
    text += number_cell(fixed(outcome.accuracy.percent(), 2), outcome.accuracy.percent());
  else
    text += "<td class=n>failed</td>";
  text += number_cell(outcome.train_accuracy.total > 0 ? fixed(outcome.train_accuracy.percent(), 2)
                                                       : std::string());
  text += parameters ? number_cell(grouped(*parameters), static_cast<double>(*parameters))
                     : number_cell("");
  text += network ? number_cell(short_count(network->macs), static_cast<double>(network->macs))
                  : number_cell("");
  text += number_cell(std::to_string(trial.fidelity.epochs)) +
          number_cell(fixed(outcome.seconds, 1)) + "<td class=architecture>" +
          code(trial.architecture);
  const auto note = [&](const std::string& what) {
    text += " <span class=soft>" + what + "</span>";
  };
  if (kept) note("kept");
  if (outcome.repeated()) note("same as " + std::to_string(outcome.same_as));
  if (trial.fidelity.resumed > 0) note("from epoch " + std::to_string(trial.fidelity.resumed));
  if (trial.fidelity.measure != page.summary.measure)
    note(std::string(to_string(trial.fidelity.measure)));
  if (!outcome.ok()) note("failed: " + escaped(outcome.failure));
  return text + "</td></tr>\n";
}

inline std::string trials_table(const PageData& page) {
  std::string text =
      "<div class=scroll tabindex=0 role=region aria-label=\"all trials\"><table><thead><tr>";
  const std::string value = page.summary.measure == Measure::accuracy
                                ? "accuracy, %"
                                : std::string(to_string(page.summary.measure));
  const std::pair<std::string, bool> columns[] = {
      {"number", true},      {"stage", false},       {"", false},         {value, true},
      {"training, %", true}, {"parameters", true},   {"mult-adds", true}, {"epochs", true},
      {"seconds", true},     {"architecture", false}};
  for (const auto& [name, numeric] : columns)
    text += std::string(numeric ? "<th class=n>" : "<th>") +
            (name.empty() ? "drawn" : "<button type=button>" + name + "</button>") + "</th>";
  text += "</tr></thead><tbody>\n";
  for (const int number : page.listed) text += trial_row(page, number);
  return text + "</tbody></table></div>\n";
}

}  // namespace nascent::detail
