// The main program, run as a user runs it, on small parts of the real FashionMNIST.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "end_by.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Finished {
  int status = -1;
  std::string out, err;
};

class SearchImages : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "nascent-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A search of some seconds: every phase, few images.
  static constexpr const char* kSmall =
      " --setting demo --train-images 160 --held-out-images 100 --depth-min 3 --depth-max 4"
      " --width-min 2 --width-max 4 --epochs-start 1 --final-epochs 2";

  std::string command(const std::string& arguments) const {
    return std::string(NASCENT_PROGRAMS "/search_images ") + arguments + " > " +
           (folder_ / "out").string() + " 2> " + (folder_ / "err").string();
  }

  Finished run(const std::string& arguments) const {
    const int status = std::system(command(arguments).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(folder_ / "out"),
            read(folder_ / "err")};
  }

  /// Refused with exit code 2 and one line that holds `part`.
  void expect_refusal(const std::string& arguments, const std::string& part) const {
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.status, 2) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_EQ(finished.err.find('\n') + 1, finished.err.size()) << finished.err;
    EXPECT_EQ(finished.out, "");
  }

  /// The journal's lines without the field that holds a time.
  static std::vector<json> journal(const fs::path& directory) {
    std::ifstream file(directory / "journal.jsonl");
    std::vector<json> lines;
    for (std::string line; std::getline(file, line);) {
      lines.push_back(json::parse(line));
      lines.back().erase("seconds");
    }
    return lines;
  }

  std::string in(const char* name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(SearchImages, EndsWithTheFoundNetworkBesideTheStartAndRandomSearchAtEqualCost) {
  const Finished finished =
      run(std::string(kSmall) + " --json --seeds 2 --baseline 3 --run-dir " + in("run"));
  ASSERT_EQ(finished.status, 0) << finished.err;
  const json result = json::parse(finished.out);
  EXPECT_EQ(result, json::parse(read(folder_ / "run/result.json")));
  EXPECT_EQ(result["signal"], "held-out");
  EXPECT_EQ(result["stopped"], "");
  EXPECT_EQ(result["start"]["architecture"], "d3 w4 ops=sss kernels=333");
  EXPECT_LE(result["random_cost"]["epochs"], result["cost"]["epochs"]);
  for (const char* name : {"found", "start", "random"}) {
    EXPECT_GT(result[name]["parameters"], 0);
    EXPECT_GT(result[name]["macs"], 0);
    EXPECT_EQ(result[name]["final_test"].size(), 2U);
    EXPECT_EQ(result[name]["final_held_out"].size(), 2U);
  }
  EXPECT_EQ(result["test_set_opened"], 9);  // three networks with two seeds, three with one
  const json& baseline = result["baseline"];
  ASSERT_EQ(baseline["networks"].size(), 3U);
  ASSERT_EQ(baseline["final_test"].size(), 3U);
  double random = 0, found = 0;
  for (const json& accuracy : baseline["final_test"]) random += accuracy.get<double>() / 3;
  for (const json& accuracy : result["found"]["final_test"]) found += accuracy.get<double>() / 2;
  EXPECT_NEAR(baseline["ri_test"]["mean"]["value"], 100 * (found - random) / random, 1e-9);
  const double best = *std::ranges::max_element(
      baseline["final_test"].get_ref<const json::array_t&>(),
      [](const json& a, const json& b) { return a.get<double>() < b.get<double>(); });
  EXPECT_NEAR(baseline["ri_test"]["best"]["value"], 100 * (found - best) / best, 1e-9);
  for (const char* than : {"mean", "median", "best"})
    EXPECT_TRUE(baseline["ri_test"][than]["standard_error"].is_number()) << than;
  const double first = result["found"]["final_held_out"][0],
               second = result["found"]["final_held_out"][1];
  EXPECT_NEAR(result["seed_noise"]["held_out"], std::abs(first - second) / std::sqrt(2), 1e-9);
  EXPECT_EQ(result["seed_noise"]["grow_gain"], 0.1);
  const std::string page = read(folder_ / "run/report.html");
  EXPECT_NE(page.find("mean of 3 random networks, trained alike"), std::string::npos);
  EXPECT_NE(page.find("Looks at the test set by final trainings: 9,"), std::string::npos);
  EXPECT_EQ(journal(folder_ / "run").size(), result["cost"]["trials"].get<std::size_t>() + 1);
}

TEST_F(SearchImages, TrainsNoNetworkTwiceToItsEndAndCountsEveryLookAtTheTestSet) {
  const std::string small = std::string(kSmall) + " --json --run-dir " + in("run");
  ASSERT_EQ(run(small + " --baseline 1").status, 0);
  const json first = json::parse(read(folder_ / "out"));
  EXPECT_EQ(first["test_set_opened"], 4);
  const std::string record = read(folder_ / "run/finals.jsonl");
  EXPECT_EQ(std::count(record.begin(), record.end(), '\n'), 4);
  const Finished more = run(small + " --baseline 2");
  ASSERT_EQ(more.status, 0) << more.err;
  const json second = json::parse(more.out);
  EXPECT_EQ(second["test_set_opened"], 5);
  EXPECT_EQ(second["found"], first["found"]);
  EXPECT_EQ(second["baseline"]["final_test"][0], first["baseline"]["final_test"][0]);
  EXPECT_EQ(read(folder_ / "run/finals.jsonl").substr(0, record.size()), record);
}

TEST_F(SearchImages, GoesOnInItsRunDirectoryToTheResultOfAnUninterruptedRun) {
  ASSERT_EQ(run(std::string(kSmall) + " --json --run-dir " + in("whole")).status, 0);
  const json whole = json::parse(read(folder_ / "out"));
  const Finished part =
      run(std::string(kSmall) + " --json --max-epochs 9 --run-dir " + in("parts"));
  ASSERT_EQ(part.status, 0) << part.err;
  EXPECT_EQ(json::parse(part.out)["stopped"], "the budget of 9 epochs is spent");
  EXPECT_LE(json::parse(part.out)["cost"]["epochs"], 9);
  const Finished rest = run(std::string(kSmall) + " --json --run-dir " + in("parts"));
  ASSERT_EQ(rest.status, 0) << rest.err;
  EXPECT_EQ(journal(folder_ / "whole"), journal(folder_ / "parts"));
  for (const char* name : {"found", "start", "random"})
    EXPECT_EQ(whole[name], json::parse(rest.out)[name]) << name;
}

TEST_F(SearchImages, EndsCleanlyWithTheBestSoFarOnInterruptAndGoesOn) {
  const fs::path lines = folder_ / "run/journal.jsonl";
  const auto has_candidates = [&] {
    const std::string text = read(lines);
    return std::count(text.begin(), text.end(), '\n') >= 3;
  };
  ASSERT_EQ(
      end_by(SIGINT, command(std::string(kSmall) + " --epochs-deeper 6 --run-dir " + in("run")),
             has_candidates),
      130)
      << read(folder_ / "err");
  EXPECT_NE(read(folder_ / "out").find("best so far: d"), std::string::npos);
  const auto before = journal(folder_ / "run");
  const Finished rest =
      run(std::string(kSmall) + " --json --epochs-deeper 6 --run-dir " + in("run"));
  ASSERT_EQ(rest.status, 0) << rest.err;
  auto after = journal(folder_ / "run");
  ASSERT_GT(after.size(), before.size());
  after.resize(before.size());
  EXPECT_EQ(after, before);
}

/// How often `part` occurs.
int count(const std::string& text, const std::string& part) {
  int times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

TEST_F(SearchImages, WritesEachTrialAsEventsForTensorBoard) {
  const Finished finished = run(std::string(kSmall) + " --json --search-only --tensorboard " +
                                in("board") + " --run-dir " + in("run"));
  ASSERT_EQ(finished.status, 0) << finished.err;
  const int trials = json::parse(finished.out)["cost"]["trials"];
  const std::string events = read(folder_ / "board/events.out.tfevents.0.nascent");
  for (const char* tag : {"search/accuracy", "search/best", "search/epochs"})
    EXPECT_EQ(count(events, tag), trials) << tag;
  EXPECT_TRUE(fs::exists(folder_ / "board/candidates/0001/events.out.tfevents.0.nascent"));
}

TEST_F(SearchImages, RefusesADirectoryForTensorBoardThatCannotBe) {
  std::ofstream(folder_ / "file") << "no directory";
  const Finished finished = run(std::string(kSmall) + " --search-only --tensorboard " + in("file"));
  EXPECT_EQ(finished.status, 2);
  EXPECT_NE(finished.err.find(in("file/events.out.tfevents.0.nascent") + " cannot be written\n"),
            std::string::npos)
      << finished.err;
}

TEST_F(SearchImages, StampsPaperModeOnEveryOutput) {
  const std::string arguments =
      std::string(kSmall) + " --paper-mode --max-epochs 2 --run-dir " + in("run");
  const Finished words = run(arguments);
  ASSERT_EQ(words.status, 0) << words.err;
  EXPECT_NE(words.out.find("PAPER MODE"), std::string::npos) << words.out;
  EXPECT_NE(words.err.find("PAPER MODE"), std::string::npos);
  EXPECT_EQ(json::parse(read(folder_ / "run/result.json"))["paper_mode"], true);
  EXPECT_EQ(journal(folder_ / "run")[0]["options"]["evaluator.signal"], "test set (paper mode)");
}

TEST_F(SearchImages, RefusesBadInputInOneLineAndWritesNothing) {
  const std::string run_dir = " --run-dir " + in("run");
  expect_refusal("--bogus", "--bogus");
  expect_refusal("--setting huge" + run_dir, "huge");
  expect_refusal("--data kmnist" + run_dir, "--data-dir");
  expect_refusal("--data " + in("nowhere") + run_dir, in("nowhere"));
  expect_refusal("--device gpu" + run_dir, "gpu");
  expect_refusal("--depth-min 2" + run_dir, "must be at least 3, not 2; raise `--depth-min`");
  expect_refusal("--width-min 9 --width-max 8" + run_dir, "raise `--width-max` or lower");
  expect_refusal("--train-images 70000" + run_dir, "70000");
  EXPECT_FALSE(fs::exists(folder_ / "run"));
  std::ofstream(folder_ / "file") << "x";
  expect_refusal(std::string(kSmall) + " --run-dir " + in("file/run"), in("file/run"));
}

TEST_F(SearchImages, RefusesTheDirectoryOfAnotherSearchAndNamesTheDifference) {
  ASSERT_EQ(run(std::string(kSmall) + " --max-epochs 2 --run-dir " + in("run")).status, 0);
  const std::string before = read(folder_ / "run/journal.jsonl");
  const Finished other =
      run(std::string(kSmall) + " --batch 32 --max-epochs 2 --run-dir " + in("run"));
  EXPECT_EQ(other.status, 2);
  EXPECT_NE(other.err.find("evaluator.batch"), std::string::npos) << other.err;
  EXPECT_EQ(read(folder_ / "run/journal.jsonl"), before);
}

TEST_F(SearchImages, RefusesDamagedDataWithFileAndPosition) {
  const fs::path source = "/usr/share/datasets/fashion-mnist", data = folder_ / "data";
  fs::create_directory(data);
  for (const auto& entry : fs::directory_iterator(source)) fs::copy(entry, data);
  const fs::path labels = data / "train-labels-idx1-ubyte.gz";
  const std::string whole = read(labels);
  std::ofstream(labels, std::ios::binary) << whole.substr(0, whole.size() / 2);
  expect_refusal("--data " + data.string() + " --run-dir " + in("run"), labels.string());
  fs::remove(labels);
  expect_refusal("--data " + data.string() + " --run-dir " + in("run"), "train-labels-idx1-ubyte");
  std::ofstream(data / "train-labels-idx1-ubyte", std::ios::binary) << "garbage that is no IDX";
  expect_refusal("--data " + data.string() + " --run-dir " + in("run"), "train-labels-idx1-ubyte");
  EXPECT_FALSE(fs::exists(folder_ / "run"));
}

}  // namespace
