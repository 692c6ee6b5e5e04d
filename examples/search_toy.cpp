// A search on a made-up landscape, for trying the engine by hand: kill it, start it again.
//
//   search_toy --run-dir runs/toy --strategy greedy_macro_micro --delay-ms 20 --workers 4
//   search_toy --run-dir runs/toy --strategy greedy_macro_micro --delay-ms 20 --workers 4
//
//   mpirun -n 5 search_toy --run-dir runs/toy --executor mpi
//
// Each goes on where the one before it ended, however it ended.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <nascent/report/run_page.hpp>
#include <nascent/run.hpp>
#include <nascent/testing/landscape.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#ifdef NASCENT_WITH_MPI
#include <nascent/search/executor/mpi.hpp>
#endif

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string run_dir, fork, strategy = "greedy_macro_micro", executor, isolation = "none";
  int trials = 1000, workers = 1;
  double delay_ms = 0, fail_rate = 0, crash_rate = 0, max_seconds = 0, sync_seconds = 1,
         lost_seconds = 30;
  SearchOptions run;
  bool no_speculation = false, json = false;
};

/// Evaluator: a formula in place of training, with failures and crashes where the trial's seed says
/// so.
struct Toy {
  testing::Landscape landscape{};
  double fail_rate = 0, crash_rate = 0, delay_ms = 0;

  Outcome evaluate(const Trial<Architecture>& trial, Monitor& monitor) const {
    const int epochs = trial.fidelity.epochs;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      wait(delay_ms / epochs, monitor);
      monitor.on_epoch({.epoch = epoch, .epochs = epochs});
    }
    Random random(trial.seed, "what goes wrong");
    if (random.unit() < crash_rate) ::raise(SIGSEGV);
    if (random.unit() < fail_rate) return Outcome::failed("a made-up failure");
    return landscape.evaluate(trial);
  }

  template <class Field>
  void options(Field&& field) const {
    field("landscape", landscape);
    field("fail_rate", fail_rate);
    field("crash_rate", crash_rate);
  }

 private:
  using Clock = std::chrono::steady_clock;

  static void wait(double milliseconds, Monitor& monitor) {
    const auto end = Clock::now() + std::chrono::duration<double, std::milli>(milliseconds);
    while (true) {
      if (monitor.cancelled()) throw Cancelled();
      const auto now = Clock::now();
      if (now >= end) return;
      std::this_thread::sleep_for(std::min<Clock::duration>(
          std::chrono::milliseconds(5), std::chrono::duration_cast<Clock::duration>(end - now)));
    }
  }
};

/// Callback: a line a second.
struct Ticker {
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
  int trials = 0;

  void on_outcome(const Trial<Architecture>&, const Outcome&) {
    ++trials;
    const auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::seconds(1)) return;
    last = now;
    std::fprintf(stderr, "%d trials\n", trials);
  }
};

int report(const Arguments& a, const Found<SepConvSpace>& found,
           const std::optional<Journal>& journal, bool interrupted) {
  if (a.json) {
    Json document{{"strategy", a.strategy},
                  {"seed", a.run.seed},
                  {"found", to_string(found.architecture)},
                  {"accuracy", found.judgement.accuracy.percent()},
                  {"failed", found.judgement.failed},
                  {"trials", found.cost.trials},
                  {"epochs", found.cost.epochs},
                  {"failures", found.cost.failures},
                  {"repeats", found.cost.repeats},
                  {"finished", found.finished()},
                  {"stopped", found.stopped},
                  {"speculation",
                   {{"started", found.speculation.started},
                    {"used", found.speculation.used},
                    {"wasted", found.speculation.wasted()}}}};
    if (journal) {
      document["run_dir"] = a.run_dir;
      document["recalled"] = journal->recalled();
      document["dropped_torn_line"] = journal->dropped_torn_line();
    }
    std::printf("%s\n", document.dump(2).c_str());
  } else {
    std::printf("%s\n%s\n", to_string(found.architecture).c_str(), found.summary().c_str());
  }
  return interrupted ? 130 : 0;
}

SepConvSpace toy_space() {
  SepConvSpace space;
  space.depth = {4, 16};
  space.width = {16, 48, 4};
  return space;
}

Toy toy_evaluator(const Arguments& a) {
  return {{a.run.seed}, a.fail_rate, a.crash_rate, a.delay_ms};
}

/// Callback: a journal and its page, where they were asked for.
template <class Search>
struct MaybeJournal {
  std::optional<Journal> journal;
  std::optional<RunPage<Search>> page;

  void on_begin(const RunInfo& info) {
    if (!journal) return;
    journal->on_begin(info);
    page->on_begin(info);
  }
  std::optional<Outcome> recall(const Trial<Architecture>& trial) const {
    return journal ? journal->recall(trial) : std::nullopt;
  }
  std::optional<Outcome> look_up(const Trial<Architecture>& trial) const {
    return journal ? journal->look_up(trial) : std::nullopt;
  }
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (!journal) return;
    journal->on_outcome(trial, outcome);
    page->on_outcome(trial, outcome);
  }
  void on_early_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (journal) journal->on_early_outcome(trial, outcome);
  }
  void on_incumbent(const Judged<SepConvSpace>& best) {
    if (page) page->on_incumbent(best);
  }
  void on_milestone(const Milestone<SepConvSpace>& milestone) {
    if (page) page->on_milestone(milestone);
  }
  void on_end(const Found<SepConvSpace>& found) {
    if (!journal) return;
    journal->on_end(found);
    page->on_end(found);
  }
};

