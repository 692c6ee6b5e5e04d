// The numbers of a report, from a run's journal.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/report/run_files.hpp"
#include "nascent/search/dominance.hpp"

namespace nascent {

/// What a part of a search has cost; counted as `Cost` is: a repeat has the epochs of its original.
struct StageCost {
  std::string name;         ///< of the stage
  int trials = 0;           ///< delivered
  int repeats = 0;          ///< of them, answered from an equal trial
  int failures = 0;         ///< of them, failed
  std::int64_t epochs = 0;  ///< trained
  double seconds = 0;       ///< sum of the trainings' wall times

  /// Counts a trial.
  void add(const TrialRecord& trial) {
    ++trials;
    repeats += trial.outcome.repeated();
    failures += !trial.outcome.ok();
    epochs += trial.outcome.epochs;
    seconds += trial.outcome.seconds;
  }
};

/// Consecutive trials of one stage; from and to are epochs spent, or trials where nothing is
/// trained.
struct Segment {
  std::string stage;              ///< its name
  std::int64_t from = 0, to = 0;  ///< what was spent before it, and after it
};

/// The most accurate trial so far, after so much cost.
struct BestSoFar {
  std::int64_t cost = 0;  ///< epochs, or trials where nothing is trained
  double percent = 0;     ///< its accuracy
};

/// A value with its standard error; the error is no number where it is not known.
struct Estimate {
  double value = 0;                                         ///< in the unit of what is estimated
  double error = std::numeric_limits<double>::quiet_NaN();  ///< in the same unit
};

/// Relative improvement 100 (a - r) / r, in percent, with the standard error that the two errors
/// give by the delta method (paper 4.1).
inline Estimate relative_improvement(Estimate a, Estimate r) {
  const double per_a = 100 / r.value, per_r = 100 * a.value / (r.value * r.value);
  return {100 * (a.value - r.value) / r.value, std::hypot(per_a * a.error, per_r * r.error)};
}

/// A share of right answers of `images`, in percent, with the standard error of a binomial.
inline Estimate estimate_of(double percent, double images) {
  const double p = percent / 100;
  return {percent, images > 0 && p >= 0 && p <= 1 ? 100 * std::sqrt(p * (1 - p) / images)
                                                  : std::numeric_limits<double>::quiet_NaN()};
}

/// The same of counts.
inline Estimate estimate_of(Accuracy accuracy) {
  return estimate_of(accuracy.percent(), static_cast<double>(accuracy.total));
}

/// Mean of independent values with its standard error.
inline Estimate mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Estimate mean{0};
  double squares = 0;
  for (const double value : values) mean.value += value / n;
  for (const double value : values) squares += (value - mean.value) * (value - mean.value);
  if (values.size() > 1) mean.error = std::sqrt(squares / (n - 1) / n);
  return mean;
}

/// What a sample of networks reached, %; the error of the best one is not known from their values.
struct Spread {
  Estimate mean, median, best;  ///< of their accuracies, %
};

/// Of independent values; nothing is known of none.
inline Spread spread_of(std::vector<double> values) {
  Spread spread;
  if (values.empty()) return spread;
  spread.mean = mean_of(values);
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  spread.median.value =
      values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  spread.median.error = 1.2533 * spread.mean.error;  // sqrt(pi / 2), for normal values
  spread.best.value = values.back();
  return spread;
}

/// Random search as far as the search's cost pays for it.
struct BaselineSummary : Spread {
  int networks = 0;              ///< that succeeded
  std::int64_t cost = 0;         ///< not above the search's
  std::vector<BestSoFar> curve;  ///< its steps
};

/// What a report says of a whole run; vectors over trials are in the order of their numbers.
struct RunSummary {
  Measure measure = Measure::accuracy;  ///< what most of the page is about
  bool counts_epochs = true;            ///< else cost is counted in trials: nothing was trained
  std::vector<std::int64_t> cost;       ///< up to and with each trial
  std::vector<double> threshold;        ///< what it had to reach, %; no number where nothing
  std::vector<bool> kept;               ///< see kept_is_known
  bool kept_is_known = false;     ///< by the strategy's own word; else `kept` is each new best
  std::vector<StageCost> stages;  ///< in the order in which they began
  StageCost total;                ///< of all stages
  std::vector<Segment> segments;  ///< the course of the stages
  std::vector<BestSoFar> curve;   ///< each new best
  std::optional<int> most_accurate, result;  ///< numbers of trials
  std::vector<int> front;  ///< of accuracy and parameters among trials, by parameters
  std::optional<BaselineSummary> baseline;  ///< where random search ran beside
};

