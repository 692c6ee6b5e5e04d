// Repeats trainings that another implementation recorded step by step, and compares every number.
//
//   check_parity [--layout nchw|nhwc] DIR...
//
// A fixture directory holds arch.json, weights, batches and expected numbers (tests/data/parity has
// some, made with the paper authors' code, and says what the files mean), or the cases of an
// augmentation. A number agrees if it is within 10 times its recorded drift plus 1e-6 of it; counts
// must be exact but for images that the recording itself calls undecided.
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <nascent/data/read_text.hpp>
#include <nascent/data/safetensors.hpp>
#include <nascent/evaluator/parity_fixture.hpp>
#include <nascent/nascent.hpp>
#include <nascent/train/named_tensors.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "check_parity/augmentation.hpp"
#include "check_parity/comparison.hpp"
#include "check_parity/tensors.hpp"
#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;
using Directory = std::filesystem::path;

/// Float tensor of a file, with its shape.
at::Tensor tensor(const Safetensors& file, const std::string& name) {
  const std::vector<float> values = file.values<float>(name);
  return at::from_blob(const_cast<float*>(values.data()), file.at(name).shape, at::kFloat).clone();
}

at::Tensor labels(const Safetensors& file, const std::string& name) {
  const std::vector<std::int64_t> values = file.values<std::int64_t>(name);
  return at::from_blob(const_cast<std::int64_t*>(values.data()), file.at(name).shape, at::kLong)
      .clone();
}

/// Network, recipe and batches of a fixture.
struct Fixture {
  explicit Fixture(const Directory& where)
      : directory(where),
        arch(parse_parity_architecture(read_text(where / "arch.json"),
                                       (where / "arch.json").string())),
        batches(read_tensors(where / "batches.safetensors")),
        x(tensor(batches, "x")),
        eval_x(tensor(batches, "eval_x")),
        y(labels(batches, "y")),
        eval_y(labels(batches, "eval_y")) {
    if (x.dim() != 5 || x.size(0) != steps() || x.size(1) != arch.batch ||
        x.size(2) != arch.in_channels || x.numel() == 0 || eval_x.dim() != 4 ||
        eval_x.size(1) != arch.in_channels || eval_x.numel() == 0 || y.dim() != 2 ||
        y.size(0) != steps() || y.size(1) != arch.batch || eval_y.dim() != 1 ||
        eval_y.size(0) != eval_x.size(0) || !are_classes(y) || !are_classes(eval_y))
      throw DataError(
          (where / "batches.safetensors").string() +
          ": its tensors do not have the shapes and classes that arch.json says; restore "
          "them");
    description = arch.describe(static_cast<int>(x.size(3)), static_cast<int>(x.size(4)));
  }

  std::int64_t steps() const { return std::int64_t{arch.epochs} * arch.steps_per_epoch; }

  bool are_classes(const at::Tensor& labels) const {
    return labels.min().item<std::int64_t>() >= 0 &&
           labels.max().item<std::int64_t>() < arch.classes;
  }

  Directory directory;
  ParityArchitecture arch;
  Safetensors batches;
  at::Tensor x, eval_x, y, eval_y;
  NetworkDescription description;
};

/// What another implementation computed from one start of a fixture.
struct Expected {
  Expected(const Fixture& fixture, const std::string& start)
      : all(FixtureJson::read(fixture.directory / ("expected" + start + ".json"))),
        steps(list("steps", fixture.steps())),
        epochs(list("epochs", fixture.arch.epochs)),
        tensors(all.objects("tensors")) {
    const Directory path = fixture.directory / ("eval_logits" + start + ".safetensors");
    const Safetensors file = read_tensors(path);
    require_shape(file, path, "eval_logits", {fixture.eval_x.size(0), fixture.arch.classes});
    logits = tensor(file, "eval_logits");
  }

  FixtureJson all;
  std::vector<FixtureJson> steps, epochs, tensors;
  at::Tensor logits;

 private:
  std::vector<FixtureJson> list(const char* key, std::int64_t wanted) const {
    std::vector<FixtureJson> entries = all.objects(key);
    if (std::int64_t(entries.size()) != wanted)
      all.fail("has " + std::to_string(entries.size()) + " '" + key + "' where arch.json says " +
               std::to_string(wanted));
    return entries;
  }
};

double drift(const FixtureJson& expected, const std::string& quantity) {
  return expected.number(quantity + "_drift", 0, std::numeric_limits<double>::max());
}

int count(const FixtureJson& expected, const std::string& quantity) {
  return expected.count(quantity, 0, std::numeric_limits<int>::max());
}

