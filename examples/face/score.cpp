// Error rates of face recognition from scores, by the protocols that papers print.
//
//   score --scores FILE --metric eer|auc|tar_at_far|roc|cmc|tenfold|scores [--far F] [--rule RULE]
//   [--json]
//
// FILE is a table of lines `label,score` (label 1 = one person), or safetensors of embeddings of
// pairs, of a gallery and probes, or of templates. docs/faces.md says what the numbers mean.
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
#include <nascent/face/template_tensors.hpp>
#include <nascent/face/ten_fold.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../program.hpp"
#include "reports.hpp"

namespace {

using namespace nascent;

struct Arguments {
  std::string scores, metric = "eer", rule = "at_most";
  std::vector<double> far{0.1, 0.01, 0.001, 0.0001};
  bool json = false;
};

/// What a file holds: one of the four forms.
class Scores {
 public:
  explicit Scores(const std::filesystem::path& path) : name_(path.string()) {
    if (path.extension() != ".safetensors") {
      table_ = read_scores(path);
      scored_ = table_.comparisons;
      return;
    }
    const Safetensors file = Safetensors::read(path);
    if (file.contains("gallery"))
      people_ = gallery_and_probes(file);
    else if (file.contains("template"))
      score_templates(template_pairs(file));
    else
      score_pairs(embedded_pairs(file));
  }

  std::vector<Probe> probes() const {
    if (people_) return identify(people_->gallery, people_->probes);
    if (table_.name.empty())
      throw DataError(name_ + " holds no gallery and probes, which ranks need; give those");
    return table_.by_probe();
  }

  /// Cosines of pairs and of templates; of a gallery and probes, all with all.
  std::vector<ScoredPair> scored() const {
    if (!answered_)
      throw DataError(name_ +
                      " does not say which comparisons are of one person; add a tensor 'issame' "
                      "(U8), or ask for --metric scores");
    if (!people_) return scored_;
    std::vector<ScoredPair> all;
    for (const Probe& probe : probes()) {
      for (const double score : probe.mates) all.push_back({true, score});
      for (const double score : probe.non_mates) all.push_back({false, score});
    }
    return all;
  }

  Comparisons comparisons() const { return Comparisons(scored()); }

  FoldResult folds() const {
    if (people_)
      throw DataError(name_ +
                      " holds no pairs, which folds are made of; give embeddings and "
                      "issame");
    std::vector<double> distances;
    std::vector<bool> same;
    const std::vector<ScoredPair> pairs = scored();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      require_cosine(i);
      // Of unit vectors with that cosine, where there are none.
      distances.push_back(distances_.empty() ? 2 - 2 * pairs[i].score : distances_[i]);
      same.push_back(pairs[i].same);
    }
    return ten_fold(distances, same);
  }

  /// A row for each comparison.
  Json rows() const {
    Json rows = Json::array();
    const std::vector<ScoredPair> all = answered_ ? scored() : scored_;
    for (const ScoredPair& one : all) {
      Json row = Json::object();
      if (answered_) row["label"] = one.same ? 1 : 0;
      row["score"] = one.score;
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  void score_pairs(const EmbeddedPairs& pairs) {
    for (std::size_t i = 0; i < pairs.same.size(); ++i) {
      const int row = 2 * static_cast<int>(i);
      const auto first = pairs.vectors[row], second = pairs.vectors[row + 1];
      scored_.push_back({pairs.same[i], cosine(first, second)});
      distances_.push_back(unit_distance(first, second));
    }
  }

  void score_templates(const TemplatePairs& pairs) {
    answered_ = !pairs.same.empty();
    for (std::size_t i = 0; i < pairs.scores.size(); ++i)
      scored_.push_back({answered_ && pairs.same[i], pairs.scores[i]});
  }

  void require_cosine(std::size_t at) const {
    if (table_.lines.empty() || !(std::abs(scored_[at].score) > 1 + 1e-6)) return;
    fail_at_line(name_, table_.lines[at],
                 std::to_string(scored_[at].score) +
                     " is no cosine, from which folds take their distances; give scores of "
                     "-1 .. 1");
  }

  std::string name_;
  ScoreTable table_;
  std::optional<GalleryAndProbes> people_;
  std::vector<ScoredPair> scored_;
  std::vector<double> distances_;  // of embedded pairs
  bool answered_ = true;
};

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

Json report_of(const Arguments& a) {
  const Scores scores(a.scores);
  if (a.metric == "cmc") return cmc_report(scores.probes());
  if (a.metric == "tenfold") return fold_report(scores.folds());
  if (a.metric == "scores") return scores.rows();
  const Comparisons comparisons = scores.comparisons();
  if (a.metric == "auc") return {{"auc", auc(comparisons)}};
  if (a.metric == "tar_at_far") return tar_report(comparisons, a.far, a.rule);
  if (a.metric == "roc") return roc_report(comparisons);
  return eer_report(comparisons);
}

/// JSON has neither infinity, the threshold above all scores, nor nan.
std::string field_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  const bool number = value.is_number_float();
  if (number && std::isinf(value.get<double>())) return "inf";
  return number && std::isnan(value.get<double>()) ? "nan" : value.dump();
}

/// One number a line with its name; rows of a table with commas under a header.
void print(const Json& report) {
  if (report.is_array()) {
    if (report.empty()) return;
    const char* separator = "";
    for (const auto& [name, value] : report.front().items()) {
      std::printf("%s%s", separator, name.c_str());
      separator = ",";
    }
    std::printf("\n");
    for (const Json& row : report) {
      separator = "";
      for (const auto& [name, value] : row.items()) {
        std::printf("%s%s", separator, field_text(value).c_str());
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
      ->check(CLI::IsMember({"eer", "auc", "tar_at_far", "roc", "cmc", "tenfold", "scores"}))
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
