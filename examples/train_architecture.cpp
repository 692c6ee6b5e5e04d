// The final training of one network: long, resumable, the test set opened once at the end.
//
//   train_architecture --run runs/first --epochs 600
//   train_architecture --architecture "d4 w16 ops=sscs kernels=3353" --data cifar10 --data-dir DIR
//
// The same command goes on where the last one ended, bit for bit.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nascent/data/open_dataset.hpp>
#include <nascent/data/read_text.hpp>
#include <nascent/export/trained_network.hpp>
#include <nascent/nascent.hpp>
#include <nascent/search/stopwatch.hpp>
#include <nascent/train/allocator.hpp>
#include <nascent/train/checkpoint.hpp>
#include <nascent/train/loss/label_smoothing.hpp>
#include <nascent/train/optimiser/adamw.hpp>
#include <nascent/train/schedule/one_cycle.hpp>
#include <nascent/train/torch_errors.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"
#include "train_architecture/searched.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string run, architecture, data = "fashion-mnist", data_dir, out, device = "auto";
  std::string recipe = "paper", precision = "tf32";
  std::string remark;  // about --run
  int epochs = 600, batch = 64, threads = 1, train_images = 0, held_out_images = 0;
  double held_out = 0.1, learning_rate = 0, checkpoint_seconds = 30;
  std::uint64_t seed = 1;
  bool json = false;
};

/// The network that a search found, or has found so far, and, unless --data says another one, its
/// data set.
void take_over(Arguments& a, bool data_given) {
  const Searched searched = read_search(a.run);
  a.architecture = searched.architecture;
  a.remark = searched.remark;
  if (data_given) return;
  if (searched.data.empty())
    throw DataError(a.run + " does not say what data it searched on; give --data");
  a.data = searched.data;
}

/// Parts the training images; a share of 0 holds none out.
HoldOut part(const Dataset& data, const Arguments& a) {
  if (a.held_out_images > 0 || a.held_out > 0)
    return data.hold_out({a.held_out, a.held_out_images, a.train_images, 0});
  if (a.train_images == 0 || a.train_images == data.train.size())
    return {data.name, data.train,     {},       SealedImages(data.test),
            data.mean, data.deviation, data.flip};
  HoldOut parted = data.hold_out({0, data.train.size() - a.train_images, a.train_images, 0});
  parted.held_out = {};
  return parted;
}

void write_whole(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path partial = path;
  partial += ".partial";
  std::ofstream file(partial);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path.string() + " cannot be written");
  std::filesystem::rename(partial, path);
}

struct Watch : Monitor {
  StopOnInterrupt interrupt;
  bool cancelled() override { return !interrupt.stop().empty(); }
};

/// One training from its start, or from its checkpoint, to its end.
template <class RecipeType>
class Training {
 public:
  Training(const Arguments& arguments, RecipeType recipe)
      : a_(arguments),
        architecture_(parse_architecture(a_.architecture)),
        device_(a_.device),
        data_(parted_data()),
        trainer_(std::move(recipe), Normalizer(data_.mean, data_.deviation), data_.flip),
        description_(describe()),
        network_(description_, stable_hash("weights", mix(a_.seed)), device_),
        state_(trainer_.start(network_)),
        directory_(a_.out) {
    network_.compute_in(parse_precision(a_.precision));
  }

  int go() {
    std::filesystem::create_directories(directory_);
    if (std::filesystem::exists(directory_ / "checkpoint.safetensors")) resume();
    const IntraOpThreads threads(a_.threads);
    announce();
    try {
      while (state_.epoch < a_.epochs) epoch();
    } catch (const Cancelled&) {
      // The interrupted epoch has changed the network; the checkpoint is of the last whole one.
      if (epochs_here_ > 0) checkpoint_.write(directory_ / "checkpoint.safetensors");
      std::fprintf(stderr, "interrupted; the same command with --out %s goes on from here\n",
                   a_.out.c_str());
      return 130;
    }
    conclude();
    return 0;
  }

 private:
  using Optimiser = decltype(RecipeType::optimiser);

  HoldOut parted_data() {
    const Dataset data = open_dataset(a_.data, a_.data_dir);
    content_ = data.check_content().words;
    class_names_ = data.class_names;
    return part(data, a_);
  }

  void announce() const {
    if (!a_.remark.empty()) std::fprintf(stderr, "%s %s\n", a_.run.c_str(), a_.remark.c_str());
    std::fprintf(stderr, "%s: %s\n", data_.name.c_str(), content_.c_str());
    std::fprintf(stderr, "%s: %lld parameters, %d images to train on, %d held out; %d epochs\n",
                 to_string(architecture_).c_str(), static_cast<long long>(network_.parameters()),
                 data_.train.size(), data_.held_out.size(), a_.epochs);
  }