/// Nascent's own training, from one start of a fixture, compared as it goes.
class Repetition {
 public:
  Repetition(const Fixture& fixture, const std::string& start, MemoryLayout layout,
             at::Device device)
      : fixture_(fixture),
        expected_(fixture, start),
        weights_(read_tensors(fixture.directory / ("weights" + start + ".safetensors"))),
        network_(fixture.description, 0, device, layout) {
    network_.compute_in(Precision::fp32);
    load_tensors(weights_, named_tensors(fixture.description, network_));
  }

  /// Strictly, or only the first step as the README of the fixtures says for channels-last.
  Comparison strict, first_step;

  void run() {
    const ParityArchitecture& arch = fixture_.arch;
    const PaperRecipe recipe{.optimiser = {.learning_rate = arch.learning_rate,
                                           .momentum = arch.momentum,
                                           .weight_decay = arch.weight_decay},
                             .clip = arch.clip};
    const Trainer trainer(recipe, Normalizer(std::vector{0.0}, std::vector{1.0}), true);
    auto state = trainer.start(network_);
    strict.count("parameters (count)", network_.parameters(), arch.parameters, 0);
    for (int epoch = 0; epoch < arch.epochs; ++epoch) {
      for (int step = 0; step < arch.steps_per_epoch; ++step) learn(trainer, state, epoch, step);
      evaluate(epoch);
    }
    compare_tensors();
    compare_logits();
  }

 private:
  void learn(const Trainer<>& trainer, Trainer<>::State& state, int epoch, int step_of_epoch) {
    const ParityArchitecture& arch = fixture_.arch;
    const int step = epoch * arch.steps_per_epoch + step_of_epoch;
    const FixtureJson& expected = expected_.steps[std::size_t(step)];
    const double rate = trainer.recipe().learning_rate_at(
        {epoch, arch.epochs, step_of_epoch, arch.steps_per_epoch});
    const at::Tensor y = fixture_.y[step].to(network_.device());
    const at::Tensor x = fixture_.x[step].to(network_.device());
    const auto done = trainer.learn(network_, state, {x, y}, rate);
    ++steps_learned_;
    strict.within("learning rate", rate, expected.number("lr"), 1e-15);
    compare("loss", done.loss.item<double>(), expected, "loss", step, 1e-3);
    compare("gradient norm", done.gradient_norm.item<double>(), expected, "grad_norm", step,
            .01 * expected.number("grad_norm"));
    strict.count("right answers, training", correct(done.logits, y), count(expected, "correct"),
                 count(expected, "correct_slack"));
  }

  void evaluate(int epoch) {
    const at::NoGradGuard guard;
    const FixtureJson& expected = expected_.epochs[std::size_t(epoch)];
    last_ = network_.forward(fixture_.eval_x.to(network_.device()), false).cpu();
    compare("loss, evaluation", at::cross_entropy_loss(last_, fixture_.eval_y).item<double>(),
            expected, "eval_loss");
    strict.count("right answers, evaluation", correct(last_, fixture_.eval_y),
                 count(expected, "eval_correct"), count(expected, "eval_correct_slack"));
  }

  void compare(const std::string& quantity, double got, const FixtureJson& expected,
               const std::string& field) {
    strict.number(quantity, got, expected.number(field), drift(expected, field));
  }

  void compare(const std::string& quantity, double got, const FixtureJson& expected,
               const std::string& field, int step, double loose) {
    compare(quantity, got, expected, field);
    if (step == 0) first_step.within(quantity + ", step 0", got, expected.number(field), loose);
  }

  void compare_tensors() {
    const at::NoGradGuard guard;
    std::map<std::string, at::Tensor> named;
    double parameters = 0, all = 0;
    for (const NamedTensor& tensor : named_tensors(fixture_.description, network_)) {
      named[tensor.name] = tensor.values.cpu().to(at::kDouble).flatten();
      const auto sum = named[tensor.name].sum().item<double>();
      all += sum;
      if (!is_statistic(tensor.name)) parameters += sum;
    }
    compare("parameters", parameters, expected_.all, "sum_of_parameters");
    compare("running statistics", all, expected_.all, "sum_of_all");
    for (const auto& [name, values] : batches_tracked()) named[name] = values;
    for (const FixtureJson& expected : expected_.tensors) {
      const std::string name = expected.text("name");
      const auto found = named.extract(name);
      if (found.empty())
        expected.fail("names '" + name +
                      "', which the network does not have or another entry is of");
      compare_tensor(name, found.mapped(), expected);
    }
    if (!named.empty())
      expected_.all.fail("has no entry in 'tensors' for '" + named.begin()->first + "'");
  }

  /// Steps that each batch norm has seen: as many as before the training, and all of it.
  std::map<std::string, at::Tensor> batches_tracked() const {
    std::map<std::string, at::Tensor> tracked;
    for (const auto& [name, tensor] : weights_.tensors())
      if (is_count(name))
        tracked[name] = labels(weights_, name).flatten().to(at::kDouble) + double(steps_learned_);
    return tracked;
  }

