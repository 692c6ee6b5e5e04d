// What the studies share: the data, the bounds, the recipe, and how trainings are run so that a
// study that was interrupted goes on.
#pragma once

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nascent/data/open_dataset.hpp>
#include <nascent/nascent.hpp>
#include <nascent/study/agreement.hpp>
#include <nascent/tournament/budgets.hpp>
#include <nascent/train/allocator.hpp>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "../program.hpp"

namespace study {

using Json = nlohmann::ordered_json;

/// Options of every study.
struct Arguments {
  std::string data = "fashion-mnist", data_dir, device = "auto", run_dir;
  nascent::SepConvSpace space;
  nascent::HoldOutOptions split;
  nascent::PaperRecipe recipe;
  int threads = 1, workers = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

inline void declare(CLI::App& app, Arguments& a) {
  const auto positive = CLI::Range(1, 1'000'000'000);
  app.add_option("--data", a.data, nascent::kDatasetNames)->capture_default_str();
  app.add_option("--data-dir", a.data_dir, "where the files of a named data set are");
  app.add_option("--train-images", a.split.train_images, "fewer images to train on")
      ->check(positive);
  app.add_option("--held-out-images", a.split.images, "images that measure, instead of a tenth")
      ->check(positive);
  app.add_option("--run-dir", a.run_dir, "journals and CSV files; an earlier run there goes on")
      ->required();
  app.add_option("--seed", a.seed, "of networks, weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--batch", a.recipe.batch, "images a step")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--threads", a.threads, "within one training; part of the protocol")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--workers", a.workers, "trainings side by side")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--depth-min", a.space.depth.min, "smallest depth, layers")->capture_default_str();
  app.add_option("--depth-max", a.space.depth.max, "largest depth, layers")->capture_default_str();
  app.add_option("--width-min", a.space.width.min, "smallest width, channels")
      ->capture_default_str();
  app.add_option("--width-max", a.space.width.max, "largest width, channels")
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
}

/// Options of the epochs that a candidate is trained for.
inline void declare(CLI::App& app, nascent::DynamicEpochRanker& ranker) {
  const auto positive = CLI::Range(1, 1'000'000);
  app.add_option("--epochs-start", ranker.start, "epochs of the first candidate")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--epochs-deeper", ranker.deeper, "epochs more for a layer more")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--epochs-narrower", ranker.narrower, "epochs more for a width step less")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--epochs-micro", ranker.micro, "epochs of the micro search")
      ->check(positive)
      ->capture_default_str();
}

/// The data set, its images parted; `document` begins with its name and checksums.
inline nascent::HoldOut parted(const Arguments& a, Json& document) {
  const nascent::Dataset data = nascent::open_dataset(a.data, a.data_dir);
  document = {{"data", data.name}, {"data_checksums", data.check_content().words}};
  return data.hold_out(a.split);
}

/// Trains by the recipe; what cannot be searched with it is refused before anything is written.
inline nascent::TorchEvaluator<> evaluator(const Arguments& a, nascent::HoldOut data) {
  nascent::TorchEvaluator<> torch(
      std::move(data), {.recipe = a.recipe,
                        .device = nascent::Device(a.device),
                        .threads = a.threads,
                        .checkpoints = std::filesystem::path(a.run_dir) / "checkpoints"});
  nascent::SepConvSpace space = a.space;
  space.fit_to(torch.problem());
  space.check();
  return torch;
}

/// What every result of a study carries.
inline void describe(Json& document, const Arguments& a, const nascent::TorchEvaluator<>& torch) {
  document["train_images"] = torch.data().train.size();
  document["held_out_images"] = torch.data().held_out.size();
  document["machine"] = torch.machine();
  document["seed"] = a.seed;
  document["batch"] = a.recipe.batch;
  document["depth"] = {a.space.depth.min, a.space.depth.max};
  document["width"] = {a.space.width.min, a.space.width.max};
}

/// Callback: a line on standard error for each training.
struct Lines {
  int of = 0, done = 0;

  void on_outcome(const auto& trial, const nascent::Outcome& outcome) {
    const std::string count = of > 0 ? " of " + std::to_string(of) : "";
    std::fprintf(stderr, "%d%s: %s, %d epochs: %s\n", ++done, count.c_str(),
                 to_string(trial.architecture()).c_str(), trial.fidelity.epochs,
                 outcome.ok() ? (nascent::fixed(outcome.accuracy.percent(), 2) + " %").c_str()
                              : outcome.failure.c_str());
  }
};

/// Workers that a study asked for.
template <class Space = nascent::SepConvSpace>
auto workers(const Arguments& a) {
  using Any = nascent::AnyExecutor<Space, nascent::TorchEvaluator<>>;
  return a.workers > 1 ? Any(nascent::Threads(a.workers)) : Any(nascent::Inline());
}

/// Of as many runs of one search: from `--seed` on.
inline nascent::Seeds seeds(const Arguments& a, int count) {
  std::vector<std::uint64_t> list(static_cast<std::size_t>(count));
  std::iota(list.begin(), list.end(), a.seed);
  return list;
}

/// Writes a file of the study, or says that it cannot.
inline void write(const Arguments& a, const char* name, const std::string& text) {
  nascent::detail::write_whole(std::filesystem::path(a.run_dir) / name, text);
}

/// The end of a study: its document, in the run directory and, where asked, on standard output.
inline void conclude(const Arguments& a, const Json& document) {
  const std::string text = document.dump(2) + "\n";
  write(a, "study.json", text);
  if (a.json) std::fputs(text.c_str(), stdout);
}

/// "-" where there is no number.
inline std::string number(double value, int digits) {
  return std::isnan(value) ? "-" : nascent::fixed(value, digits);
}

/// "0.812 [0.701, 0.874]"; "-" where there is no number.
inline std::string with_interval(double value, nascent::Interval interval) {
  if (std::isnan(value)) return "-";
  return nascent::fixed(value, 3) + " [" + nascent::fixed(interval.low, 3) + ", " +
         nascent::fixed(interval.high, 3) + "]";
}

inline Json to_json(const nascent::Agreement& agreement) {
  return {
      {"spearman", agreement.spearman},
      {"spearman_interval", {agreement.spearman_interval.low, agreement.spearman_interval.high}},
      {"kendall", agreement.kendall},
      {"kendall_interval", {agreement.kendall_interval.low, agreement.kendall_interval.high}}};
}

}  // namespace study
