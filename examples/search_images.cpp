// The main program: the paper's greedy macro-micro search on images.
//
//   search_images --data fashion-mnist --setting demo --run-dir runs/first
//
// The same command with the same --run-dir goes on where the last one ended. docs/first-search.md
// walks through its output.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nascent/data/open_dataset.hpp>
#include <nascent/nascent.hpp>
#include <nascent/report/drawing.hpp>
#include <nascent/report/run_page.hpp>
#include <nascent/report/tensor_board.hpp>
#include <nascent/train/allocator.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "program.hpp"
#include "search_images/finalists.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;
using PaperSearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;
using Baseline = RandomBaseline<DynamicEpochRanker, SepConvSpace, TorchEvaluator<>>;

/// Everything the command line says. What it says of single numbers goes before the setting,
/// wherever it stands in the line.
struct Arguments {
  std::string data = "fashion-mnist", data_dir, setting = "tiny", run_dir, fork, device = "auto";
  std::string precision = "tf32";
  std::string isolation = "none", tensorboard;
  SearchOptions run;
  PaperSearch search;
  HoldOutOptions split;
  PaperRecipe recipe;
  int threads = 1, workers = 1, seeds = 1, baseline = 10, final_epochs = 0;
  double max_seconds = 0;
  bool paper_mode = false, search_only = false, no_random_search = false, json = false;
  std::vector<std::function<void()>> overrides;
};

/// TensorBoard, where it is asked for.
struct WantedBoard {
  std::optional<TensorBoard> wanted;

  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (wanted) wanted->on_outcome(trial, outcome);
  }
};

/// The paper's two settings, and one that shows a whole search in two minutes on two CPU cores.
void apply_setting(Arguments& arguments) {
  if (arguments.setting == "mobile") arguments.search.space = mobile();
  if (arguments.setting != "demo") return;
  arguments.search.space.depth = {.min = 4, .max = 10};
  arguments.search.space.width = {.min = 10, .max = 16, .step = 2};
  arguments.search.ranker = {.start = 2, .deeper = 1, .narrower = 1, .micro = 2};
  arguments.split.images = 1000;
  arguments.split.train_images = 1400;
  arguments.baseline = 4;
  arguments.recipe.batch = 16;  // with 64, two epochs of so few images hardly move a network
  // Shifts and holes pay off in long trainings only; mirrored images stay.
  arguments.recipe.augmentation.pad = 0;
  arguments.recipe.augmentation.crop = 28;
  arguments.recipe.augmentation.cutout = 0;
}

