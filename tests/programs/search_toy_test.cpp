// Nothing lost, nothing changed: the engine's program, killed at random moments.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SearchToy : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "nascent-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  pid_t start(std::vector<std::string> arguments) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    arguments.insert(arguments.begin(), NASCENT_PROGRAMS "/search_toy");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  static int wait(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  int run(const std::vector<std::string>& arguments) const { return wait(start(arguments)); }

  std::string in(const std::string& name) const { return (folder_ / name).string(); }
  std::string journal(const std::string& name) const {
    return read(folder_ / name / "journal.jsonl");
  }

  static std::vector<std::string> with(std::vector<std::string> arguments,
                                       const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  /// Kills `arguments` again and again, each time after a random while, until one run comes to its
  /// end; returns how many were killed.
  int kill_until_done(const std::vector<std::string>& arguments, std::mt19937& random,
                      int at_most) const {
    std::uniform_int_distribution<int> milliseconds(1, 120);
    for (int kills = 0;; ++kills) {
      const pid_t child = start(arguments);
      if (kills < at_most) {
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
        ::kill(child, SIGKILL);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      if (WIFEXITED(status)) {
        EXPECT_EQ(WEXITSTATUS(status), 0) << read(folder_ / "err");
        return kills;
      }
    }
  }

  fs::path folder_;
};

// NASCENT_KILLS=100 for the full evidence; a miniature otherwise.
TEST_F(SearchToy, KilledAtRandomMomentsEndsWithTheJournalOfAnUndisturbedRun) {
  const char* wanted = std::getenv("NASCENT_KILLS");
  const int kills = wanted ? std::atoi(wanted) : 16;
  std::mt19937 random(7);
  int killed = 0;
  for (int round = 0; killed < kills; ++round) {
    const std::vector<std::string> search{
        "--strategy",  round % 2 == 0 ? "greedy_macro_micro" : "random",
        "--trials",    "40",
        "--fail-rate", "0.1",
        "--seed",      std::to_string(round + 1),
        "--run-dir"};
    const std::string whole = "whole" + std::to_string(round);
    const std::string torn = "killed" + std::to_string(round);
    ASSERT_EQ(run(with(search, {in(whole)})), 0) << read(folder_ / "err");
    const char* workers = round % 3 == 0 ? "1" : round % 3 == 1 ? "2" : "4";
    killed += kill_until_done(
        with(search, {in(torn), "--delay-ms", "8", "--executor", "threads", "--workers", workers}),
        random, 8);
    ASSERT_EQ(journal(torn), journal(whole)) << "round " << round;
    ASSERT_LT(round, 10 * kills);
  }
  std::printf("%d kills, every journal equal\n", killed);
}

TEST_F(SearchToy, InterruptedSaysSoAndGoesOn) {
  const std::vector<std::string> search{"--run-dir", in("run"), "--delay-ms", "20", "--json"};
  const pid_t child = start(search);
  while (journal("run").find("\"number\":3") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGINT);
  EXPECT_EQ(wait(child), 130);
  const auto stopped = nlohmann::json::parse(read(folder_ / "out"));
  EXPECT_EQ(stopped["stopped"], "interrupted");
  EXPECT_EQ(run(search), 0);
  const auto ended = nlohmann::json::parse(read(folder_ / "out"));
  EXPECT_EQ(ended["recalled"], stopped["trials"]);
  EXPECT_EQ(ended["finished"], true);
}

TEST_F(SearchToy, ALargerBudgetGoesOnWhereASmallerEnded) {
  const auto search = [&](const char* name, const char* trials) {
    EXPECT_EQ(run({"--strategy", "random", "--run-dir", in(name), "--trials", trials}), 0);
    return journal(name);
  };
  search("run", "5");
  EXPECT_EQ(search("run", "12"), search("whole", "12"));
}

TEST_F(SearchToy, ADirectoryInUseOrOfAnotherSearchIsRefused) {
  const pid_t child = start({"--run-dir", in("run"), "--delay-ms", "50"});
  while (journal("run").empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(run({"--run-dir", in("run")}), 2);
  EXPECT_NE(read(folder_ / "err").find("is in use by another process"), std::string::npos);
  ::kill(child, SIGKILL);
  wait(child);
  EXPECT_EQ(run({"--run-dir", in("run"), "--fail-rate", "0.5", "--seed", "3"}), 2);
  const std::string refusal = read(folder_ / "err");
  EXPECT_NE(refusal.find("evaluator.fail_rate (\"0\" there, \"0.5\" now)"), std::string::npos);
  EXPECT_NE(refusal.find("seed (1 there, 3 now)"), std::string::npos);
}

}  // namespace