using ToyExecutor = AnyExecutor<SepConvSpace, const Toy>;

template <class Strategy>
int search(const Arguments& a, ToyExecutor executor, const Strategy& strategy) {
  Search<Strategy, DynamicEpochRanker, SepConvSpace> search(strategy, {.start = 2});
  search.space = toy_space();
  const Toy evaluator = toy_evaluator(a);
  MaybeJournal<Search<Strategy, DynamicEpochRanker, SepConvSpace>> kept;
  if (!a.run_dir.empty()) {
    kept.journal.emplace(a.run_dir, JournalOptions{.sync_seconds = a.sync_seconds, .fork = a.fork});
    kept.page.emplace(search, kept.journal->directory());
  }
  StopOnInterrupt interrupt;
  StopAfter limit(a.max_seconds > 0 ? a.max_seconds : 1e9);
  Ticker ticker;
  const auto found = search.run(evaluator, a.run, executor, ticker, interrupt, limit, kept);
  if (kept.journal && kept.journal->dropped_torn_line())
    std::fprintf(stderr, "a torn last line of the journal was dropped\n");
  if (kept.page && !kept.page->failure().empty())
    std::fprintf(stderr, "%s\n", kept.page->failure().c_str());
  return report(a, found, kept.journal, !interrupt.stop().empty());
}

int search_with(const Arguments& a, ToyExecutor executor) {
  if (a.strategy == "random") return search(a, executor, RandomStrategy{});
  if (a.strategy == "aging_evolution") return search(a, executor, AgingEvolution{});
  if (a.strategy == "local_search") return search(a, executor, LocalSearch{});
  return search(a, executor, GreedyMacroMicro{});
}

int search_on_ranks([[maybe_unused]] const Arguments& a, [[maybe_unused]] int argc,
                    [[maybe_unused]] char** argv) {
#ifdef NASCENT_WITH_MPI
  MpiSession mpi(argc, argv, {.lost_seconds = a.lost_seconds});
  const Toy evaluator = toy_evaluator(a);
  if (mpi.is_worker()) return mpi.serve(toy_space(), evaluator);
  return search_with(a, ToyExecutor(Mpi(mpi)));
#else
  throw std::invalid_argument(
      "this program was built without MPI: install libopenmpi-dev and openmpi-bin and build again");
#endif
}

int run(const Arguments& a, int argc, char** argv) {
  if (!a.fork.empty() && a.run_dir.empty())
    throw std::invalid_argument("--fork starts a run of its own; name its directory by --run-dir");
  if (a.crash_rate > 0 && a.isolation != "process")
    throw std::invalid_argument(
        "--crash-rate would end the search itself; add --isolation process");
  if (a.executor == "inline" && a.isolation == "none" && a.workers > 1)
    throw std::invalid_argument("--executor inline has one worker; use --executor threads");
  if (a.executor == "mpi" && a.isolation == "process")
    throw std::invalid_argument("--isolation process goes with --executor inline or threads");
  if (a.executor == "mpi") return search_on_ranks(a, argc, argv);
  if (a.isolation == "process") return search_with(a, ToyExecutor(Processes(a.workers)));
  if (a.executor == "threads") return search_with(a, ToyExecutor(Threads(a.workers)));
  return search_with(a, ToyExecutor(Inline()));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Searches a made-up landscape, for trying the engine by hand."};
  Arguments a;
  app.add_option("--run-dir", a.run_dir, "journal; an earlier run there goes on (default: none)");
  app.add_option("--fork", a.fork, "directory of another run, whose outcomes are used again");
  app.add_option("--strategy", a.strategy)
      ->check(CLI::IsMember({"random", "greedy_macro_micro", "aging_evolution", "local_search"}))
      ->capture_default_str();
  app.add_option("--trials", a.trials, "budget")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--max-epochs", a.run.max_epochs, "budget")->check(CLI::PositiveNumber);
  app.add_option("--max-seconds", a.max_seconds, "budget")->check(CLI::PositiveNumber);
  app.add_option("--target", a.run.target, "accuracy in percent that ends the search");
  app.add_option("--trial-seconds", a.run.trial_seconds, "a longer trial has failed")
      ->check(CLI::PositiveNumber);
  app.add_option("--delay-ms", a.delay_ms, "of each trial")->check(CLI::NonNegativeNumber);
  app.add_option("--fail-rate", a.fail_rate, "share of trials that fail")
      ->check(CLI::Range(0., 1.));
  app.add_option("--crash-rate", a.crash_rate, "share of trials that crash their process")
      ->check(CLI::Range(0., 1.));
  app.add_option("--workers", a.workers)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--executor", a.executor,
                 "inline, threads or mpi (default: threads when there are several workers)")
      ->check(CLI::IsMember({"inline", "threads", "mpi"}));
  app.add_option("--lost-seconds", a.lost_seconds, "an MPI rank silent for so long is lost")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--isolation", a.isolation,
                 "none, or process: a trial that crashes costs only itself")
      ->check(CLI::IsMember({"none", "process"}))
      ->capture_default_str();
  app.add_option("--sync-seconds", a.sync_seconds, "between two syncs of the journal; -1: never")
      ->capture_default_str();
  app.add_flag("--no-speculation", a.no_speculation, "idle workers stay idle");
  app.add_option("--seed", a.run.seed)->check(is_seed())->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    if (a.executor.empty()) a.executor = a.workers > 1 ? "threads" : "inline";
    a.run.max_trials = a.trials;
    a.run.speculation = !a.no_speculation;
    return run(a, argc, argv);
  });
}