  void compare_tensor(const std::string& name, const at::Tensor& values,
                      const FixtureJson& expected) {
    const std::string what = is_count(name)       ? "batches tracked"
                             : is_statistic(name) ? "running statistics"
                                                  : "parameters";
    const auto compare_one = [&](double got, double wanted, const char* field) {
      if (is_count(name))
        strict.within(what, got, wanted, Comparison::kExact);
      else
        strict.number(what, got, wanted, drift(expected, field));
    };
    compare_one(values.norm().item<double>(), expected.number("l2"), "l2");
    compare_one(values.sum().item<double>(), expected.number("sum"), "sum");
    const std::vector<double> first = expected.numbers("first");
    if (std::int64_t(first.size()) > values.numel())
      expected.fail("has more numbers in 'first' than the tensor");
    for (std::size_t i = 0; i < first.size(); ++i)
      compare_one(values[std::int64_t(i)].item<double>(), first[i], "first");
  }

  void compare_logits() {
    const double apart = drift(expected_.all, "eval_logits");
    const at::Tensor got = last_.flatten(), wanted = expected_.logits.flatten();
    for (std::int64_t i = 0; i < got.numel(); ++i)
      strict.number("logits, evaluation", got[i].item<double>(), wanted[i].item<double>(), apart);
  }

  static bool is_statistic(const std::string& name) {
    return name.find("running_") != std::string::npos;
  }

  static bool is_count(const std::string& name) { return name.ends_with("num_batches_tracked"); }

  static std::int64_t correct(const at::Tensor& logits, const at::Tensor& labels) {
    return logits.argmax(1).eq(labels).sum().item<std::int64_t>();
  }

  const Fixture& fixture_;
  Expected expected_;
  Safetensors weights_;
  at::Tensor last_;  // logits of the last evaluation
  Network network_;
  std::int64_t steps_learned_ = 0;
};

struct Report {
  Json json = Json::array();
  int passed = 0, failed = 0;

  /// Returns the entry of the JSON document.
  Json& add(const std::string& name, const Comparison& comparison, bool strict = true) {
    (comparison.passed() ? passed : failed) += 1;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), comparison.passed() ? "passed" : "FAILED");
    json.push_back({{"fixture", name},
                    {"passed", comparison.passed()},
                    {"strict", strict},
                    {"differences", comparison.to_json()}});
    return json.back();
  }
};

void check(const Directory& directory, MemoryLayout layout, at::Device device, bool print,
           Report& report) {
  const auto show = [&](const std::string& name, const Comparison& comparison) {
    if (!print) return;
    std::printf("%s\n", name.c_str());
    comparison.print();
  };
  const std::string name =
      std::filesystem::absolute(directory).lexically_normal().filename().empty()
          ? directory.parent_path().filename().string()
          : directory.filename().string();
  if (std::filesystem::exists(directory / "params.json")) {
    const Comparison comparison = AugmentationCheck(directory).compare();
    show(name, comparison);
    report.add(name, comparison);
    return;
  }
  const Fixture fixture(directory);
  for (const std::string start : {"", "-warm"}) {
    if (!std::filesystem::exists(directory / ("expected" + start + ".json"))) {
      if (start.empty()) throw DataError(directory.string() + " has no expected.json; restore it");
      continue;
    }
    Repetition repetition(fixture, start, layout, device);
    repetition.run();
    show(name + start, repetition.strict);
    if (layout == MemoryLayout::nchw) {
      report.add(name + start, repetition.strict);
      continue;
    }
    show(name + start + ", the looser rule for channels-last", repetition.first_step);
    std::fprintf(stderr, "%s%s: channels-last %s the strict rule\n", name.c_str(), start.c_str(),
                 repetition.strict.passed() ? "reaches" : "does not reach");
    report.add(name + start, repetition.first_step,
               repetition.strict.passed())["strict_differences"] = repetition.strict.to_json();
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Repeats recorded trainings and compares every number."};
  std::vector<std::string> directories;
  std::string layout = "nchw", device = "cpu";
  bool json = false;
  app.add_option("directories", directories, "fixture directories")->required();
  app.add_option("--layout", layout, "of activations: nchw, or nhwc, the fast path")
      ->check(CLI::IsMember({"nchw", "nhwc"}))
      ->capture_default_str();
  app.add_option("--device", device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_flag("--json", json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    const IntraOpThreads threads(1);
    Report report;
    const Device where(device);
    const Products exact(where, Precision::fp32);
    for (const std::string& directory : directories)
      check(directory, layout == "nchw" ? MemoryLayout::nchw : MemoryLayout::nhwc, where, !json,
            report);
    if (json)
      std::printf("%s\n", Json{{"layout", layout}, {"fixtures", report.json}}.dump(2).c_str());
    else
      std::printf("%d passed, %d failed\n", report.passed, report.failed);
    return report.failed == 0 ? 0 : 1;
  });
}
