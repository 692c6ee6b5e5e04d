// Ranks may come and go: the search does not change. Each test starts mpi_search with mpirun.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <regex>
#include <thread>

#include "../../support/support.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;
using namespace std::chrono_literals;

struct Ended {
  int code;  ///< -1: by a signal, or not in time
  std::string out, err;

  /// The first number that follows the words on stderr, or -1.
  int number_after(const std::string& words) const {
    const auto at = err.find(words);
    return at == std::string::npos ? -1 : std::atoi(err.c_str() + at + words.size());
  }
};

class MpiTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("mpirun --version 2>&1 | grep -q 'Open MPI'") != 0)
      GTEST_SKIP() << "mpirun is not Open MPI's";
    const std::map<std::string, std::string> settings{
        {"OMPI_ALLOW_RUN_AS_ROOT", "1"},
        {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
        {"OMPI_MCA_rmaps_base_oversubscribe", "1"},
        {"OMPI_MCA_orte_enable_recovery", "1"},
        {"OMPI_MCA_orte_abort_on_non_zero_status", "0"},
        {"ASAN_OPTIONS", "detect_leaks=0"},  // Open MPI's own
        {"TMPDIR", "/tmp"}};                 // its sockets need a short path
    for (const auto& [name, value] : settings) ::setenv(name.c_str(), value.c_str(), 1);
  }

  /// Runs the program to its end, which is awaited for half a minute.
  Ended run(const Words& command) const {
    const std::string out = (scratch_ / "out").string(), err = (scratch_ / "err").string();
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
      ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
      std::vector<char*> argv;
      for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
      argv.push_back(nullptr);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    int status = 0, rest = 3000;
    while (::waitpid(child, &status, WNOHANG) == 0 && --rest > 0) std::this_thread::sleep_for(10ms);
    if (rest == 0) {
      ADD_FAILURE() << "no end in half a minute";
      ::kill(child, SIGTERM);  // mpirun ends the ranks
      ::waitpid(child, &status, 0);
    }
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
  }

  Ended start(int ranks, const Words& options, const Words& more = {}) const {
    Words command{"mpirun", "--bind-to", "none", "-n", std::to_string(ranks)};
    command.push_back(NASCENT_MPI_SEARCH);
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), more.begin(), more.end());
    return run(command);
  }

  std::string inline_story(const Words& options) const {
    Words command{NASCENT_MPI_SEARCH, "--executor", "inline"};
    command.insert(command.end(), options.begin(), options.end());
    const Ended ended = run(command);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }

  /// The ranks lived to the end and the search was that of Inline.
  void expect_same(const Words& options, const Ended& ended) const {
    EXPECT_EQ(ended.out, inline_story(options)) << ended.err;
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("0 is the exit code"));
    EXPECT_THAT(ended.err, Not(HasSubstr("error:")));
  }

  static bool runs(pid_t process) {
    const std::string stat = read_file("/proc/" + std::to_string(process) + "/stat");
    return !stat.empty() && stat[stat.find(") ") + 2] != 'Z';
  }

  /// Of those that said their number.
  static int running(const std::string& err, int patience_seconds) {
    static const std::regex kProcess("is process ([0-9]+)");
    int count = 0;
    for (int i = 0; i <= 10 * patience_seconds; ++i) {
      count = 0;
      for (std::sregex_iterator at(err.begin(), err.end(), kProcess), end; at != end; ++at)
        count += runs(std::stoi((*at)[1].str()));
      if (count == 0) break;
      std::this_thread::sleep_for(100ms);
    }
    return count;
  }

  Scratch scratch_;
};

const Words kRandom{"--strategy", "random", "--trials", "60"};

TEST_F(MpiTest, OneRankEvaluatesItself) {
  expect_same({}, start(1, {}, {"--delay-ms", "1"}));
  const Ended without_launcher = run({NASCENT_MPI_SEARCH});
  EXPECT_EQ(without_launcher.code, 0) << without_launcher.err;
}

TEST_F(MpiTest, TellsTheStoryOfEveryStrategy) {
  for (const char* strategy : {"random", "aging", "local"})
    for (const int ranks : {1, 3, 5}) {
      const Words options{"--strategy", strategy, "--trials", "30", "--failing", "6"};
      expect_same(options, start(ranks, options, {"--delay-ms", "2"}));
    }
}

