// The studies in miniature, on small parts of the real FashionMNIST: what they write must follow
// from what they ran.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "end_by.hpp"
#include "nascent/report/rank_correlation.hpp"

namespace nascent {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using Rows = std::vector<std::vector<std::string>>;

class Studies : public testing::Test {
 protected:
  static constexpr const char* kLittle =
      " --train-images 120 --held-out-images 60 --depth-min 3 --depth-max 4 --width-min 2"
      " --width-max 6 ";

  std::string command(const std::string& study, const std::string& options,
                      const std::string& directory = "run") const {
    return std::string(NASCENT_PROGRAMS "/") + study + " " + options + " --run-dir " +
           (scratch_ / directory).string() + " > " + (scratch_ / "out").string() + " 2> " +
           (scratch_ / "err").string();
  }

  /// Runs a study; what it prints must be one JSON document, that of the run directory.
  json run(const std::string& study, const std::string& more,
           const std::string& directory = "run") {
    const int status = std::system(command(study, kLittle + more + " --json", directory).c_str());
    EXPECT_EQ(WEXITSTATUS(status), 0) << read_file(scratch_ / "err");
    const json document = json::parse(read_file(scratch_ / "out"), nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << read_file(scratch_ / "out");
    EXPECT_EQ(read_file(scratch_ / directory / "study.json"), read_file(scratch_ / "out"));
    if (document.is_object()) {
      EXPECT_THAT(document.value("data_checksums", ""), HasSubstr("4b87c5a1532c77fa"));
      EXPECT_EQ(document.value("train_images", 0), 120);
      EXPECT_THAT(document.value("machine", ""), Not(testing::IsEmpty()));
    }
    return document;
  }

  /// Without the head; a field may be quoted.
  Rows csv(const std::string& file) const {
    std::istringstream lines(read_file(scratch_ / "run" / file));
    Rows rows;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      rows.emplace_back(1);
      bool quoted = false;
      for (const char c : line)
        if (c == '"')
          quoted = !quoted;
        else if (c == ',' && !quoted)
          rows.back().emplace_back();
        else
          rows.back().back() += c;
    }
    return rows;
  }

  static std::vector<double> column(const Rows& rows, std::size_t index) {
    std::vector<double> values;
    for (const auto& row : rows) values.push_back(std::stod(row.at(index)));
    return values;
  }

  /// The trials of a search's journal.
  std::vector<json> trials(const std::string& directory) const {
    std::istringstream lines(read_file(scratch_ / "run" / directory / "journal.jsonl"));
    std::vector<json> all;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) all.push_back(json::parse(line));
    EXPECT_FALSE(all.empty()) << directory;
    return all;
  }

  std::size_t looks() const {
    const std::string record = read_file(scratch_ / "run/finals.jsonl");
    return static_cast<std::size_t>(std::count(record.begin(), record.end(), '\n'));
  }

  static std::string operations(const std::string& architecture) {
    const std::size_t at = architecture.find("ops=") + 4;
    return architecture.substr(at, architecture.find(' ', at) - at);
  }

  static int width(const std::string& architecture) {
    return std::stoi(architecture.substr(architecture.find('w') + 1));
  }

  Scratch scratch_;
};

