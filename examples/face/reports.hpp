// What the programs say about protocols, as JSON.
#pragma once

#include <cstddef>
#include <cstdio>
#include <nascent/face/equal_error.hpp>
#include <nascent/face/scored_images.hpp>
#include <nascent/face/tar_at_far.hpp>
#include <nascent/face/ten_fold.hpp>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

using Json = nlohmann::ordered_json;

inline Json point_of(const nascent::OperatingPoint& point) {
  return {{"threshold", point.threshold},
          {"far", point.far()},
          {"frr", point.frr()},
          {"false_accepts", point.false_accepts},
          {"true_accepts", point.true_accepts}};
}

/// A row for each rate, by the rule of this name.
inline Json tar_report(const nascent::Comparisons& comparisons, const std::vector<double>& fars,
                       const std::string& rule) {
  Json rows = Json::array();
  for (const double far : fars) {
    const nascent::OperatingPoint point =
        nascent::tar_at_far(comparisons, far, nascent::far_rule(rule));
    Json row{{"at_far", far}, {"rule", rule}, {"tar", point.tar()}};
    row.update(point_of(point));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Accuracy by folds, and what each of them did.
inline Json fold_report(const nascent::FoldResult& result) {
  Json report{{"mean", result.mean()},
              {"std_population", result.deviation_population()},
              {"std_sample", result.deviation_sample()},
              {"standard_error", result.standard_error()},
              {"mean_threshold", result.mean_threshold()},
              {"folds", Json::array()}};
  for (const nascent::Fold& fold : result.folds)
    report["folds"].push_back({{"pairs", fold.pairs},
                               {"threshold", nascent::FoldResult::threshold_of(fold.threshold)},
                               {"train_right", fold.train_right},
                               {"right", fold.right},
                               {"accuracy", fold.accuracy()}});
  return report;
}

/// Pairs of images by their embeddings: error rates, and accuracy by folds unless there are fewer
/// pairs than those.
inline Json pair_report(const nascent::Embeddings& vectors,
                        std::span<const nascent::PairIndices> pairs, int folds,
                        const std::vector<double>& fars = {0.1, 0.01, 0.001},
                        const std::string& rule = "at_most") {
  const auto comparisons = nascent::comparisons_of(nascent::scored_pairs(vectors, pairs));
  const nascent::OperatingPoint equal = nascent::eer(comparisons);
  Json report{{"pairs", pairs.size()},
              {"same", equal.positives},
              {"different", equal.negatives},
              {"eer", equal.hter()},
              {"auc", nascent::auc(comparisons)},
              {"tar_at_far", tar_report(comparisons, fars, rule)},
              {"tenfold", nullptr}};
  if (pairs.size() < static_cast<std::size_t>(folds)) return report;
  std::vector<double> distances;
  std::vector<bool> same;
  for (const nascent::PairIndices& pair : pairs) {
    distances.push_back(nascent::unit_distance(vectors[pair.first], vectors[pair.second]));
    same.push_back(pair.same);
  }
  report["tenfold"] = fold_report(nascent::ten_fold(distances, same, folds));
  return report;
}

/// The same in words.
inline void print_pair_report(const Json& report) {
  const auto percent = [](const Json& value) { return 100 * value.get<double>(); };
  std::printf("%lld pairs, %lld of one person\n", report.at("pairs").get<long long>(),
              report.at("same").get<long long>());
  const Json& folds = report.at("tenfold");
  if (folds.is_null())
    std::printf("there are fewer pairs than folds, so there is no accuracy by folds\n");
  else
    std::printf("accuracy %.2f %%, standard deviation %.2f, of %zu folds\n",
                percent(folds.at("mean")), percent(folds.at("std_population")),
                folds.at("folds").size());
  std::printf("EER %.2f %%\nAUC %.4f\n", percent(report.at("eer")), report.at("auc").get<double>());
  for (const Json& row : report.at("tar_at_far"))
    std::printf("TAR %.2f %% at FAR %g %% (%s)\n", percent(row.at("tar")),
                percent(row.at("at_far")), row.at("rule").get<std::string>().c_str());
}