TEST_F(MpiTest, RanksTellTheStoryOfInline) {
  for (const int ranks : {2, 3, 5}) {
    const Ended ended = start(ranks, {}, {"--delay-ms", "10"});
    expect_same({}, ended);
    EXPECT_GT(ended.number_after("epochs reported: "), 0);
    EXPECT_EQ(running(ended.err, 0), 0);
  }
}

TEST_F(MpiTest, FailuresPassWithTheirReasonsHoweverLong) {
  const Words options{"--failing", "4", "--long-texts", "9000"};
  const Ended ended = start(3, options);
  expect_same(options, ended);
  EXPECT_THAT(ended.out, HasSubstr("a hole in the ground!!!"));
}

TEST_F(MpiTest, AKilledWorkerChangesNothing) {
  for (const char* network : {"vader,self", "tcp,self"}) {
    ::setenv("OMPI_MCA_btl", network, 1);
    const Ended ended =
        start(4, kRandom, {"--delay-ms", "20", "--kill-rank", "1", "--lost-seconds", "1"});
    ::unsetenv("OMPI_MCA_btl");
    EXPECT_THAT(ended.err, HasSubstr("rank 1 is killed"));
    expect_same(kRandom, ended);
    EXPECT_EQ(running(ended.err, 10), 0);
  }
}

TEST_F(MpiTest, TheTimeLimitOfALostTrialBeginsAnew) {
  const Words options{"--strategy", "random", "--trials", "2"};
  const Ended ended = start(
      3, options,
      {"--delay-ms", "2500", "--trial-seconds", "4", "--kill-rank", "1", "--lost-seconds", "1"});
  EXPECT_THAT(ended.err, HasSubstr("rank 1 is killed"));
  expect_same(options, ended);
}

TEST_F(MpiTest, AStoppedWorkerIsUsedAgainWhenItGoesOn) {
  const Ended ended =
      start(3, kRandom,
            {"--delay-ms", "80", "--stop-rank", "1", "--stop-ms", "2000", "--lost-seconds", "1"});
  EXPECT_THAT(ended.err, HasSubstr("rank 1 is stopped"));
  expect_same(kRandom, ended);
  EXPECT_GT(ended.number_after("rank 1 evaluated "), 1);
  EXPECT_EQ(running(ended.err, 10), 0);
}

TEST_F(MpiTest, AWorkerThatIsStoppedBeyondTheEndEndsWhenItGoesOn) {
  const Ended ended = start(
      3, {}, {"--delay-ms", "20", "--stop-rank", "1", "--stop-ms", "3000", "--lost-seconds", "1"});
  EXPECT_THAT(ended.err, HasSubstr("rank 1 is stopped"));
  expect_same({}, ended);
  EXPECT_EQ(running(ended.err, 10), 0);
}

TEST_F(MpiTest, LateOutcomesMustBeThoseOfTheOthers) {
  const Words stopped{"--delay-ms",     "80", "--stop-rank", "1", "--stop-ms", "2000",
                      "--lost-seconds", "1",  "--deaf"};
  expect_same(kRandom, start(3, kRandom, stopped));
  Words biased = stopped;
  biased.insert(biased.end(), {"--biased-rank", "1"});
  const Ended ended = start(3, kRandom, biased);
  EXPECT_THAT(ended.err, testing::ContainsRegex(
                             "error: 'd[0-9]+ w[0-9]+ ops=.*' was evaluated twice.*outcomes "
                             "differ: .* of 10000 right .*, on rank 1 .*"));
  EXPECT_EQ(running(ended.err, 10), 0);
}

TEST_F(MpiTest, WithoutAnyWorkerTheSearchEndsWithASentence) {
  const Ended ended = start(2, {}, {"--kill-rank", "1", "--lost-seconds", "1"});
  EXPECT_THAT(ended.err, HasSubstr("error: no worker is left"));
}

TEST_F(MpiTest, AWorkerThatNeverServesIsDoneWithout) {
  const Ended ended = start(3, {}, {"--broken-rank", "1"});
  EXPECT_EQ(ended.out, inline_story({})) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("error: this rank has no data"));
}