namespace detail {

/// Has succeeded and holds the measure that the page is about.
inline bool counts(const TrialRecord& trial, Measure measure) {
  return trial.outcome.ok() && trial.fidelity.measure == measure;
}

inline std::optional<std::int64_t> parameters_of(const RunFiles& run, const TrialRecord& trial) {
  if (const DrawnNetwork* network = run.networks.find(trial.architecture))
    return network->parameters;
  if (const auto measured = metric(trial.outcome.metrics, "parameters"))
    return static_cast<std::int64_t>(*measured);
  return std::nullopt;
}

inline std::vector<BestSoFar> anytime(const std::vector<TrialRecord>& trials, Measure measure,
                                      bool epochs, std::int64_t limit) {
  std::vector<BestSoFar> curve;
  std::int64_t cost = 0;
  for (const TrialRecord& trial : trials) {
    cost += epochs ? trial.outcome.epochs : 1;
    if (cost > limit) break;
    if (!counts(trial, measure)) continue;
    const double percent = trial.outcome.accuracy.percent();
    if (curve.empty() || percent > curve.back().percent) curve.push_back({cost, percent});
  }
  return curve;
}

inline BaselineSummary baseline_of(const std::vector<TrialRecord>& trials, Measure measure,
                                   bool epochs, std::int64_t limit) {
  BaselineSummary summary;
  std::vector<double> values;
  Accuracy best;
  for (const TrialRecord& trial : trials) {
    const std::int64_t more = epochs ? trial.outcome.epochs : 1;
    if (summary.cost + more > limit) break;
    summary.cost += more;
    if (!counts(trial, measure)) continue;
    values.push_back(trial.outcome.accuracy.percent());
    if (values.size() == 1 || trial.outcome.accuracy.more_than(best)) best = trial.outcome.accuracy;
  }
  summary.networks = static_cast<int>(values.size());
  summary.curve = anytime(trials, measure, epochs, summary.cost);
  if (values.empty()) return summary;
  static_cast<Spread&>(summary) = spread_of(std::move(values));
  summary.best = estimate_of(best);
  return summary;
}

/// Walks through the journal once and fills in what depends on what came before.
class Summarizer {
 public:
  explicit Summarizer(const RunFiles& run) : run_(run), trials_(run.journal.trials) {}

  RunSummary summarize() {
    choose_measure();
    mark_kept();
    count_cost();
    find_thresholds();
    find_best();
    const std::int64_t spent = summary_.cost.empty() ? 0 : summary_.cost.back();
    summary_.curve = anytime(trials_, summary_.measure, summary_.counts_epochs, spent);
    find_front();
    if (run_.baseline)
      summary_.baseline =
          baseline_of(run_.baseline->trials, summary_.measure, summary_.counts_epochs, spent);
    return std::move(summary_);
  }

 private:
  void choose_measure() {
    const auto trained = [](const TrialRecord& trial) {
      return trial.fidelity.measure == Measure::accuracy;
    };
    if (!trials_.empty() && std::none_of(trials_.begin(), trials_.end(), trained))
      summary_.measure = trials_.front().fidelity.measure;
    summary_.counts_epochs = std::any_of(
        trials_.begin(), trials_.end(), [](const auto& trial) { return trial.outcome.epochs > 0; });
  }

  void mark_kept() {
    summary_.kept.assign(trials_.size(), false);
    summary_.kept_is_known = run_.course && !run_.course->kept.empty();
    if (summary_.kept_is_known) {
      for (const int number : run_.course->kept)
        if (number >= 0 && static_cast<std::size_t>(number) < trials_.size())
          summary_.kept[static_cast<std::size_t>(number)] = true;
      return;
    }
    const TrialRecord* best = nullptr;
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      if (!counts(trials_[i], summary_.measure)) continue;
      if (best && !trials_[i].outcome.accuracy.more_than(best->outcome.accuracy)) continue;
      best = &trials_[i];
      summary_.kept[i] = true;
    }
  }

