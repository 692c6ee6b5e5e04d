// Error rates of face recognition from scores, by the protocols that papers print.
//
//   score --scores FILE --metric eer|auc|tar_at_far|roc|cmc|tenfold [--far F] [--rule RULE]
//   [--json]
//
// FILE is a table of lines `label,score` (label 1 = one person), or safetensors of embeddings of
// pairs or of a gallery and probes. docs/faces.md says what the numbers mean.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <nascent/data/safetensors.hpp>
#include <nascent/face/acquisition.hpp>
#include <nascent/face/equal_error.hpp>
#include <nascent/face/score_table.hpp>
#include <nascent/face/score_tensors.hpp>
#include <nascent/face/tar_at_far.hpp>
#include <nascent/face/ten_fold.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string scores, metric = "eer", rule = "at_most";
  std::vector<double> far{0.1, 0.01, 0.001, 0.0001};
  bool json = false;
};

/// What a file holds: one of the three forms.
struct Scores {
  ScoreTable table;
  EmbeddedPairs pairs;
  GalleryAndProbes people;
  enum { kTable, kPairs, kPeople } form = kTable;

  explicit Scores(const std::filesystem::path& path) {
    if (path.extension() != ".safetensors") {
      table = read_scores(path);
      return;
    }
    const Safetensors file = Safetensors::read(path);
    form = file.contains("gallery") ? kPeople : kPairs;
    if (form == kPeople)
      people = gallery_and_probes(file);
    else
      pairs = embedded_pairs(file);
    table.name = path.string();
  }

  std::vector<Probe> probes() const {
    return form == kPeople ? identify(people.gallery, people.probes) : table.by_probe();
  }

  /// Cosines of pairs; of a gallery and probes, all with all.
  Comparisons comparisons() const {
    if (form == kTable) return Comparisons(table.comparisons);
    std::vector<ScoredPair> all;
    for (std::size_t i = 0; i < pairs.same.size(); ++i) {
      const int row = 2 * static_cast<int>(i);
      all.push_back({pairs.same[i], cosine(pairs.vectors[row], pairs.vectors[row + 1])});
    }
    if (form == kPeople)
      for (const Probe& probe : probes()) {
        for (const double score : probe.mates) all.push_back({true, score});
        for (const double score : probe.non_mates) all.push_back({false, score});
      }
    return Comparisons(all);
  }

  FoldResult folds() const {
    std::vector<double> distances;
    std::vector<bool> same;
    if (form == kPeople)
      throw DataError(table.name +
                      " holds no pairs, which folds are made of; give embeddings and "
                      "issame");
    for (std::size_t i = 0; i < pairs.same.size(); ++i) {
      const int row = 2 * static_cast<int>(i);
      distances.push_back(unit_distance(pairs.vectors[row], pairs.vectors[row + 1]));
      same.push_back(pairs.same[i]);
    }
    for (std::size_t i = 0; i < table.comparisons.size(); ++i) {
      const double score = table.comparisons[i].score;
      if (std::abs(score) > 1 + 1e-6)
        fail_at_line(table.name, table.lines[i],
                     std::to_string(score) +
                         " is no cosine, from which folds take their distances; give scores of "
                         "-1 .. 1");
      distances.push_back(2 - 2 * score);  // of unit vectors with that cosine
      same.push_back(table.comparisons[i].same);
    }
    return ten_fold(distances, same);
  }
};

Json point_of(const OperatingPoint& point) {
  return {{"threshold", point.threshold},
          {"far", point.far()},
          {"frr", point.frr()},
          {"false_accepts", point.false_accepts},
          {"true_accepts", point.true_accepts}};
}

Json eer_report(const Comparisons& comparisons) {
  const OperatingPoint equal = eer(comparisons), least = min_hter(comparisons);
  const AcquisitionRates rates = acquisition_rates(comparisons, equal.threshold);
  return {{"eer", equal.hter()},
          {"threshold", equal.threshold},
          {"far", equal.far()},
          {"frr", equal.frr()},
          {"eer_interpolated", eer_interpolated(comparisons)},
          {"min_hter", least.hter()},
          {"min_hter_threshold", least.threshold},
          {"negatives", equal.negatives},
          {"positives", equal.positives},
          {"without_score", comparisons.failed_negatives() + comparisons.failed_positives()},
          {"fta", rates.failure_to_acquire},
          {"far_with_fta", rates.false_accept_rate()},
          {"frr_with_fta", rates.false_reject_rate()}};
}