TEST_F(MpiTest, WithoutRankZeroTheWorkersEnd) {
  const Ended ended =
      start(3, {}, {"--delay-ms", "20", "--kill-rank", "0", "--alone-seconds", "2"});
  EXPECT_THAT(ended.err, HasSubstr("rank 0 is killed"));
  EXPECT_EQ(running(ended.err, 20), 0);
}

/// Slurm's variables, and an `srun` and an `scontrol` that are none.
class SbatchTest : public MpiTest {
 protected:
  void SetUp() override {
    MpiTest::SetUp();
    program("srun",
            "while [[ $1 == -* ]]; do shift; done\nexec mpirun -n \"$SLURM_NTASKS\" \"$@\"");
    program("scontrol", "echo \"$@\" >>'" + (scratch_ / "scontrol.log").string() + "'");
    ::unsetenv("NASCENT_LAUNCHER");
    std::string host(256, '\0');
    ::gethostname(host.data(), host.size());
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"PATH", (scratch_ / "").string() + ":" + std::getenv("PATH")},
             {"SLURM_JOB_ID", "77"},
             {"SLURM_JOBID", "77"},
             {"SLURM_NODELIST", host.c_str()},
             {"SLURM_JOB_NODELIST", host.c_str()},
             {"SLURM_TASKS_PER_NODE", "3"},
             {"SLURM_NTASKS", "3"},
             {"SLURM_CPUS_PER_TASK", "1"}})
      ::setenv(name.c_str(), value.c_str(), 1);
  }

  void program(const std::string& name, const std::string& body) const {
    const std::string path = scratch_.write(name, "#!/bin/bash\n" + body + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  Ended submit(const Words& options) const {
    Words command{"bash", NASCENT_SBATCH, NASCENT_MPI_SEARCH};
    command.insert(command.end(), options.begin(), options.end());
    return run(command);
  }
};

TEST_F(SbatchTest, SearchesWithMpirunAndWithSrun) {
  expect_same({}, submit({"--delay-ms", "5"}));
  ::setenv("NASCENT_LAUNCHER", "srun", 1);
  expect_same({}, submit({"--delay-ms", "5"}));
}

TEST_F(SbatchTest, StartedAgainGoesOnFromItsJournal) {
  const Words search{"--strategy", "random", "--trials", "30", "--delay-ms", "10"};
  const auto in = [&](const char* directory, Words more) {
    more.insert(more.end(), search.begin(), search.end());
    more.insert(more.end(), {"--run-dir", (scratch_ / directory).string()});
    return submit(more);
  };
  EXPECT_NE(in("run", {"--kill-rank", "0", "--at", "9", "--alone-seconds", "1"}).code, 0);
  EXPECT_EQ(in("run", {}).code, 0);
  EXPECT_EQ(in("whole", {}).code, 0);
  EXPECT_EQ(read_file(scratch_ / "run" / "journal.jsonl"),
            read_file(scratch_ / "whole" / "journal.jsonl"));
  EXPECT_THAT(read_file(scratch_ / "run" / "run.json"), HasSubstr("2 MPI workers"));
}

TEST_F(SbatchTest, EndsWithTheExitCodeOfTheSearch) {
  const Words lost{"--kill-rank", "1", "--lost-seconds", "1"};
  EXPECT_EQ(submit(lost).code, 0);
  ::setenv("SLURM_NTASKS", "2", 1);
  EXPECT_EQ(submit(lost).code, 2);
}

TEST_F(SbatchTest, QueuesItselfAgainBeforeItsTimeIsOver) {
  const std::string err = (scratch_ / "err").string();
  const Ended ended =
      run({"bash", "-c",
           "bash " NASCENT_SBATCH " " NASCENT_MPI_SEARCH
           " --strategy random --trials 60 --delay-ms 80 & until grep -q 'is process' " +
               err + "; do sleep 0.05; done; kill -USR1 $!; wait $!"});
  expect_same(kRandom, ended);
  EXPECT_EQ(read_file(scratch_ / "scontrol.log"), "requeue 77\n");
}

}  // namespace
}  // namespace nascent