  void count_cost() {
    std::int64_t spent = 0;
    for (const TrialRecord& trial : trials_) {
      if (summary_.segments.empty() || summary_.segments.back().stage != trial.stage)
        summary_.segments.push_back({trial.stage, spent, spent});
      spent += summary_.counts_epochs ? trial.outcome.epochs : 1;
      summary_.segments.back().to = spent;
      summary_.cost.push_back(spent);
      stage(trial.stage).add(trial);
      summary_.total.add(trial);
    }
    summary_.total.name = "all";
  }

  StageCost& stage(const std::string& name) {
    for (StageCost& there : summary_.stages)
      if (there.name == name) return there;
    summary_.stages.emplace_back();
    summary_.stages.back().name = name;
    return summary_.stages.back();
  }

  /// An option of the strategy, or nothing for a strategy without it.
  std::optional<double> option(std::string_view name) const {
    const auto& header = run_.journal.header;
    if (!header.contains("options")) return std::nullopt;
    try {
      return std::stod(field_text(header.at("options"), "strategy." + std::string(name)));
    } catch (const std::logic_error&) {
      return std::nullopt;
    }
  }

  /// What GreedyMacroMicro asks of a candidate of this stage beyond what is kept; see its options.
  std::optional<double> points_asked(const std::string& stage) const {
    if (stage == "grow") return option("grow.gain");
    if (stage == "replace" || stage == "update") return option("micro.gain");
    if (stage != "prune") return std::nullopt;
    const auto tolerance = option("prune.tolerance");
    return tolerance ? std::optional(-*tolerance) : std::nullopt;
  }

  void find_thresholds() {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const bool is_greedy = field_text(run_.journal.header, "strategy") == "GreedyMacroMicro";
    const bool from_grown =
        is_greedy && run_.journal.header.contains("options") &&
        field_text(run_.journal.header.at("options"), "strategy.prune.reference") == "grown";
    double kept = none, grown = none;
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      const TrialRecord& trial = trials_[i];
      double asked = kept;
      if (is_greedy) {
        const auto points = points_asked(trial.stage);
        const bool beside_grown = from_grown && trial.stage == "prune";
        asked = points ? (beside_grown ? grown : kept) + *points : none;
      }
      summary_.threshold.push_back(asked);
      if (!summary_.kept[i]) continue;
      kept = trial.outcome.accuracy.percent();
      if (trial.stage == "grow") grown = kept;
    }
  }

  void find_best() {
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      if (!counts(trials_[i], summary_.measure)) continue;
      auto& best = summary_.most_accurate;
      const auto other = static_cast<std::size_t>(best.value_or(0));
      if (!best || trials_[i].outcome.accuracy.more_than(trials_[other].outcome.accuracy))
        best = static_cast<int>(i);
    }
    summary_.result = summary_.most_accurate;
    if (summary_.kept_is_known &&
        static_cast<std::size_t>(run_.course->kept.back()) < trials_.size())
      summary_.result = run_.course->kept.back();
  }

  void find_front() {
    std::vector<ObjectivePoint> points;
    std::vector<int> numbers;
    for (const TrialRecord& trial : trials_) {
      const auto parameters = parameters_of(run_, trial);
      if (!parameters || !counts(trial, summary_.measure)) continue;
      points.push_back({-trial.outcome.accuracy.percent(), static_cast<double>(*parameters)});
      numbers.push_back(trial.number);
    }
    const auto fronts = nondominated_fronts(points, 1);
    if (fronts.empty()) return;
    for (const std::size_t at : fronts.front()) summary_.front.push_back(numbers[at]);
    std::sort(summary_.front.begin(), summary_.front.end(), [&](int a, int b) {
      const auto parameters = [&](int number) {
        return parameters_of(run_, trials_[static_cast<std::size_t>(number)]).value_or(0);
      };
      return std::pair(parameters(a), a) < std::pair(parameters(b), b);
    });
  }

  const RunFiles& run_;
  const std::vector<TrialRecord>& trials_;
  RunSummary summary_;
};

}  // namespace detail

/// Everything that a report counts.
inline RunSummary summarize(const RunFiles& run) { return detail::Summarizer(run).summarize(); }

}  // namespace nascent