Json tar_report(const Comparisons& comparisons, const Arguments& a) {
  Json rows = Json::array();
  for (const double far : a.far) {
    const OperatingPoint point = tar_at_far(comparisons, far, far_rule(a.rule));
    Json row{{"at_far", far}, {"rule", a.rule}, {"tar", point.tar()}};
    row.update(point_of(point));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json roc_report(const Comparisons& comparisons) {
  Json rows = Json::array();
  for (const OperatingPoint& point : roc(comparisons)) rows.push_back(point_of(point));
  return rows;
}

Json cmc_report(const std::vector<Probe>& probes) {
  const std::vector<double> curve = cmc(probes);
  const auto mates = std::ranges::count_if(probes, [](const Probe& p) { return p.has_mate(); });
  Json report{{"probes", probes.size()}, {"probes_with_a_mate", mates}};
  for (const int k : {1, 5, 20}) report["rank_" + std::to_string(k)] = rank_k(curve, k);
  report["cmc"] = curve;
  return report;
}

Json fold_report(const FoldResult& result) {
  Json report{{"mean", result.mean()},
              {"std_population", result.deviation_population()},
              {"std_sample", result.deviation_sample()},
              {"standard_error", result.standard_error()},
              {"mean_threshold", result.mean_threshold()},
              {"folds", Json::array()}};
  for (const Fold& fold : result.folds)
    report["folds"].push_back({{"pairs", fold.pairs},
                               {"threshold", FoldResult::threshold_of(fold.threshold)},
                               {"train_right", fold.train_right},
                               {"right", fold.right},
                               {"accuracy", fold.accuracy()}});
  return report;
}

Json report_of(const Arguments& a) {
  const Scores scores(a.scores);
  if (a.metric == "cmc") return cmc_report(scores.probes());
  if (a.metric == "tenfold") return fold_report(scores.folds());
  const Comparisons comparisons = scores.comparisons();
  if (a.metric == "auc") return {{"auc", auc(comparisons)}};
  if (a.metric == "tar_at_far") return tar_report(comparisons, a);
  if (a.metric == "roc") return roc_report(comparisons);
  return eer_report(comparisons);
}

/// One number a line with its name; rows of a table with commas under a header.
void print(const Json& report) {
  if (report.is_array()) {
    const char* separator = "";
    for (const auto& [name, value] : report.front().items()) {
      std::printf("%s%s", separator, name.c_str());
      separator = ",";
    }
    std::printf("\n");
    for (const Json& row : report) {
      separator = "";
      for (const auto& [name, value] : row.items()) {
        const bool above_all = value.is_number_float() && std::isinf(value.get<double>());
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        std::printf("%s%s", separator, above_all ? "inf" : text.c_str());
        separator = ",";
      }
      std::printf("\n");
    }
    return;
  }
  for (const auto& [name, value] : report.items())
    if (value.is_array() && !value.empty() && value.front().is_object())
      print(value);
    else
      std::printf("%s %s\n", name.c_str(), value.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures scores of face recognition by the protocols that papers print."};
  Arguments a;
  app.add_option("--scores", a.scores, "table of label,score, or .safetensors of embeddings")
      ->required();
  app.add_option("--metric", a.metric, "what is measured")
      ->check(CLI::IsMember({"eer", "auc", "tar_at_far", "roc", "cmc", "tenfold"}))
      ->capture_default_str();
  app.add_option("--far", a.far, "false accept rates of tar_at_far; may be repeated")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--rule", a.rule, "which threshold stands for such a rate")
      ->check(CLI::IsMember({"at_most", "nearest", "threshold_on_a_negative"}))
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    const Json report = report_of(a);
    if (a.json)
      std::printf("%s\n", report.dump(2).c_str());
    else
      print(report);
    return 0;
  });
}
