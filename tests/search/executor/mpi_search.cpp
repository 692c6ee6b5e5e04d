// A search in a made-up landscape, started by mpi_test under mpirun, with ranks that are killed or
// stopped on the way. Prints a line for each outcome and the end; every rank's pid on stderr.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "nascent/run.hpp"
#include "nascent/search/executor/mpi.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace {

using namespace nascent;

struct Arguments {
  std::string executor = "mpi", strategy = "greedy", run_dir;
  int trials = 1000, failing = 0, long_texts = 0;
  double delay_ms = 0;
  int kill_rank = -1, stop_rank = -1,
      at = 1;  // in the middle of its n-th trial; rank 0: after its n-th outcome
  int stop_ms = 0;
  int biased_rank = -1;  // its outcomes depend on the rank
  bool deaf = false;     // does not hear of being cancelled
  std::string broken;    // a rank that never serves
  MpiOptions mpi;
  SearchOptions run{.seed = 1};
};

SepConvSpace small_space() {
  SepConvSpace space;
  space.depth = {4, 10};
  space.width = {16, 32, 4};
  return space;
}

void stop_for(int milliseconds) {
  const pid_t self = ::getpid();
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  if (::fork() == 0) {
    ::nanosleep(&time, nullptr);
    ::kill(self, SIGCONT);
    ::_exit(0);
  }
  ::kill(self, SIGSTOP);
}

/// Evaluator: the landscape, slowly, and what is to happen to this rank.
struct World {
  const Arguments& a;
  int rank;
  testing::Landscape landscape;
  int trials = 0;
  bool disturbed = false;

  Problem problem() const { return {{3, 32, 32}, 7}; }

  Outcome evaluate(const Trial<Architecture>& trial, Monitor& monitor) {
    ++trials;
    const int epochs = trial.fidelity.epochs;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      if (!a.deaf && monitor.cancelled()) throw Cancelled();
      std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(a.delay_ms / epochs));
      monitor.on_epoch({.epoch = epoch, .epochs = epochs});
      if (trials >= a.at && epoch == (epochs + 1) / 2 && !disturbed) disturb();
    }
    Outcome outcome = landscape.evaluate(trial);
    if (!outcome.ok() && a.long_texts > 0)
      outcome.failure += std::string(static_cast<std::size_t>(a.long_texts), '!');
    if (rank == a.biased_rank) ++outcome.accuracy.correct;
    return outcome;
  }

  template <class Field>
  void options(Field&& field) const {
    field("landscape", landscape);
  }

 private:
  void disturb() {
    disturbed = true;
    if (rank == a.kill_rank) std::fprintf(stderr, "rank %d is killed\n", rank);
    if (rank == a.stop_rank) std::fprintf(stderr, "rank %d is stopped\n", rank);
    if (rank == a.kill_rank) ::raise(SIGKILL);
    if (rank == a.stop_rank) stop_for(a.stop_ms);
  }
};

/// Callback: prints the story; kills rank 0 when it is its turn.
struct Story {
  const Arguments& a;
  int outcomes = 0, epochs = 0;

  void on_epoch(const Trial<Architecture>&, const EpochReport&) { ++epochs; }
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    std::printf("%d %s e%d: %d/%d %s\n", trial.number, to_string(trial.architecture()).c_str(),
                outcome.epochs, static_cast<int>(outcome.accuracy.correct),
                static_cast<int>(outcome.accuracy.total), outcome.failure.c_str());
    if (++outcomes != a.at || a.kill_rank != 0) return;
    std::fprintf(stderr, "rank 0 is killed\n");
    ::raise(SIGKILL);
  }
};

template <class Strategy, class Executor>
int search_on(const Arguments& a, World& world, const Strategy& strategy, Executor&& executor) {
  Search<Strategy, DynamicEpochRanker, SepConvSpace> search(strategy, {.start = 2});
  search.space = small_space();
  Story story{a};
  SearchOptions options = a.run;
  options.max_trials = a.trials;
  std::optional<Journal> journal;
  if (!a.run_dir.empty()) journal.emplace(a.run_dir);
  const auto found = journal ? search.run(world, options, *journal, story, executor)
                             : search.run(world, options, story, executor);
  std::printf("found %s, %s, %d failures, %lld parameters\n", to_string(found.architecture).c_str(),
              found.stopped.c_str(), found.cost.failures,
              static_cast<long long>(search.space.parameters(found.architecture)));
  std::fprintf(stderr, "epochs reported: %d\n", story.epochs);
  return 0;
}

template <class Executor>
int search(const Arguments& a, World& world, Executor&& executor) {
  if (a.strategy == "random") return search_on(a, world, RandomStrategy{}, executor);
  if (a.strategy == "aging")
    return search_on(a, world, AgingEvolution{.population = 8, .sample = 3}, executor);
  if (a.strategy == "local") return search_on(a, world, LocalSearch{}, executor);
  return search_on(a, world, GreedyMacroMicro{}, executor);
}

int run(const Arguments& a, int argc, char** argv) {
  if (a.executor == "inline") {
    World world{a, -2, {.failing = a.failing}};
    return search(a, world, Inline());
  }
  MpiSession mpi(argc, argv, a.mpi);
  std::fprintf(stderr, "rank %d is process %d\n", mpi.rank(), static_cast<int>(::getpid()));
  World world{a, mpi.rank(), {.failing = a.failing}};
  if (a.broken == std::to_string(mpi.rank())) throw std::runtime_error("this rank has no data");
  if (mpi.is_worker()) {
    const int code = mpi.serve(small_space(), world);
    std::fprintf(stderr, "rank %d evaluated %d trials\n", mpi.rank(), world.trials);
    return code;
  }
  const int code = search(a, world, Mpi(mpi));
  std::fprintf(stderr, "%d losses\n", mpi.losses());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Searches a made-up landscape on MPI ranks, some of which may be lost."};
  Arguments a;
  app.add_option("--executor", a.executor)->check(CLI::IsMember({"mpi", "inline"}));
  app.add_option("--strategy", a.strategy)
      ->check(CLI::IsMember({"greedy", "random", "aging", "local"}));
  app.add_option("--trials", a.trials);
  app.add_option("--failing", a.failing, "one trial in so many");
  app.add_option("--long-texts", a.long_texts, "length of a reason of failure");
  app.add_option("--delay-ms", a.delay_ms, "of a trial");
  app.add_option("--kill-rank", a.kill_rank);
  app.add_option("--stop-rank", a.stop_rank);
  app.add_option("--stop-ms", a.stop_ms);
  app.add_option("--at", a.at, "in which of its trials");
  app.add_option("--biased-rank", a.biased_rank);
  app.add_option("--broken-rank", a.broken);
  app.add_option("--trial-seconds", a.run.trial_seconds);
  app.add_option("--run-dir", a.run_dir);
  app.add_flag("--deaf", a.deaf);
  app.add_option("--lost-seconds", a.mpi.lost_seconds);
  app.add_option("--alone-seconds", a.mpi.alone_seconds);
  CLI11_PARSE(app, argc, argv);
  try {
    const int code = run(a, argc, argv);
    std::fprintf(stderr, "%d is the exit code\n", code);
    return code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}