  NetworkDescription describe() {
    TrgSpace space;
    space.depth = {.min = 3, .max = std::max(3, architecture_.depth())};
    space.width = {.min = 1, .max = std::max(1, architecture_.width), .step = 1};
    space.fit_to({trainer_.recipe().augmentation.output(data_.train.image), data_.train.classes});
    space.require(architecture_);
    return space.describe(architecture_);
  }

  /// What a checkpoint must agree with; --epochs too, since the schedule depends on it.
  TrainingProtocol protocol() const {
    OptionList list;
    append_options(list, "recipe", trainer_.recipe());
    TrainingProtocol protocol;
    protocol["recipe"] = meta::type_name<RecipeType>();
    for (const auto& [name, value] : list) protocol[name] = value;
    protocol["architecture"] = to_string(architecture_);
    protocol["data"] = data_.name;
    protocol["train_checksum"] = std::to_string(data_.train.checksum());
    protocol["held_out_checksum"] = std::to_string(data_.held_out.checksum());
    protocol["epochs"] = std::to_string(a_.epochs);
    protocol["seed"] = std::to_string(a_.seed);
    protocol["threads"] = std::to_string(a_.threads);
    protocol["device"] = device_.type();
    if (!device_.is_cpu()) protocol["precision"] = a_.precision;
    protocol["instruction_set"] = device_.is_cpu() ? cpu::kernels().instruction_set : "";
    return protocol;
  }

  void resume() {
    load_checkpoint<Optimiser>(directory_ / "checkpoint.safetensors", description_, network_,
                               state_, protocol_);
    const auto best = directory_ / "best.json";
    if (std::filesystem::exists(best)) {
      const Json json = Json::parse(read_text(best), nullptr, false);
      if (json.is_object() && json.value("epoch", 0) <= state_.epoch)
        best_ = {json.value("epoch", 0),
                 {json.value("correct", std::int64_t{0}), json.value("total", std::int64_t{0})}};
    }
    std::fprintf(stderr, "goes on after epoch %d\n", state_.epoch);
  }

  void epoch() {
    EpochReport report =
        trainer_.train_epoch(network_, state_, data_.train, a_.epochs, a_.seed, watch_);
    if (data_.held_out.size() > 0) {
      report.evaluated = trainer_.evaluate(network_, data_.held_out);
      if (best_.epoch == 0 || report.evaluated.more_than(best_.accuracy)) keep_best(report);
    }
    const bool last = state_.epoch == a_.epochs;
    checkpoint_ = checkpoint_of<Optimiser>(description_, network_, state_, steps_done(), protocol_);
    if (last || since_saved_.seconds() >= a_.checkpoint_seconds) {
      checkpoint_.write(directory_ / "checkpoint.safetensors");
      since_saved_ = Stopwatch();
    }
    ++epochs_here_;
    const double left = used_.seconds() / epochs_here_ * (a_.epochs - state_.epoch);
    std::fprintf(stderr, "epoch %d of %d: loss %.4f, train %.2f %%", report.epoch, report.epochs,
                 report.loss, report.train.percent());
    if (report.evaluated.total > 0)
      std::fprintf(stderr, ", held-out %.2f %%", report.evaluated.percent());
    std::fprintf(stderr, ", about %.0f s left\n", left);
  }

  void keep_best(const EpochReport& report) {
    best_ = {report.epoch, report.evaluated};
    save_network(directory_ / "best.safetensors");
    write_whole(directory_ / "best.json", Json{{"epoch", best_.epoch},
                                               {"correct", best_.accuracy.correct},
                                               {"total", best_.accuracy.total}}
                                              .dump());
  }

  void save_network(const std::filesystem::path& path) {
    TrainedNetwork trained{description_, {}, data_.mean, data_.deviation, class_names_};
    add_network(trained.weights, description_, network_, steps_done());
    trained.weights.metadata = {{"architecture", to_string(architecture_)},
                                {"epoch", std::to_string(state_.epoch)}};
    trained.write(path);
  }

  std::int64_t steps_done() const {
    const int batch = trainer_.recipe().batch;
    return std::int64_t{state_.epoch} * ((data_.train.size() + batch - 1) / batch);
  }

