// A comparison as text for people, and as CSV for programs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/search/options.hpp"
#include "nascent/tournament/comparison.hpp"

namespace nascent {
namespace detail {

/// "-" where there is no number.
inline std::string fixed_text(double value, int places = 2) {
  if (std::isnan(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

inline std::string p_text(double p) { return p < 0.001 ? "<0.001" : fixed_text(p, 3); }

inline std::string padded(std::string text, std::size_t width) {
  text.resize((std::max)(width, text.size()), ' ');
  return text;
}

inline std::string aligned(const std::string& text, std::size_t width) {
  return std::string(width - (std::min)(width, text.size()), ' ') + text;
}

/// Lines of a comparison in words.
class ComparisonText {
 public:
  ComparisonText(const Comparison& comparison, Against against)
      : comparison_(comparison), against_(against) {
    for (const Contender& contender : comparison.contenders)
      name_width_ = (std::max)(name_width_, contender.name.size());
  }

  std::string text() {
    add_protocol();
    const std::vector<Contrast> contrasts = comparison_.contrasts(against_);
    for (const std::int64_t budget : comparison_.budgets.amounts()) {
      add_values(budget);
      add_contrasts(budget, contrasts);
    }
    add_curves();
    add_costs();
    return text_;
  }

 private:
  void add_protocol() {
    const RunInfo& first = comparison_.contenders.front().protocol;
    for (const Contender& contender : comparison_.contenders)
      if (!contender.caveat.empty()) {
        text_ += "[" + contender.caveat + "]\n";
        break;
      }
    text_ += comparison_.measure == Measure::accuracy
                 ? "accuracy of what was found, %, "
                 : std::string(to_string(comparison_.measure)) + " of what was found, ";
    text_ += comparison_.final_accuracy ? "by final_accuracy of "
                                        : "by the signal of the search, evaluator ";
    text_ += first.evaluator + "; " + std::to_string(comparison_.seeds.size()) +
             " runs each, paired by their seeds.\n";
    if (comparison_.seeds.size() < 5) text_ += "Fewer than 5 seeds: the p-values say little.\n";
    for (const Contender& contender : comparison_.contenders) {
      const RunInfo& info = contender.protocol;
      text_ += "  " + padded(contender.name, name_width_) + "  " + info.strategy + ", " +
               info.ranker + ", " + info.space + own_options(info) + "\n";
    }
  }

  /// Options that not all contenders have, with these values.
  std::string own_options(const RunInfo& info) const {
    std::string text;
    for (const auto& option : info.options) {
      const bool shared = std::all_of(
          comparison_.contenders.begin(), comparison_.contenders.end(), [&](const auto& other) {
            const OptionList& all = other.protocol.options;
            return std::find(all.begin(), all.end(), option) != all.end();
          });
      if (!shared) text += "; " + option.first + " " + option.second;
    }
    return text;
  }

  void add_values(std::int64_t budget) {
    constexpr std::size_t kShown = 20;
    text_ +=
        "\n" +
        padded("at " + std::to_string(budget) + " " + std::string(comparison_.budgets.unit_name()),
               name_width_ + 2) +
        aligned("mean", 8) + aligned("sd", 7) + aligned("se", 7) + "  values\n";
    for (const Contender& contender : comparison_.contenders) {
      const std::vector<double> values = contender.values(budget);
      const Summary summary = summarise(values);
      text_ += "  " + padded(contender.name, name_width_) + aligned(fixed_text(summary.mean), 8) +
               aligned(fixed_text(summary.deviation), 7) +
               aligned(fixed_text(summary.standard_error), 7) + " ";
      for (std::size_t i = 0; i < (std::min)(kShown, values.size()); ++i)
        text_ += " " + fixed_text(values[i]);
      if (values.size() > kShown) text_ += " ... (all: values_csv)";
      text_ += "\n";
    }
  }

  void add_contrasts(std::int64_t budget, const std::vector<Contrast>& contrasts) {
    for (const Contrast& contrast : contrasts) {
      if (contrast.budget != budget) continue;
      const PairedTest& test = contrast.test;
      text_ += "  " + name(contrast.first) + " - " + name(contrast.second) + ": " +
               fixed_text(test.difference) + " +- " + fixed_text(test.standard_error) + ", ";
      if (std::isnan(test.t_p))
        text_ += why_untested(test) + "\n";
      else
        text_ += "t-test p " + p_text(test.t_p) + ", Holm " + p_text(contrast.t_holm) +
                 "; Wilcoxon (" + (test.exact ? "exact" : "normal") + ") p " +
                 p_text(test.wilcoxon_p) + ", Holm " + p_text(contrast.wilcoxon_holm) + ": " +
                 (contrast.significant() ? "significant" : "not significant") + "\n";
    }
  }

  static std::string why_untested(const PairedTest& test) {
    if (std::isnan(test.difference)) return "no test: some runs have no result yet";
    if (test.pairs < 2) return "no test of one pair";
    return "no test: the same with every seed, so that more seeds say no more than one";
  }

  const std::string& name(std::size_t contender) const {
    return comparison_.contenders[contender].name;
  }

  /// Mean (standard error) at tenths of the largest budget.
  void add_curves() {
    constexpr int kRows = 10;
    text_ += "\n" + aligned("after " + std::string(comparison_.budgets.unit_name()), kFirstColumn);
    for (const Contender& contender : comparison_.contenders)
      text_ += "  " + aligned(contender.name, kCell);
    text_ += "\n";
    std::int64_t last = 0;
    for (int row = 1; row <= kRows; ++row) {
      const std::int64_t at = comparison_.budgets.largest() * row / kRows;
      if (at == last) continue;
      last = at;
      text_ += aligned(std::to_string(at), kFirstColumn);
      for (const Contender& contender : comparison_.contenders) {
        const Summary summary = contender.summary(at);
        text_ += "  " +
                 aligned(fixed_text(summary.mean) + " (" + fixed_text(summary.standard_error) + ")",
                         (std::max)(kCell, contender.name.size()));
      }
      text_ += "\n";
    }
  }

  void add_costs() {
    text_ += "\n" + padded("all runs together", name_width_ + 2) + aligned("trials", 10) +
             aligned("repeats", 10) + aligned("failures", 10) + aligned("epochs", 12) +
             aligned("seconds", 10) + aligned("finished", 10) + "\n";
    for (const Contender& contender : comparison_.contenders) {
      std::int64_t trials = 0, repeats = 0, failures = 0, epochs = 0, finished = 0;
      double seconds = 0;
      for (const AnytimeRun& run : contender.runs) {
        trials += run.cost.trials;
        repeats += run.cost.repeats;
        failures += run.cost.failures;
        epochs += run.cost.epochs;
        seconds += run.cost.seconds;
        finished += run.finished;
      }
      text_ += "  " + padded(contender.name, name_width_) + aligned(std::to_string(trials), 10) +
               aligned(std::to_string(repeats), 10) + aligned(std::to_string(failures), 10) +
               aligned(std::to_string(epochs), 12) + aligned(fixed_text(seconds, 1), 10) +
               aligned(std::to_string(finished), 10) + "\n";
    }
  }

  static constexpr std::size_t kFirstColumn = 17, kCell = 14;

  const Comparison& comparison_;
  Against against_;
  std::size_t name_width_ = 15;
  std::string text_;
};

/// A field of CSV (RFC 4180): quoted where it must be.
inline std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string(2, c) : std::string(1, c);
  return quoted + "\"";
}

/// The shortest text that reads back as the same number; nothing where there is none.
inline std::string csv_number(double value) { return std::isnan(value) ? "" : option_text(value); }

}  // namespace detail

/// Table of all values with means, tests, curves, costs; warnings where they say little.
inline std::string comparison_text(const Comparison& comparison, Against against = Against::first) {
  return detail::ComparisonText(comparison, against).text();
}

/// CSV `entrant,UNIT,seed,value` of every run at every budget; an empty value where there is none.
inline std::string values_csv(const Comparison& comparison) {
  std::string csv = "entrant," + std::string(comparison.budgets.unit_name()) + ",seed,value\n";
  for (const Contender& contender : comparison.contenders)
    for (const std::int64_t budget : comparison.budgets.amounts())
      for (const AnytimeRun& run : contender.runs)
        csv += detail::csv_field(contender.name) + "," + std::to_string(budget) + "," +
               std::to_string(run.seed) + "," + detail::csv_number(run.value(budget)) + "\n";
  return csv;
}

/// CSV `entrant,UNIT,mean,standard_error` of the anytime curves (Comparison::curve): each line
/// holds from its budget up to the next line's.
inline std::string curves_csv(const Comparison& comparison) {
  std::string csv =
      "entrant," + std::string(comparison.budgets.unit_name()) + ",mean,standard_error\n";
  for (const Contender& contender : comparison.contenders)
    for (const CurvePoint& point : comparison.curve(contender))
      csv += detail::csv_field(contender.name) + "," + std::to_string(point.at) + "," +
             detail::csv_number(point.mean) + "," + detail::csv_number(point.standard_error) + "\n";
  return csv;
}

}  // namespace nascent