TEST_F(Studies, RankingFollowsFromTheAccuraciesThatItWrote) {
  const json study = run("study_ranking", "--batch 8 --networks 12 --epochs 3 --draws 20");
  const Rows networks = csv("networks.csv"), by_score = csv("static.csv");
  ASSERT_EQ(networks.size(), study["networks"].get<std::size_t>());
  ASSERT_GE(networks.size(), 8U);
  const std::vector<double> last = column(networks, 5);
  EXPECT_NEAR(study["accuracy"]["best"].get<double>(), std::ranges::max(last), 1e-4);
  EXPECT_NEAR(study["accuracy"]["least"].get<double>(), std::ranges::min(last), 1e-4);
  std::set<std::string> scores;
  for (const auto& row : by_score) {
    scores.insert(row[0]);
    std::vector<double> values;
    if (row[0] == "parameters") values = column(networks, 1);
    if (row[0] == "flops") values = column(networks, 2);
    if (row[0].starts_with("accuracy after "))
      values = column(networks, 2 + static_cast<std::size_t>(std::stoi(row[0].substr(15))));
    if (values.empty() || row[1].empty()) continue;
    EXPECT_NEAR(std::stod(row[1]), spearman(values, last), 1e-4) << row[0];
    EXPECT_NEAR(std::stod(row[4]), kendall(values, last), 1e-4) << row[0];
    EXPECT_LE(std::stod(row[2]), std::stod(row[3])) << row[0];
  }
  for (const char* score : {"parameters", "flops", "grad_norm", "snip", "synflow", "jacob_cov",
                            "naswot", "l2_norm", "accuracy after 1 epoch"})
    EXPECT_TRUE(scores.contains(score)) << score;
  EXPECT_EQ(csv("dynamic.csv").size(), 20U);
}

TEST_F(Studies, InitialisationStartsFromEachStartOnEachPairOfClasses) {
  const json study =
      run("study_initialisation",
          "--batch 16 --subsets 2 --epochs-start 1 --epochs-micro 1 --final-epochs 2");
  const Rows rows = csv("initialisation.csv");
  ASSERT_EQ(rows.size(), 8U);
  const std::pair<const char*, const char*> starts[] = {{"Conv-3x3", "d3 w6 ops=ccc kernels=333"},
                                                        {"Conv-7x7", "d3 w6 ops=ccc kernels=777"},
                                                        {"Sep-3x3", "d3 w6 ops=sss kernels=333"},
                                                        {"Sep-7x7", "d3 w6 ops=sss kernels=777"}};
  for (const auto& [name, start] : starts) {
    double test = 0;
    for (const auto& row : rows)
      if (row[0] == name) test += std::stod(row[5]) / 2;
    EXPECT_NEAR(study["starts"][name]["test"].get<double>(), test, 1e-3) << name;
    for (const char* subset : {"-0", "-1"})
      EXPECT_EQ(trials(name + std::string(subset)).front()["architecture"], start);
  }
  EXPECT_EQ(study["test_set_opened"], 8);
}

TEST_F(Studies, AblationLeavesOutWhatItSays) {
  run("study_ablation",
      "--batch 16 --seeds 1 --epochs-start 1 --epochs-micro 1 --final-epochs 1 --fixed-epochs 2");
  const auto stages = [](const std::vector<json>& all) {
    std::string text;
    for (const json& trial : all)
      if (!text.ends_with(trial["stage"].get<std::string>() + " "))
        text += trial["stage"].get<std::string>() + " ";
    return text;
  };
  EXPECT_EQ(stages(trials("paper/1")), "grow prune baseline replace update ");
  EXPECT_EQ(stages(trials("without-micro/1")), "grow prune ");
  EXPECT_THAT(stages(trials("prune-before-grow/1")),
              testing::StartsWith("grow prune grow baseline"));
  EXPECT_EQ(stages(trials("without-operations/1")), "grow prune baseline update ");
  for (const json& trial : trials("without-operations/1"))
    EXPECT_THAT(operations(trial["architecture"]), Not(HasSubstr("c")));
  for (const json& trial : trials("fixed-epochs/1")) EXPECT_EQ(trial["epochs"], 2);
  int baseline = 0;
  for (const json& trial : trials("without-width-compensation/1")) {
    if (trial["stage"] == "baseline") baseline = width(trial["architecture"]);
    if (baseline > 0) {
      EXPECT_EQ(width(trial["architecture"]), baseline);
    }
  }
  EXPECT_EQ(csv("values.csv").size(), 6U);
}