  /// Opens the test set, once, for the last epoch and for the best by the held-out images.
  void conclude() {
    save_network(directory_ / "last.safetensors");
    const ImageSet& test = FinalEvaluation::look(data_.test);
    Json result{{"architecture", to_string(architecture_)},
                {"parameters", network_.parameters()},
                {"data", data_.name},
                {"recipe", a_.recipe},
                {"epochs", a_.epochs},
                {"seed", a_.seed}};
    const auto add = [&](const char* which, int epoch, const Accuracy& held_out) {
      const Accuracy accuracy = trainer_.evaluate(network_, test);
      result[which] = {{"epoch", epoch}, {"test_accuracy", accuracy.percent()}};
      if (held_out.total > 0) result[which]["held_out_accuracy"] = held_out.percent();
      std::fprintf(stderr, "%s epoch, %d: %.2f %% on the test set\n", which, epoch,
                   accuracy.percent());
    };
    const bool held_out = data_.held_out.size() > 0;
    add("last", a_.epochs, held_out ? trainer_.evaluate(network_, data_.held_out) : Accuracy{});
    if (held_out) {
      load_tensors(Safetensors::read(directory_ / "best.safetensors"),
                   named_tensors(description_, network_));
      add("best", best_.epoch, best_.accuracy);
    }
    result["test_set_opened"] = data_.test.times_opened();
    write_whole(directory_ / "result.json", result.dump(2) + "\n");
    if (a_.json)
      std::printf("%s\n", result.dump(2).c_str());
    else
      std::printf("%s holds last.safetensors%s and result.json\n", a_.out.c_str(),
                  held_out ? ", best.safetensors" : "");
  }

  struct Best {
    int epoch = 0;
    Accuracy accuracy{};
  };

  const Arguments& a_;
  Architecture architecture_;
  Device device_;
  std::string content_;  // of the data set: whether it is the published one
  std::vector<std::string> class_names_;
  HoldOut data_;
  decltype(Trainer(std::declval<RecipeType>(), std::declval<Normalizer>(), true)) trainer_;
  NetworkDescription description_;
  Network network_;
  typename decltype(trainer_)::State state_;
  std::filesystem::path directory_;
  TrainingProtocol protocol_ = protocol();
  Safetensors checkpoint_;  // of the last whole epoch
  Watch watch_;
  Best best_;
  int epochs_here_ = 0;
  Stopwatch used_, since_saved_;
};

template <class RecipeType>
int train(const Arguments& a) {
  RecipeType recipe;
  recipe.batch = a.batch;
  if (a.learning_rate > 0) recipe.optimiser.learning_rate = a.learning_rate;
  return Training<RecipeType>(a, recipe).go();
}

int train_by_recipe(const Arguments& a) {
  if (a.recipe == "adamw") return train<Recipe<AdamW, Cosine, PaperAugment>>(a);
  if (a.recipe == "one-cycle") return train<Recipe<Sgd, OneCycle, PaperAugment, LabelSmoothing>>(a);
  if (a.recipe == "plain") return train<Recipe<Sgd, Cosine, Augment<>>>(a);
  return train<PaperRecipe>(a);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Trains one network to its end and opens the test set once."};
  Arguments a;
  app.add_option("--run", a.run,
                 "directory of a search; trains the network that it found, or has found so far");
  app.add_option("--architecture", a.architecture, "such as \"d4 w16 ops=sscs kernels=3353\"");
  app.add_option("--data", a.data, std::string(kDatasetNames) + "; default: that of --run")
      ->capture_default_str();
  app.add_option("--data-dir", a.data_dir, "where the files of a named data set are");
  app.add_option("--out", a.out,
                 "checkpoint, weights and result (default: training-SEED in --run, "
                 "or runs/training-SEED)");
  const auto positive = CLI::Range(1, 1'000'000'000);
  app.add_option("--epochs", a.epochs)->check(positive)->capture_default_str();
  app.add_option("--recipe", a.recipe,
                 "paper, adamw, one-cycle (with label smoothing) or plain (no augmentation)")
      ->check(CLI::IsMember({"paper", "adamw", "one-cycle", "plain"}))
      ->capture_default_str();
  app.add_option("--batch", a.batch, "images a step")->check(positive)->capture_default_str();
  app.add_option("--learning-rate", a.learning_rate, "default: the recipe's")
      ->check(CLI::PositiveNumber);
  app.add_option("--held-out", a.held_out,
                 "share of the training images that chooses the best epoch; 0 trains on all")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--held-out-images", a.held_out_images, "the same as a number")->check(positive);
  app.add_option("--train-images", a.train_images, "fewer images to train on")->check(positive);
  app.add_option("--seed", a.seed, "of weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--threads", a.threads, "within one operation; part of the protocol")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--precision", a.precision, "of products on a GPU: fp32, tf32 or bf16")
      ->check(CLI::IsMember({"fp32", "tf32", "bf16"}))
      ->capture_default_str();
  app.add_option("--checkpoint-seconds", a.checkpoint_seconds, "between two checkpoints")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    keep_freed_memory();
    if (a.run.empty() == a.architecture.empty())
      throw std::invalid_argument("give one of --run and --architecture");
    if (!a.run.empty()) take_over(a, app.count("--data") > 0);
    if (a.out.empty())
      a.out = (std::filesystem::path(a.run.empty() ? "runs" : a.run) /
               ("training-" + std::to_string(a.seed)))
                  .string();
    return with_short_errors(Device(a.device), [&] { return train_by_recipe(a); });
  });
}
