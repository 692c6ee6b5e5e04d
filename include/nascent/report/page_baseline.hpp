// How a report compares a search with random search.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "nascent/report/page_tables.hpp"

namespace nascent::detail {

inline std::string improvement_row(const std::string& what, Estimate ours, const std::string& than,
                                   Estimate theirs) {
  return "<tr>" + cell(what) + number_cell(estimate_text(ours)) + cell(than) +
         number_cell(estimate_text(theirs)) +
         number_cell(estimate_text(relative_improvement(ours, theirs))) + "</tr>\n";
}

/// Final accuracies of one network with several seeds, in percent; nothing where they are not
/// there.
inline std::vector<double> finals_of(const nlohmann::ordered_json& result, const char* network,
                                     const char* which) {
  std::vector<double> values;
  if (!result.is_object() || !result.contains(network)) return values;
  const auto& one = result.at(network);
  if (!one.is_object() || !one.contains(which) || !one.at(which).is_array()) return values;
  for (const auto& value : one.at(which))
    if (value.is_number()) values.push_back(value.get<double>());
  return values;
}

/// A number of a result; 0 where it is not there.
inline double count_of(const nlohmann::ordered_json& result, const char* which) {
  const bool there = result.is_object() && result.contains(which) && result.at(which).is_number();
  return there ? result.at(which).get<double>() : 0;
}

/// Against networks drawn at random and trained alike, measured on so many images.
inline std::string random_rows(const std::string& what, Estimate ours,
                               const std::vector<double>& theirs, double images) {
  if (theirs.empty()) return "";
  Spread spread = spread_of(theirs);
  spread.best = estimate_of(spread.best.value, images);
  const std::string n = std::to_string(theirs.size()) + " random networks, trained alike";
  return improvement_row(what, ours, "mean of " + n, spread.mean) +
         improvement_row(what, ours, "median of " + n, spread.median) +
         improvement_row(what, ours, "best of " + n, spread.best);
}

/// Seed noise of the network found beside the gain that the search asked of a candidate.
inline std::string noise_note(const RunFiles& run) {
  const auto finals = finals_of(run.result, "found", "final_held_out");
  const std::string asked = run.journal.header.contains("options")
                                ? field_text(run.journal.header.at("options"), "strategy.grow.gain")
                                : "";
  if (finals.size() < 2 || asked.empty()) return "";
  const double noise = mean_of(finals).error * std::sqrt(static_cast<double>(finals.size()));
  return "<p id=noise>Trained again with " + std::to_string(finals.size()) +
         " seeds, the network found varies by " + fixed(noise, 2) +
         " points (standard deviation, held-out images); Grow accepts a candidate that gains " +
         asked + " points.</p>\n";
}

/// How often the test set was opened.
inline std::string looks_note(const nlohmann::ordered_json& result) {
  const double looks = count_of(result, "test_set_opened");
  if (looks < 1) return "";
  return "<p id=looks>Looks at the test set by final trainings: " + fixed(looks, 0) +
         ", one for each; <code>finals.jsonl</code> has them all.</p>\n";
}

inline std::string final_rows(const nlohmann::ordered_json& result) {
  std::string rows;
  for (const char* which : {"final_held_out", "final_test"}) {
    const auto found = finals_of(result, "found", which);
    if (found.empty()) continue;
    const bool test = std::string(which) == "final_test";
    const std::string where = test ? "test set" : "held-out images";
    const double images = count_of(result, test ? "test_images" : "held_out_images");
    const std::pair<const char*, const char*> others[] = {
        {"random", "best network of random search, trained alike"},
        {"start", "starting network, trained alike"}};
    const std::string what = "network found, trained from scratch; " + where;
    for (const auto& [name, than] : others)
      if (const auto theirs = finals_of(result, name, which); !theirs.empty())
        rows += improvement_row(what, mean_of(found), than, mean_of(theirs));
    rows += random_rows(what, mean_of(found), finals_of(result, "baseline", which), images);
  }
  return rows;
}

/// Empty where there is no random search and no final training.
inline std::string baseline_section(const RunFiles& run, const RunSummary& summary) {
  std::string rows;
  if (summary.baseline && summary.baseline->networks > 0 && summary.most_accurate) {
    const TrialRecord& best = run.journal.trials[static_cast<std::size_t>(*summary.most_accurate)];
    const Estimate ours = estimate_of(best.outcome.accuracy);
    const std::string what = "most accurate candidate of the search";
    const std::string n = std::to_string(summary.baseline->networks) + " random networks";
    rows += improvement_row(what, ours, "mean of " + n, summary.baseline->mean);
    rows += improvement_row(what, ours, "median of " + n, summary.baseline->median);
    rows += improvement_row(what, ours, "best of " + n, summary.baseline->best);
  }
  rows += final_rows(run.result);
  if (rows.empty()) return "";
  return "<h2>Against random search</h2>\n<p>Random search had the same space and ranker" +
         (summary.baseline ? " and the search's cost or less, " + grouped(summary.baseline->cost) +
                                 (summary.counts_epochs ? " epochs" : " evaluations")
                           : std::string()) +
         ". RI is the relative improvement 100 (a \u2212 b) / b, in percent; after \u00b1 stands a "
         "standard "
         "error, where it is known.</p>\n<div class=wide><table id=baseline><thead><tr><th>a<th "
         "class=n>accuracy, %<th>b<th class=n>accuracy, %<th class=n>RI, %</thead><tbody>\n" +
         rows + "</tbody></table></div>\n" + noise_note(run) + looks_note(run.result);
}

}  // namespace nascent::detail