TEST_F(Studies, ProtocolSpendsNoMoreOnOneSearchThanOnAnother) {
  const json study =
      run("study_protocol", "--seeds 2 --epochs 14 --start-epochs 1 --final-epochs 1");
  const Rows rows = csv("runs.csv");
  ASSERT_EQ(rows.size(), 8U);
  std::set<std::string> networks;
  for (const auto& row : rows) {
    const bool joint = row[0].ends_with("joint");
    EXPECT_EQ(row[2].find("learning_rate=") != std::string::npos, joint) << row[2];
    EXPECT_LE(std::stoi(row[5]), 14) << row[0];
    EXPECT_GE(std::stoi(row[5]), 10) << row[0];
    networks.insert(row[2]);
  }
  EXPECT_EQ(study["test_set_opened"].get<std::size_t>(), networks.size());
  EXPECT_EQ(looks(), networks.size());
  EXPECT_EQ(study["comparison"]["tests"].size(), 6U);  // every pair
}

TEST_F(Studies, SubsetsAreComparedForAsManyImages) {
  const json study = run("study_subset",
                         "--batch 8 --networks 6 --epochs 4 --shares .25,.5 --seeds 2"
                         " --search-epochs 6 --candidate-epochs 1 --final-epochs 1");
  ASSERT_EQ(study["shares"].size(), 9U);  // three kinds of two shares, two trainings cut short, all
  for (const json& row : study["shares"]) {
    const double images = row["share"].get<double>() * row["epochs"].get<int>();
    EXPECT_TRUE(images == 1 || images == 2 || row == study["shares"].back()) << row;
  }
  EXPECT_EQ(study["shares"].back()["spearman"], 1.0);
  for (const auto& row : csv("searches.csv"))
    EXPECT_DOUBLE_EQ(std::stod(row[0]) * std::stod(row[5]), 6) << row[2];
  EXPECT_EQ(study["test_set_opened"].get<std::size_t>(), looks());
  const Rows rows = csv("shares.csv");
  std::vector<double> part, all;
  for (const auto& row : rows)
    if (row[0] == "stratified" && row[1] == "0.500") {
      part.push_back(std::stod(row[4]));
      all.push_back(std::stod(row[5]));
    }
  ASSERT_EQ(part.size(), 6U);
  for (const json& row : study["shares"])
    if (row["images"] == "stratified" && row["share"] == .5 && row["spearman"].is_number()) {
      EXPECT_NEAR(row["spearman"].get<double>(), spearman(part, all), 1e-9);
    }
}

TEST_F(Studies, GoOnAfterAKillToTheSameResult) {
  const std::string more = "--seeds 2 --epochs 14 --start-epochs 1 --final-epochs 1";
  const auto without_seconds = [](json study) {
    for (json& entrant : study["comparison"]["entrants"])
      for (json& one : entrant["runs"]) one.erase("seconds");
    return study;
  };
  const json whole = run("study_protocol", more, "whole");
  fs::remove(scratch_ / "err");
  ASSERT_EQ(end_by(SIGKILL, command("study_protocol", kLittle + more),
                   [&] {
                     return read_file(scratch_ / "err").find("final training") != std::string::npos;
                   }),
            128 + SIGKILL);
  EXPECT_EQ(without_seconds(run("study_protocol", more)), without_seconds(whole));
}

TEST_F(Studies, RefuseBadInputInOneLineAndWriteNothing) {
  for (const char* study : {"study_ranking", "study_initialisation", "study_ablation",
                            "study_protocol", "study_subset", "calibrate"})
    for (const auto& [more, part] : {std::pair{"--data kmnist", "--data-dir"},
                                     {"--data nowhere", "nowhere"},
                                     {"--device gpu", "gpu"},
                                     {"--depth-min 9 --depth-max 8", "depth"},
                                     {"--train-images 70000", "70000"}}) {
      const int status = std::system(command(study, more).c_str());
      const std::string error = read_file(scratch_ / "err");
      EXPECT_EQ(WEXITSTATUS(status), 2) << study << ' ' << more;
      EXPECT_THAT(error, testing::StartsWith(study));
      EXPECT_THAT(error, HasSubstr(part)) << study;
      EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << error;
      EXPECT_EQ(read_file(scratch_ / "out"), "");
      EXPECT_FALSE(fs::exists(scratch_ / "run")) << study << ' ' << more;
    }
}

}  // namespace
}  // namespace nascent