void declare(CLI::App& app, Arguments& a) {
  app.add_option("--data", a.data, kDatasetNames)->capture_default_str();
  app.add_option("--data-dir", a.data_dir, "where the files of a named data set are");
  app.add_option("--setting", a.setting, "tiny, mobile (the paper's) or demo (two minutes)")
      ->check(CLI::IsMember({"tiny", "mobile", "demo"}))
      ->capture_default_str();
  app.add_option("--run-dir", a.run_dir,
                 "journal and result; an earlier run there goes on (default: a new one in runs/)");
  app.add_option("--seed", a.run.seed, "of weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--precision", a.precision, "of products on a GPU: fp32, tf32 or bf16")
      ->check(CLI::IsMember({"fp32", "tf32", "bf16"}))
      ->capture_default_str();
  app.add_option(
         "--workers", a.workers,
         "candidates trained side by side, those ahead of the search on guesses; the result "
         "is the same")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--max-seconds", a.max_seconds, "time budget of the search")
      ->check(CLI::PositiveNumber);
  app.add_option("--max-epochs", a.run.max_epochs, "epoch budget of the search")
      ->check(CLI::PositiveNumber);
  app.add_option("--max-trials", a.run.max_trials, "budget of candidates")
      ->check(CLI::PositiveNumber);
  app.add_option("--target", a.run.target, "accuracy in percent that ends the search");
  app.add_flag("--search-only", a.search_only,
               "end with the search: no random search beside it, no final training");
  app.add_flag("--no-random-search", a.no_random_search,
               "leave out the random search at equal cost, which costs as much again");
  app.add_flag("--json", a.json, "one JSON document on standard output");

  const auto number = [&](const char* name, int& value, const char* what, const char* group) {
    app.add_option_function<int>(
           name,
           [&a, &value](int given) { a.overrides.push_back([&value, given] { value = given; }); },
           what)
        ->check(CLI::Range(1, 1'000'000'000))
        ->group(group);
  };
  constexpr const char* kData = "Data";
  number("--train-images", a.split.train_images, "images to train candidates on", kData);
  number("--held-out-images", a.split.images, "images that guide the search", kData);
  app.add_option("--held-out", a.split.share, "share of the training set that guides the search")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->group(kData);
  app.add_flag("--paper-mode", a.paper_mode,
               "guide the search by the test set as the authors did; stamped on every output")
      ->group(kData);

  constexpr const char* kWorkers = "Workers";
  app.add_option("--isolation", a.isolation,
                 "none, or process: a candidate that crashes costs only itself")
      ->check(CLI::IsMember({"none", "process"}))
      ->capture_default_str()
      ->group(kWorkers);
  app.add_option("--trial-seconds", a.run.trial_seconds, "a candidate that takes longer has failed")
      ->check(CLI::PositiveNumber)
      ->group(kWorkers);
  app.add_option("--tensorboard", a.tensorboard,
                 "directory of event files that `tensorboard --logdir DIRECTORY` shows");
  app.add_option("--fork", a.fork, "run directory of another search, whose outcomes are used again")
      ->group(kWorkers);
  app.add_flag("--allow-mixed", a.run.allow_mixed,
               "go on from outcomes of a machine that rounds differently")
      ->group(kWorkers);

  constexpr const char* kBounds = "Bounds and epochs (defaults by --setting)";
  number("--depth-min", a.search.space.depth.min, "smallest depth, layers", kBounds);
  number("--depth-max", a.search.space.depth.max, "largest depth, layers", kBounds);
  number("--width-min", a.search.space.width.min, "smallest width, channels", kBounds);
  number("--width-max", a.search.space.width.max, "largest width, channels", kBounds);
  number("--width-step", a.search.space.width.step, "width step, channels", kBounds);
  number("--epochs-start", a.search.ranker.start, "epochs of the first candidate", kBounds);
  number("--epochs-deeper", a.search.ranker.deeper, "epochs more for a layer more", kBounds);
  number("--epochs-narrower", a.search.ranker.narrower, "epochs more for a width step less",
         kBounds);
  number("--epochs-micro", a.search.ranker.micro, "epochs of the micro search", kBounds);

  constexpr const char* kTraining = "Training";
  number("--batch", a.recipe.batch, "images a step", kTraining);
  app.add_option("--learning-rate", a.recipe.optimiser.learning_rate, "before the cosine")
      ->group(kTraining);
  number("--threads", a.threads, "within one training; part of the protocol", kTraining);
  number("--seeds", a.seeds, "final trainings of the found network and those beside it", kTraining);
  app.add_option_function<int>(
         "--baseline",
         [&a](int given) { a.overrides.push_back([&a, given] { a.baseline = given; }); },
         "random networks of the same bounds that get the same final training (default: 10, demo "
         "4)")
      ->check(CLI::Range(0, 1'000'000))
      ->group(kTraining);
  number("--final-epochs", a.final_epochs,
         "of a final training (default: the longest of the search)", kTraining);
}

std::string new_run_directory(const Arguments& a) {
  const std::time_t now = std::time(nullptr);
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", std::localtime(&now));
  const std::string data = std::filesystem::path(a.data).filename().string();
  return "runs/" + data + "-" + a.setting + "-" + stamp;
}

Json to_json(const Finalist& finalist, const SepConvSpace& space) {
  Json json{{"architecture", to_string(finalist.architecture)},
            {"parameters", space.parameters(finalist.architecture)},
            {"macs", space.macs(finalist.architecture)},
            {"search_accuracy", finalist.judgement.accuracy.percent()},
            {"search_epochs", finalist.judgement.epochs}};
  for (const FinalAccuracy& final : finalist.finals) {
    json["final_held_out"].push_back(final.held_out.percent());
    json["final_test"].push_back(final.test.percent());
  }
  return json;
}

Json to_json(const Cost& cost) {
  return {{"trials", cost.trials},
          {"failures", cost.failures},
          {"epochs", cost.epochs},
          {"seconds", cost.seconds}};
}

/// One search with everything that belongs to it.
class Run {
 public:
  explicit Run(const Arguments& arguments)
      : a_(arguments),
        device_(a_.device),
        evaluator_(parted_data(), {.recipe = a_.recipe,
                                   .device = device_,
                                   .threads = a_.threads,
                                   .paper_mode = a_.paper_mode,
                                   .checkpoints = std::filesystem::path(a_.run_dir) / "checkpoints",
                                   .precision = parse_precision(a_.precision)}),
        journal_(checked_directory(), {.fork = a_.fork}),
        page_(a_.search, journal_.directory()) {}

  int go() {
    announce();
    std::optional<Baseline> baseline;
    if (!a_.search_only && !a_.no_random_search)
      baseline.emplace(a_.search.ranker, a_.search.space, evaluator_, a_.run.seed,
                       journal_.directory() / "random-search", has_idle_core());
    try {
      const auto found = search(baseline);
      if (interrupted()) return report_best(found);
      return a_.search_only ? report_found(found) : compare(found, baseline);
    } catch (const NothingJudged& nothing) {
      if (!interrupted()) throw;
      std::fprintf(stderr, "%s\n", nothing.what());
      return kInterrupted;
    }
  }

 private:
  /// Callback: lets the random search run beside this one, no further than this one.
  struct Pace {
    std::optional<Baseline>& baseline;
    std::int64_t epochs = 0;
    void on_outcome(const Trial<Architecture>&, const Outcome& outcome) {
      epochs += outcome.epochs;
      if (baseline) baseline->search_spent(epochs);
    }
  };

  HoldOut parted_data() {
    const Dataset data = open_dataset(a_.data, a_.data_dir);
    content_ = data.check_content().words;
    return data.hold_out(a_.split);
  }

  /// One for the random search, so that it need not wait until the search has ended.
  bool has_idle_core() const {
    return a_.isolation == "none" &&  // which must begin before any thread
           static_cast<unsigned>(a_.workers) < std::thread::hardware_concurrency();
  }

  AnyExecutor<SepConvSpace, TorchEvaluator<>> workers() const {
    using Any = AnyExecutor<SepConvSpace, TorchEvaluator<>>;
    if (a_.isolation == "process") return Any(Processes(a_.workers));
    return a_.workers > 1 ? Any(Threads(a_.workers)) : Any(Inline());
  }

  static constexpr int kInterrupted = 130;  // as a shell reports SIGINT

  bool interrupted() const { return !interrupt_.stop().empty(); }

  Found<SepConvSpace> search(std::optional<Baseline>& baseline) {
    Pace pace{baseline};
    StopAfter limit(a_.max_seconds > 0 ? a_.max_seconds : 1e9);
    Progress progress(a_.search, a_.run);
    WantedBoard board;
    if (!a_.tensorboard.empty()) board.wanted.emplace(a_.tensorboard);
    auto found = a_.search.run(evaluator_, a_.run, journal_, page_, progress, history_, pace,
                               interrupt_, limit, board, workers());
    document_["speculation"] = {{"started", found.speculation.started},
                                {"used", found.speculation.used},
                                {"wasted", found.speculation.wasted()}};
    document_["found"] = {{"architecture", to_string(found.architecture)}};
    document_["cost"] = to_json(found.cost);
    document_["stopped"] = found.stopped;
    if (found.judgement.failed) throw std::runtime_error(found.summary());
    return found;
  }

  /// Trains the found network, the starting one and random search's on equal terms.
  int compare(const Found<SepConvSpace>& found, std::optional<Baseline>& baseline) {
    const auto& start = history_.entries.front();
    std::vector<Finalist> finalists{
        {"found", found.architecture, found.judgement, a_.seeds},
        {"start", start.trial.architecture(), Judgement(start.outcome), a_.seeds}};
    if (baseline) add_random(*baseline, found.cost.epochs, finalists);
    if (interrupted()) return report_best(found);
    if (a_.final_epochs == 0)
      for (const auto& [trial, outcome] : history_.entries)
        a_.final_epochs = std::max(a_.final_epochs, trial.fidelity.epochs);
    std::fprintf(stderr, "final training from scratch, %d epochs each ...\n", a_.final_epochs);
    try {
      train(finalists);
    } catch (const Cancelled&) {
      return report_best(found);
    }
    conclude(found, finalists);
    return 0;
  }

  /// The finalists and the baseline of random networks; each opens the test set.
  void train(std::vector<Finalist>& finalists) {
    struct Watch : Monitor {
      const StopOnInterrupt& interrupt;
      explicit Watch(const StopOnInterrupt& i) : interrupt(i) {}
      bool cancelled() override { return !interrupt.stop().empty(); }
    };
    FinalTrainings kept(journal_.directory());
    networks_ = RandomNetworks(a_.baseline, a_.search.space, a_.run.seed);
    std::vector<Finalist*> all;
    for (Finalist& finalist : finalists) all.push_back(&finalist);
    for (Finalist& network : networks_.list()) all.push_back(&network);
    FinalPhase phase(kept, a_.final_epochs, a_.run.seed,
                     [&](const Architecture& architecture, int epochs, std::uint64_t seed) {
                       Watch watch(interrupt_);
                       return evaluator_.final_accuracy(
                           {a_.search.space.describe(architecture), {.epochs = epochs}, seed},
                           watch);
                     });
    phase.run(all);
    document_["test_set_opened"] = kept.times_opened();
  }

  /// Called once all input is known to be good: only then is anything written.
  std::string checked_directory() {
    a_.search.space.fit_to(evaluator_.problem());
    a_.search.space.check();
    return a_.run_dir;
  }

  void announce() {
    const HoldOut& data = evaluator_.data();
    const SepConvSpace& space = a_.search.space;
    std::fprintf(stderr,
                 "%s: %d images to train on, %d %s; depth %d..%d, width %d..%d by %d; seed %llu, "
                 "device %s\n",
                 data.name.c_str(), data.train.size(),
                 a_.paper_mode ? data.test.size() : data.held_out.size(),
                 evaluator_.signal_name().c_str(), space.depth.min, space.depth.max,
                 space.width.min, space.width.max, space.width.step,
                 static_cast<unsigned long long>(a_.run.seed), device_.type().c_str());
    std::fprintf(stderr, "%s: %s\n", data.name.c_str(), content_.c_str());
    if (a_.paper_mode) std::fprintf(stderr, "%s\n", evaluator_.caveat().c_str());
    document_ = {{"data", data.name},
                 {"data_checksums", content_},
                 {"setting", a_.setting},
                 {"seed", a_.run.seed},
                 {"run_dir", a_.run_dir},
                 {"paper_mode", a_.paper_mode},
                 {"signal", evaluator_.signal_name()},
                 {"train_images", data.train.size()},
                 {"held_out_images", data.held_out.size()},
                 {"test_images", data.test.size()},
                 {"machine", evaluator_.machine()}};
  }

  void add_random(Baseline& baseline, std::int64_t epochs, std::vector<Finalist>& finalists) {
    std::fprintf(stderr, "random search at equal cost, %lld epochs ...\n",
                 static_cast<long long>(epochs));
    try {
      const auto random = baseline.finish(epochs, interrupt_, workers());
      document_["random_cost"] = to_json(random.cost);
      random_summary_ = random.summary();
      finalists.push_back({"random", random.architecture, random.judgement, a_.seeds});
    } catch (const NothingJudged&) {
      random_summary_ = "these epochs pay for no candidate";
    }
  }

  int report_best(const Found<SepConvSpace>& found) {
    std::fprintf(stderr, "interrupted; the same command with --run-dir %s goes on from here\n",
                 a_.run_dir.c_str());
    print(found, "best so far");
    return kInterrupted;
  }

  int report_found(const Found<SepConvSpace>& found) {
    write_result();
    print(found, "found");
    return 0;
  }

  void print(const Found<SepConvSpace>& found, const char* what) const {
    if (a_.json)
      std::printf("%s\n", document_.dump(2).c_str());
    else
      std::printf("%s: %s\n%s\n", what, to_string(found.architecture).c_str(),
                  found.summary().c_str());
  }

  void conclude(const Found<SepConvSpace>& found, const std::vector<Finalist>& finalists) {
    for (const Finalist& finalist : finalists)
      document_[finalist.name] = to_json(finalist, a_.search.space);
    document_["final_epochs"] = a_.final_epochs;
    if (a_.seeds > 1)  // beside the gain that a deeper network must bring
      document_["seed_noise"] = {
          {"held_out", seed_noise(finalists.front().finals, &FinalAccuracy::held_out)},
          {"test", seed_noise(finalists.front().finals, &FinalAccuracy::test)},
          {"grow_gain", a_.search.strategy.grow.gain}};
    if (!networks_.empty())
      document_["baseline"] = networks_.to_json(a_.search.space, finalists.front());
    write_result();
    std::error_code ignored;  // of guesses that were given up: nobody goes on from them now
    std::filesystem::remove_all(journal_.directory() / "checkpoints", ignored);
    if (a_.json)
      std::printf("%s\n", document_.dump(2).c_str());
    else
      print(found, finalists);
  }

  void print(const Found<SepConvSpace>& found, const std::vector<Finalist>& finalists) const {
    const int extent = a_.search.space.problem.image.height;
    std::printf("\nfound: %s\n%s\n\n%s\n", to_string(found.architecture).c_str(),
                in_words(found.architecture).c_str(), draw(found.architecture, extent).c_str());
    std::printf("%-32s %11s %10s  %-16s %s\n", "", "parameters", "in search", "held-out, final",
                "test, final");
    const std::pair<const char*, const char*> labels[] = {
        {"found", "found network"},
        {"start", "starting network"},
        {"random", "random search at equal cost"}};
    for (const Finalist& finalist : finalists) {
      const char* label = std::find_if(std::begin(labels), std::end(labels), [&](const auto& l) {
                            return finalist.name == l.first;
                          })->second;
      std::printf("%-32s %11lld %8.2f %%  %-16s %s\n", label,
                  static_cast<long long>(a_.search.space.parameters(finalist.architecture)),
                  finalist.judgement.accuracy.percent(),
                  mean_text(finalist, &FinalAccuracy::held_out).c_str(),
                  mean_text(finalist, &FinalAccuracy::test).c_str());
    }
    print_baseline(finalists.front());
    if (a_.seeds > 1)
      std::printf(
          "\nseed noise of the found network: %.2f points on held-out images (standard "
          "deviation); Grow accepts a gain of %.2f\n",
          seed_noise(finalists.front().finals, &FinalAccuracy::held_out),
          a_.search.strategy.grow.gain);
    std::printf(
        "\nfinal: trained from scratch for %d epochs%s on the %d training images; \"in search\" is "
        "after fewer epochs\nsearch: %s\nrandom search: %s\n",
        a_.final_epochs,
        a_.seeds > 1
            ? (", " + std::to_string(a_.seeds) + " seeds, +- their standard deviation,").c_str()
            : "",
        evaluator_.data().train.size(), found.summary().c_str(), random_summary_.c_str());
    std::printf("run directory: %s (report.html, journal.jsonl, result.json)\n",
                a_.run_dir.c_str());
  }

  /// Mean and, over several seeds, standard deviation.
  static std::string mean_text(const Finalist& finalist, Accuracy FinalAccuracy::*which) {
    const std::vector<double> values = percents(finalist.finals, which);
    const Estimate mean = mean_of(values);
    char line[40];
    std::snprintf(line, sizeof line, values.size() > 1 ? "%.2f +- %.2f %%" : "%.2f %%", mean.value,
                  seed_noise(finalist.finals, which));
    return line;
  }

  /// Random networks beside the found one, and its relative improvement (paper 4.1).
  void print_baseline(const Finalist& found) const {
    if (networks_.empty()) return;
    const Spread held = networks_.spread(&FinalAccuracy::held_out);
    const Spread test = networks_.spread(&FinalAccuracy::test);
    const Estimate ours = mean_of(percents(found.finals, &FinalAccuracy::test));
    const auto row = [&](const char* what, Estimate in_held_out, Estimate in_test) {
      char label[40];
      std::snprintf(label, sizeof label, "%s of %zu random networks", what, networks_.size());
      const Estimate better = relative_improvement(ours, in_test);
      const std::string error = std::isfinite(better.error)
                                    ? ", standard error " + fixed(better.error, 2)
                                    : std::string();
      std::printf("%-32s %11s %10s  %5.2f %%          %.2f %%, RI %+.2f%s\n", label, "", "",
                  in_held_out.value, in_test.value, better.value, error.c_str());
    };
    row("mean", held.mean, test.mean);
    row("median", held.median, test.median);
    row("best", held.best, test.best);
  }

  void write_result() {
    const auto path = journal_.directory() / "result.json";
    auto partial = path;
    partial += ".partial";
    std::ofstream file(partial);
    file << document_.dump(2) << '\n';
    file.close();
    if (!file) throw std::runtime_error(partial.string() + " cannot be written");
    std::filesystem::rename(partial, path);
    page_.write();
    if (!page_.failure().empty()) std::fprintf(stderr, "%s\n", page_.failure().c_str());
  }

  Arguments a_;
  std::string content_;  // of the data set: whether it is the published one
  Device device_;
  TorchEvaluator<> evaluator_;
  Journal journal_;
  RunPage<PaperSearch> page_;
  History<SepConvSpace> history_;
  StopOnInterrupt interrupt_;
  Json document_;
  RandomNetworks networks_;
  std::string random_summary_ = "left out";
};

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  CLI::App app{"Searches a network for images by the paper's greedy macro-micro search."};
  Arguments arguments;
  declare(app, arguments);
  return run_program(app, argc, argv, [&] {
    apply_setting(arguments);
    for (const auto& override : arguments.overrides) override();
    if (arguments.run_dir.empty()) arguments.run_dir = new_run_directory(arguments);
    return Run(arguments).go();
  });
}
