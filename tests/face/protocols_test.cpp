// Expected numbers: tests/data/face/expected.json, whose sources its README names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/face/acquisition.hpp"
#include "nascent/face/equal_error.hpp"
#include "nascent/face/rate_threshold.hpp"
#include "nascent/face/score_table.hpp"
#include "nascent/face/score_tensors.hpp"
#include "nascent/face/tar_at_far.hpp"
#include "nascent/face/template_tensors.hpp"
#include "nascent/face/templates.hpp"
#include "nascent/face/ten_fold.hpp"

namespace nascent {
namespace {

using Json = nlohmann::json;
constexpr double kExact = 1e-12;

const std::string kFolder = NASCENT_TEST_DATA "/face/";

Json expected(const std::string& part) {
  return Json::parse(read_file(kFolder + "expected.json")).at(part);
}

Comparisons scores(const std::string& file) {
  return Comparisons(read_scores(kFolder + file).comparisons);
}

Comparisons of(const std::vector<double>& negatives, const std::vector<double>& positives) {
  std::vector<ScoredPair> all;
  for (const double score : negatives) all.push_back({false, score});
  for (const double score : positives) all.push_back({true, score});
  return Comparisons(all);
}

/// What every set of scores has: errors, areas and thresholds.
void expect_rates(const Comparisons& comparisons, const Json& wanted) {
  EXPECT_EQ(eer(comparisons).negatives, wanted["negatives"]);
  EXPECT_EQ(eer(comparisons).positives, wanted["positives"]);
  EXPECT_NEAR(eer(comparisons).far(), wanted["eer"]["far"].get<double>(), kExact);
  EXPECT_NEAR(eer(comparisons).frr(), wanted["eer"]["frr"].get<double>(), kExact);
  EXPECT_NEAR(eer(comparisons).hter(), wanted["eer"]["eer"].get<double>(), kExact);
  EXPECT_NEAR(eer_interpolated(comparisons), wanted["eer_interpolated"].get<double>(), kExact);
  EXPECT_NEAR(min_hter(comparisons).hter(), wanted["min_hter"]["hter"].get<double>(), kExact);
  EXPECT_NEAR(auc(comparisons), wanted["auc"].get<double>(), kExact);
  for (const auto& [rate, point] : wanted["far_threshold"].items()) {
    const double threshold = far_threshold(comparisons, std::stod(rate));
    EXPECT_EQ(threshold, point["threshold"]) << rate;
    EXPECT_NEAR(comparisons.at(threshold).far(), point["far"].get<double>(), kExact) << rate;
    EXPECT_NEAR(comparisons.at(threshold).frr(), point["frr"].get<double>(), kExact) << rate;
  }
  for (const auto& [rate, point] : wanted["frr_threshold"].items()) {
    const double threshold = frr_threshold(comparisons, std::stod(rate));
    EXPECT_EQ(threshold, point["threshold"]) << rate;
    EXPECT_NEAR(comparisons.at(threshold).far(), point["far"].get<double>(), kExact) << rate;
    EXPECT_NEAR(comparisons.at(threshold).frr(), point["frr"].get<double>(), kExact) << rate;
  }
}

TEST(Verification, HasTheErrorsThatBobComputesOfSeparableAndOtherScores) {
  for (const std::string name : {"linsep", "nonsep"})
    expect_rates(scores(name + ".csv"), expected(name)["computed_with_bob"]);
}

TEST(Verification, HasTheErrorsOfTwentyThousandSyntheticScores) {
  const Comparisons all = scores("synthetic.csv");
  EXPECT_EQ(all.distinct_scores().size(), expected("synthetic")["distinct_scores"]);
  expect_rates(all, expected("synthetic"));
}

TEST(Verification, HasTheRatesPrecisionsAndFScoresOfBobsTests) {
  const Json wanted = expected("linsep")["expected_in_upstream_tests"];
  const Comparisons all = scores("linsep.csv");
  EXPECT_NEAR(eer(all).threshold, wanted["eer_threshold"].get<double>(), kExact);
  EXPECT_NEAR(min_hter(all).threshold, wanted["min_hter_threshold"].get<double>(), kExact);
  const auto point = [&](const std::string& name) {
    const auto distinct = all.distinct_scores();
    if (name.starts_with("min")) return all.at(distinct.front() - 0.1);
    if (name.starts_with("max")) return all.at(distinct.back() + 0.1);
    return all.at(3.0);
  };
  for (const auto& [name, rates] : wanted["far_frr_at"].items()) {
    EXPECT_EQ(point(name).far(), rates[0]) << name;
    EXPECT_EQ(point(name).frr(), rates[1]) << name;
  }
  for (const auto& [name, rates] : wanted["precision_recall_at"].items()) {
    EXPECT_EQ(point(name).precision(), rates[0]) << name;
    EXPECT_EQ(point(name).tar(), rates[1]) << name;
  }
  for (const auto& [name, score] : wanted["f_score_at"].items())
    EXPECT_NEAR(point(name).f_score(name.ends_with("weight 2") ? 2 : 1), score.get<double>(), 1e-8)
        << name;
}

TEST(Verification, HasThePointsOfBobsCurves) {
  const Comparisons all = scores("nonsep.csv");
  const Json wanted = expected("nonsep")["expected_in_upstream_tests"]["roc_for_far"];
  for (std::size_t i = 0; i < wanted["requested"].size(); ++i) {
    const OperatingPoint point = all.at(far_threshold(all, wanted["requested"][i].get<double>()));
    EXPECT_NEAR(point.far(), wanted["far"][i].get<double>(), kExact);
    EXPECT_NEAR(point.frr(), wanted["frr"][i].get<double>(), kExact);
  }
  const std::string text = read_file(kFolder + "nonsep-roc.csv");
  for (const TextLine& line : lines_of(text)) {
    const auto fields = line_fields(line.text, ',');
    const auto threshold = parsed_number<double>(fields[0]);
    if (!threshold) continue;  // the header
    EXPECT_NEAR(all.at(*threshold).far(), *parsed_number<double>(fields[1]), kExact) << line.number;
    EXPECT_NEAR(all.at(*threshold).frr(), *parsed_number<double>(fields[2]), kExact) << line.number;
  }
  const std::string exact = read_file(kFolder + "nonsep-roc-exact.csv");
  const auto lines = lines_of(exact);
  const auto points = roc(all);
  ASSERT_EQ(points.size() + 1, lines.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto fields = line_fields(lines[i + 1].text, ',');
    EXPECT_EQ(points[i].threshold, *parsed_number<double>(fields[0]));
    EXPECT_EQ(points[i].false_accepts, *parsed_number<int>(fields[1]));
    EXPECT_EQ(points[i].false_rejects(), *parsed_number<int>(fields[2]));
  }
}

TEST(Verification, AcceptsByThreeRulesThatDiffer) {
  const Comparisons all = scores("synthetic.csv");
  const Json wanted = expected("synthetic")["tar_at_far"];
  for (const auto& [rate, rules] : wanted.items()) {
    const double far = std::stod(rate);
    const OperatingPoint most = tar_at_far(all, far, FarRule::at_most);
    EXPECT_EQ(most.true_accepts, rules["at_most"]["true_accepts"]) << rate;
    EXPECT_EQ(most.false_accepts, rules["at_most"]["false_accepts"]) << rate;
    const OperatingPoint nearest = tar_at_far(all, far, FarRule::nearest);
    EXPECT_NEAR(nearest.tar(), rules["nearest"]["tar"].get<double>(), kExact) << rate;
    EXPECT_NEAR(nearest.far(), rules["nearest"]["far"].get<double>(), kExact) << rate;
    const OperatingPoint on_one = tar_at_far(all, far, FarRule::threshold_on_a_negative);
    const Json& rule = rules["threshold_on_a_negative"];
    EXPECT_NEAR(on_one.tar(), rule["tar"].get<double>(), kExact) << rate;
    EXPECT_EQ(on_one.threshold, rule["threshold"]) << rate;
  }
}

TEST(Verification, FindsThresholdsAmongRepeatedScores) {
  const Json wanted = expected("hard_thresholds")[0];
  const Comparisons all = of(wanted["negatives"].get<std::vector<double>>(),
                             wanted["positives"].get<std::vector<double>>());
  for (const auto& [rate, threshold] : wanted["far_threshold"].items())
    EXPECT_EQ(far_threshold(all, std::stod(rate)), threshold) << rate;
  for (const auto& [rate, threshold] : wanted["frr_threshold"].items())
    EXPECT_EQ(frr_threshold(all, std::stod(rate)), threshold) << rate;
}

TEST(Verification, CountsWhatCouldNotBeScored) {
  const Json wanted = expected("dev-1 then test-1");
  const double threshold = eer(scores("dev-1.csv")).threshold;
  EXPECT_EQ(threshold, wanted["threshold"]);
  for (const std::string name : {"dev-1", "test-1"}) {
    const AcquisitionRates rates = acquisition_rates(scores(name + ".csv"), threshold);
    const Json& of_file = wanted[name];
    EXPECT_EQ(rates.valid.negatives, of_file["valid_negatives"]);
    EXPECT_EQ(rates.valid.positives, of_file["valid_positives"]);
    EXPECT_EQ(rates.valid.false_accepts, of_file["false_matches"]);
    EXPECT_EQ(rates.valid.false_rejects(), of_file["false_non_matches"]);
    EXPECT_NEAR(rates.failure_to_acquire, of_file["fta"].get<double>(), kExact);
    EXPECT_NEAR(rates.false_match_rate(), of_file["fmr"].get<double>(), kExact);
    EXPECT_NEAR(rates.false_non_match_rate(), of_file["fnmr"].get<double>(), kExact);
    EXPECT_NEAR(rates.false_accept_rate(), of_file["far"].get<double>(), kExact);
    EXPECT_NEAR(rates.false_reject_rate(), of_file["frr"].get<double>(), kExact);
    EXPECT_NEAR(rates.half_total_error(), of_file["hter"].get<double>(), kExact);
  }
}

TEST(Verification, NeedsScoresOfBothKinds) {
  EXPECT_THAT(message_of([] { eer(of({}, {1})); }), testing::HasSubstr("of different persons"));
  EXPECT_THAT(message_of([] { auc(of({1}, {})); }), testing::HasSubstr("of one person"));
}

std::vector<Probe> probes_of(const Json& given) {
  std::vector<Probe> probes;
  for (const Json& probe : given)
    probes.push_back({probe["positives"].is_null() ? std::vector<double>{}
                                                   : probe["positives"].get<std::vector<double>>(),
                      probe["negatives"].get<std::vector<double>>()});
  return probes;
}

TEST(Identification, HasTheRanksOfASmallGallery) {
  const Json wanted = expected("cmc_small");
  const auto probes = probes_of(wanted["probes"]);
  EXPECT_EQ(cmc(probes), wanted["cmc"].get<std::vector<double>>());
  EXPECT_EQ(recognition_rate(probes), wanted["recognition_rate"]);
}

TEST(Identification, NoticesStrangersInAnOpenSet) {
  for (const Json& wanted : expected("open_set")) {
    const auto probes = probes_of(wanted["probes"]);
    const double threshold = wanted["threshold"];
    EXPECT_EQ(detection_identification_rate(probes, threshold),
              wanted["detection_identification_rate"]);
    EXPECT_EQ(false_alarm_rate(probes, threshold), wanted["false_alarm_rate"]);
    EXPECT_NEAR(recognition_rate(probes), wanted["recognition_rate_no_threshold"].get<double>(),
                kExact);
    EXPECT_EQ(recognition_rate(probes, threshold), wanted["recognition_rate_with_threshold"]);
  }
}

TEST(Identification, FindsProbesAmongDistractors) {
  const Json wanted = expected("identification");
  const auto both = gallery_and_probes(Safetensors::read(kFolder + "identification.safetensors"));
  const auto curve = cmc(identify(both.gallery, both.probes));
  for (const auto& [k, share] : wanted["rank"].items())
    EXPECT_NEAR(rank_k(curve, std::stoi(k)), share.get<double>(), kExact) << k;
  for (std::size_t k = 0; k < 20; ++k)
    EXPECT_NEAR(curve[k], wanted["cmc_1_to_20"][k].get<double>(), kExact) << k + 1;
}

TEST(TenFold, TakesEachThresholdFromTheOtherFolds) {
  const Json wanted = expected("tenfold");
  const EmbeddedPairs pairs = embedded_pairs(Safetensors::read(kFolder + "tenfold.safetensors"));
  std::vector<double> distances;
  for (int i = 0; i < pairs.vectors.size(); i += 2)
    distances.push_back(unit_distance(pairs.vectors[i], pairs.vectors[i + 1]));
  EXPECT_NEAR(*std::ranges::min_element(distances), wanted["distances"]["min"].get<double>(), 1e-6);
  const FoldResult result = ten_fold(distances, pairs.same);
  ASSERT_EQ(result.folds.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    const Fold& fold = result.folds[i];
    const Json& of_fold = wanted["folds"][i];
    EXPECT_EQ(fold.pairs, of_fold["pairs"]);
    EXPECT_EQ(fold.threshold, of_fold["threshold_index"]);
    EXPECT_EQ(fold.train_right, of_fold["train_right"]);
    EXPECT_EQ(fold.right, of_fold["right"]);
    EXPECT_NEAR(fold.accuracy(), of_fold["accuracy"].get<double>(), kExact);
  }
  EXPECT_NEAR(result.mean(), wanted["mean"].get<double>(), kExact);
  EXPECT_NEAR(result.deviation_population(), wanted["std_population"].get<double>(), kExact);
  EXPECT_NEAR(result.deviation_sample(), wanted["std_sample"].get<double>(), kExact);
  EXPECT_NEAR(result.standard_error(), wanted["standard_error"].get<double>(), kExact);
  EXPECT_NEAR(result.mean_threshold(), wanted["mean_threshold"].get<double>(), kExact);
  const std::string text = read_file(kFolder + "tenfold-roc.csv");
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 401u);
  for (std::size_t t = 0; t < 400; ++t) {
    const auto fields = line_fields(lines[t + 1].text, ',');
    EXPECT_NEAR(result.roc[t].tpr, *parsed_number<double>(fields[1]), kExact) << t;
    EXPECT_NEAR(result.roc[t].fpr, *parsed_number<double>(fields[2]), kExact) << t;
  }
}

TEST(TenFold, GivesTheFirstFoldsOnePairMore) {
  const std::vector<double> distances(23, 1.0);
  const FoldResult result = ten_fold(distances, std::vector<bool>(23, true));
  EXPECT_EQ(result.folds[2].pairs, 3);
  EXPECT_EQ(result.folds[3].pairs, 2);
}

TEST(Templates, FuseMirrorImagesAndMedia) {
  const Safetensors file = Safetensors::read(kFolder + "fusion.safetensors");
  const auto embeddings = file.values<float>("embeddings"), norms = file.values<float>("norms");
  const auto fused = file.values<float>("fused"), lengths = file.values<float>("fused_norm");
  const auto features = file.values<float>("features");
  const auto ids = file.values<std::int64_t>("template"),
             media = file.values<std::int64_t>("media");
  std::vector<TemplateImage> images;
  for (std::size_t i = 0; i < 48; ++i) {
    const std::span all(embeddings);
    const FusedFace face =
        fuse(all.subspan(i * 32, 32), norms[i], all.subspan((48 + i) * 32, 32), norms[48 + i]);
    EXPECT_NEAR(face.norm, lengths[i], 1e-5f * lengths[i]);
    for (std::size_t k = 0; k < 32; ++k) EXPECT_NEAR(face.vector[k], fused[i * 32 + k], 1e-6f);
    images.push_back({ids[i], media[i], std::span(features).subspan(i * 32, 32)});
  }
  const auto templates = template_vectors(images);
  const auto wanted = file.values<double>("template_features");
  const auto numbers = file.values<std::int64_t>("template_ids");
  for (std::size_t t = 0; t < numbers.size(); ++t)
    for (std::size_t k = 0; k < 32; ++k)
      EXPECT_NEAR(templates.at(numbers[t])[k], wanted[t * 32 + k], 1e-6);
  const auto first = file.values<std::int64_t>("pair_first"),
             second = file.values<std::int64_t>("pair_second");
  const auto products = file.values<double>("pair_score");
  for (std::size_t i = 0; i < products.size(); ++i)
    EXPECT_NEAR(dot(std::span(templates.at(first[i])), std::span(templates.at(second[i]))),
                products[i], 1e-6);
}

TEST(Templates, AreComparedFromAFileByTheirFeaturesOrByImagesAndMirrorImages) {
  Safetensors file = Safetensors::read(kFolder + "fusion.safetensors");
  const auto wanted = file.values<double>("pair_score");
  const TemplatePairs by_features = template_pairs(file);
  Safetensors without;
  for (const auto& [name, tensor] : file.tensors())
    if (name == "embeddings" || name == "norms")
      without.add<float>(name, tensor.shape, file.values<float>(name));
    else if (tensor.dtype == "I64")
      without.add<std::int64_t>(name, tensor.shape, file.values<std::int64_t>(name));
  const TemplatePairs by_images = template_pairs(without);
  ASSERT_EQ(by_features.scores.size(), wanted.size());
  ASSERT_EQ(by_images.scores.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(by_features.scores[i], wanted[i], 1e-6);
    EXPECT_NEAR(by_images.scores[i], wanted[i], 1e-6);
  }
  EXPECT_TRUE(by_features.same.empty());
  const std::vector<std::uint8_t> same(wanted.size(), 1);
  file.add<std::uint8_t>("issame", {std::ssize(same)}, same);
  EXPECT_EQ(template_pairs(file).same, std::vector<bool>(wanted.size(), true));
  const std::vector<std::int64_t> strangers(wanted.size(), 12345);
  file.add<std::int64_t>("pair_second", {std::ssize(strangers)}, strangers);
  EXPECT_THAT(message_of<DataError>([&] { template_pairs(file); }),
              testing::HasSubstr("the template 12345, which has no image"));
}

TEST(ScoreTable, TakesAHeaderInAnyOrderBlankLinesAndCrlf) {
  const ScoreTable table = parse_scores("score,probe,label\r\n\r\n0.5,a,1\r\nNaN,a,0\r\n", "t");
  ASSERT_EQ(table.comparisons.size(), 2u);
  EXPECT_TRUE(table.comparisons[0].same);
  EXPECT_EQ(table.comparisons[0].score, 0.5);
  EXPECT_TRUE(std::isnan(table.comparisons[1].score));
  EXPECT_EQ(table.by_probe().size(), 1u);
}

TEST(ScoreTable, NamesTheLineThatIsBroken) {
  const auto complaint = [](const std::string& text) {
    return message_of<DataError>([&] { parse_scores(text, "t.csv"); });
  };
  EXPECT_THAT(complaint("0,1\n\n1\n"), testing::HasSubstr("t.csv, line 3: '1' has 1 fields"));
  EXPECT_THAT(complaint("label,score\n2,0.5\n"),
              testing::HasSubstr("t.csv, line 2: '2' is no label"));
  EXPECT_THAT(complaint("1,high\n"), testing::HasSubstr("t.csv, line 1: 'high' is no score"));
  EXPECT_THAT(complaint("a,b\n"), testing::HasSubstr("t.csv, line 1"));
  EXPECT_THAT(complaint(""), testing::HasSubstr("holds no comparison"));
}

}  // namespace
}  // namespace nascent
