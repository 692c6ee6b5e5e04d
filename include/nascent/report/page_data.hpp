// What a report's script reads: the numbers of its charts and the blocks of its small drawings.
#pragma once

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "nascent/report/run_summary.hpp"

namespace nascent::detail {

/// The trials that a page lists: all, or, of more than `kListed`, every n-th and those kept.
inline constexpr std::size_t kListed = 5000;

inline std::vector<int> listed_trials(std::size_t count, const std::vector<int>& kept) {
  const std::size_t step = (count + kListed - 1) / kListed;
  std::vector<int> listed;
  std::vector<bool> is_kept(count, false);
  for (const int number : kept)
    if (number >= 0 && static_cast<std::size_t>(number) < count)
      is_kept[static_cast<std::size_t>(number)] = true;
  for (std::size_t i = 0; i < count; ++i)
    if (step <= 1 || i % step == 0 || is_kept[i]) listed.push_back(static_cast<int>(i));
  return listed;
}

/// A run with all that its page is made of.
struct PageData {
  using Json = nlohmann::ordered_json;

  const RunFiles& run;
  RunSummary summary;
  std::vector<int> listed;                              ///< numbers of trials
  std::unordered_map<std::string, std::size_t> places;  ///< of architectures in `networks`
  std::vector<int> curves;                              ///< trials whose learning curves are shown
  Json json;

  explicit PageData(const RunFiles& files) : run(files), summary(summarize(files)) {
    std::vector<int> kept;
    for (std::size_t i = 0; i < summary.kept.size(); ++i)
      if (summary.kept[i]) kept.push_back(static_cast<int>(i));
    listed = listed_trials(run.journal.trials.size(), kept);
    choose_curves(kept);
    json = {{"measure", to_string(summary.measure)},
            {"cost", summary.counts_epochs ? "epochs" : "evaluations"},
            {"stages", stage_names()},
            {"trials", columns()},
            {"kept", kept},
            {"front", summary.front},
            {"segments", segments()},
            {"anytime", pairs(summary.curve)},
            {"baseline", baseline()},
            {"curves", curve_values()},
            {"roc", roc()}};
    pack_networks();
  }

  const TrialRecord& trial(int number) const {
    return run.journal.trials[static_cast<std::size_t>(number)];
  }

  bool was_kept(int number) const { return summary.kept[static_cast<std::size_t>(number)]; }

 private:
  static constexpr std::size_t kCurves = 12;

  /// Null, where there is no number.
  static Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

  static Json pairs(const std::vector<BestSoFar>& curve) {
    Json list = Json::array();
    for (const BestSoFar& best : curve) list.push_back({best.cost, best.percent});
    return list;
  }

  std::size_t stage_place(const std::string& stage) const {
    for (std::size_t i = 0; i < summary.stages.size(); ++i)
      if (summary.stages[i].name == stage) return i;
    return summary.stages.size();
  }

  Json stage_names() const {
    Json names = Json::array();
    for (const StageCost& stage : summary.stages) names.push_back(stage.name);
    return names;
  }

  Json columns() const {
    Json numbers = Json::array(), stages = Json::array(), accuracies = Json::array(),
         parameters = Json::array(), cost = Json::array(), thresholds = Json::array();
    for (const int at : listed) {
      const TrialRecord& record = trial(at);
      const auto size = parameters_of(run, record);
      numbers.push_back(at);
      stages.push_back(stage_place(record.stage));
      accuracies.push_back(
          counts(record, summary.measure) ? number(record.outcome.accuracy.percent()) : Json());
      parameters.push_back(size ? Json(*size) : Json());
      cost.push_back(summary.cost[static_cast<std::size_t>(at)]);
      thresholds.push_back(number(summary.threshold[static_cast<std::size_t>(at)]));
    }
    return {{"number", numbers},        {"stage", stages}, {"accuracy", accuracies},
            {"parameters", parameters}, {"cost", cost},    {"threshold", thresholds}};
  }

  Json segments() const {
    Json list = Json::array();
    for (const Segment& segment : summary.segments)
      list.push_back({stage_place(segment.stage), segment.from, segment.to});
    return list;
  }

  Json baseline() const {
    if (!summary.baseline) return nullptr;
    return {{"cost", summary.baseline->cost}, {"curve", pairs(summary.baseline->curve)}};
  }

  /// Of what was kept, the first and the last; without curves none.
  void choose_curves(const std::vector<int>& kept) {
    for (const int number : kept)
      if (!trial(number).outcome.curve.empty()) curves.push_back(number);
    if (curves.size() > kCurves)
      curves.erase(curves.begin() + 1, curves.end() - static_cast<std::ptrdiff_t>(kCurves - 1));
  }

  Json curve_values() const {
    Json list = Json::array();
    for (const int at : curves) {
      const TrialRecord& record = trial(at);
      Json values = Json::array();
      for (const std::int32_t correct : record.outcome.curve)
        values.push_back(Accuracy{correct, record.outcome.accuracy.total}.percent());
      list.push_back({{"name", std::to_string(at) + " " + record.stage},
                      {"from", record.fidelity.resumed + 1},
                      {"values", values}});
    }
    return list;
  }

  /// Points (FAR, TAR) in percent where any different persons are accepted: the axis is
  /// logarithmic.
  Json roc() const {
    Json list = Json::array();
    if (!run.verification.is_object() || !run.verification.contains("roc")) return list;
    for (const auto& point : run.verification.at("roc"))
      if (point.is_array() && point.size() == 2 && point[0].is_number() && point[1].is_number() &&
          point[0].get<double>() > 0)
        list.push_back({100 * point[0].get<double>(), 100 * point[1].get<double>()});
    return list;
  }

  void pack_networks() {
    NetworkPacker packer;
    Json networks = Json::array();
    for (const int at : listed) {
      const std::string& architecture = trial(at).architecture;
      const DrawnNetwork* network = run.networks.find(architecture);
      if (!network || !places.emplace(architecture, networks.size()).second) continue;
      networks.push_back(packer.pack(*network)[2]);
    }
    json["networks"] = std::move(networks);
    json["colours"] = packer.colours();
  }
};

}  // namespace nascent::detail
