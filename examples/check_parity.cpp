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
#include <map>
#include <nascent/data/safetensors.hpp>
#include <nascent/evaluator/parity_fixture.hpp>
#include <nascent/nascent.hpp>
#include <nascent/train/named_tensors.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;
using Directory = std::filesystem::path;

/// The largest difference of each quantity, and how much of what is tolerated it takes.
class Comparison {
 public:
  void number(const std::string& quantity, double got, double expected, double drift) {
    within(quantity, got, expected, 10 * drift + 1e-6 * std::max(1.0, std::abs(expected)));
  }

  void within(const std::string& quantity, double got, double expected, double tolerance) {
    const double apart = std::abs(got - expected);
    // What is not a number exceeds everything, and stays.
    const auto raise = [](double& most, double value) {
      if (!std::isnan(most) && !(value <= most)) most = value;
    };
    Line& line = lines_[quantity];
    raise(line.apart, apart);
    raise(line.share, apart == 0 ? 0 : apart / tolerance);
  }

  void count(const std::string& quantity, std::int64_t got, std::int64_t expected,
             std::int64_t slack) {
    const auto apart = std::abs(static_cast<double>(got - expected));
    Line& line = lines_[quantity];
    line.apart = std::max(line.apart, apart);
    line.share = std::max(line.share, apart <= double(slack) ? 0.0 : 2.0);
  }

  bool passed() const {
    return std::ranges::all_of(lines_, [](const auto& line) { return line.second.share <= 1; });
  }

  void print() const {
    for (const auto& [quantity, line] : lines_)
      std::printf("  %-26s %10.3g  %8.4f of the tolerance%s\n", quantity.c_str(), line.apart,
                  line.share, line.share <= 1 ? "" : "  FAILED");
  }

  Json to_json() const {
    Json json = Json::object();
    for (const auto& [quantity, line] : lines_)
      json[quantity] = {{"difference", line.apart}, {"of_tolerance", line.share}};
    return json;
  }

 private:
  struct Line {
    double apart = 0, share = 0;
  };
  std::map<std::string, Line> lines_;
};

Json read_json(const Directory& path) {
  Json json = Json::parse(read_text(path), nullptr, false);
  if (!json.is_object()) throw DataError(path.string() + " is not a JSON object; restore it");
  return json;
}

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

struct Fixture {
  explicit Fixture(const Directory& where)
      : directory(where),
        arch(parse_parity_architecture(read_text(where / "arch.json"),
                                       (where / "arch.json").string())),
        batches(Safetensors::read(where / "batches.safetensors")),
        x(tensor(batches, "x")),
        eval_x(tensor(batches, "eval_x")),
        y(labels(batches, "y")),
        eval_y(labels(batches, "eval_y")) {
    const std::int64_t steps = std::int64_t{arch.epochs} * arch.steps_per_epoch;
    if (x.dim() != 5 || x.size(0) != steps || x.size(2) != arch.in_channels || eval_x.dim() != 4 ||
        eval_x.size(1) != arch.in_channels || y.dim() != 2 || y.size(0) != steps ||
        y.size(1) != x.size(1) || x.size(1) != arch.batch || eval_y.numel() != eval_x.size(0) ||
        !are_classes(y) || !are_classes(eval_y))
      throw DataError(
          (where / "batches.safetensors").string() +
          ": its tensors do not have the shapes and classes that arch.json says; restore "
          "them");
    description = arch.describe(static_cast<int>(x.size(3)), static_cast<int>(x.size(4)));
  }

  bool are_classes(const at::Tensor& labels) const {
    return labels.numel() > 0 && labels.min().item<std::int64_t>() >= 0 &&
           labels.max().item<std::int64_t>() < arch.classes;
  }

  Directory directory;
  ParityArchitecture arch;
  Safetensors batches;
  at::Tensor x, eval_x, y, eval_y;
  NetworkDescription description;
};

/// Nascent's own training, from one start of a fixture, compared as it goes.
class Repetition {
 public:
  Repetition(const Fixture& fixture, const std::string& start, MemoryLayout layout)
      : fixture_(fixture),
        expected_(read_json(fixture.directory / ("expected" + start + ".json"))),
        weights_(Safetensors::read(fixture.directory / ("weights" + start + ".safetensors"))),
        logits_(
            tensor(Safetensors::read(fixture.directory / ("eval_logits" + start + ".safetensors")),
                   "eval_logits")),
        network_(fixture.description, 0, at::kCPU, layout) {
    const auto tensors = named_tensors(fixture.description, network_);
    load_tensors(weights_, tensors);
  }

  /// Strictly, or only the first step as the README of the fixtures says for channels-last.
  Comparison strict, first_step;

  void run() {
    try {
      repeat();
    } catch (const nlohmann::json::exception& error) {
      throw DataError((fixture_.directory / "expected.json").string() +
                      " lacks what its README describes (" + error.what() + "); restore it");
    }
  }

 private:
  void repeat() {
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
  }

  void learn(const Trainer<>& trainer, Trainer<>::State& state, int epoch, int step_of_epoch) {
    const ParityArchitecture& arch = fixture_.arch;
    const int step = epoch * arch.steps_per_epoch + step_of_epoch;
    const Json& expected = expected_.at("steps").at(std::size_t(step));
    const double rate = trainer.recipe().learning_rate_at(
        {epoch, arch.epochs, step_of_epoch, arch.steps_per_epoch});
    const at::Tensor y = fixture_.y[step];
    const auto done = trainer.learn(network_, state, {fixture_.x[step], y}, rate);
    strict.within("learning rate", rate, expected.at("lr"), 1e-15);
    compare("loss", done.loss.item<double>(), expected, "loss", step, 1e-3);
    compare("gradient norm", done.gradient_norm.item<double>(), expected, "grad_norm", step,
            .01 * expected.at("grad_norm").get<double>());
    strict.count("right answers, training", correct(done.logits, y), expected.at("correct"),
                 expected.at("correct_slack"));
  }

  void evaluate(int epoch) {
    const at::NoGradGuard guard;
    const Json& expected = expected_.at("epochs").at(std::size_t(epoch));
    last_ = network_.forward(fixture_.eval_x, false);
    strict.number("loss, evaluation", at::cross_entropy_loss(last_, fixture_.eval_y).item<double>(),
                  expected.at("eval_loss"), expected.at("eval_loss_drift"));
    strict.count("right answers, evaluation", correct(last_, fixture_.eval_y),
                 expected.at("eval_correct"), expected.at("eval_correct_slack"));
  }

  void compare(const std::string& quantity, double got, const Json& expected,
               const std::string& field, int step, double loose) {
    strict.number(quantity, got, expected.at(field), expected.at(field + "_drift"));
    if (step == 0) first_step.within(quantity + ", step 0", got, expected.at(field), loose);
  }

  void compare_tensors() {
    const at::NoGradGuard guard;
    std::map<std::string, at::Tensor> named;
    double parameters = 0, all = 0;
    for (const NamedTensor& tensor : named_tensors(fixture_.description, network_)) {
      named[tensor.name] = tensor.values;
      const auto sum = tensor.values.to(at::kDouble).sum().item<double>();
      const bool statistic = is_statistic(tensor.name);
      all += sum;
      if (!statistic) parameters += sum;
    }
    for (const Json& expected : expected_.at("tensors")) {
      const auto name = expected.at("name").get<std::string>();
      if (name.ends_with("num_batches_tracked")) continue;
      if (!named.contains(name))
        throw DataError((fixture_.directory / "expected.json").string() + " names the tensor '" +
                        name + "', which the network of arch.json does not have; restore it");
      compare_tensor(named[name].to(at::kDouble).flatten(), expected,
                     is_statistic(name) ? "running statistics" : "parameters");
    }
    strict.number("parameters", parameters, expected_.at("sum_of_parameters"),
                  expected_.at("sum_of_parameters_drift"));
    strict.number("running statistics", all, expected_.at("sum_of_all"),
                  expected_.at("sum_of_all_drift"));
    const double drift = expected_.at("eval_logits_drift");
    if (last_.sizes() != logits_.sizes())
      throw DataError(fixture_.directory.string() +
                      ": eval_logits has another shape than the network's; restore it");
    const at::Tensor got = last_.flatten(), wanted = logits_.flatten();
    for (std::int64_t i = 0; i < got.numel(); ++i)
      strict.number("logits, evaluation", got[i].item<double>(), wanted[i].item<double>(), drift);
  }

  void compare_tensor(const at::Tensor& values, const Json& expected, const std::string& what) {
    strict.number(what, values.norm().item<double>(), expected.at("l2"), expected.at("l2_drift"));
    strict.number(what, values.sum().item<double>(), expected.at("sum"), expected.at("sum_drift"));
    const Json& first = expected.at("first");
    for (std::size_t i = 0; i < first.size() && std::int64_t(i) < values.numel(); ++i)
      strict.number(what, values[std::int64_t(i)].item<double>(), first.at(i),
                    expected.at("first_drift"));
  }

  static bool is_statistic(const std::string& name) {
    return name.find("running_") != std::string::npos;
  }

  static std::int64_t correct(const at::Tensor& logits, const at::Tensor& labels) {
    return logits.argmax(1).eq(labels).sum().item<std::int64_t>();
  }

  const Fixture& fixture_;
  Json expected_;
  Safetensors weights_;
  at::Tensor logits_, last_;
  Network network_;
};

/// Crop, flip, normalise and cutout of every case, from the same bytes and the same draws.
Comparison check_augmentation(const Directory& directory) {
  const Safetensors file = Safetensors::read(directory / "aug.safetensors");
  const Json params = read_json(directory / "params.json");
  const auto raw = file.values<std::uint8_t>("raw"), cropped = file.values<std::uint8_t>("cropped");
  const auto out = file.values<float>("out"), eval = file.values<float>("eval");
  const auto& size = file.at("raw").shape;
  if (size.size() != 4)
    throw DataError((directory / "aug.safetensors").string() + ": raw has no four dimensions");
  const Shape shape{int(size[1]), int(size[2]), int(size[3])};
  const Normalizer normalizer(params.at("mean").get<std::vector<double>>(),
                              params.at("std").get<std::vector<double>>());
  Comparison comparison;
  const auto image = [&](std::size_t i) {
    return std::span(raw).subspan(i * std::size_t(shape.size()), std::size_t(shape.size()));
  };
  std::vector<float> got(std::size_t(shape.size()));
  for (std::size_t i = 0; i < std::size_t(size[0]); ++i) {
    normalizer.apply(image(i), shape, got);
    for (std::size_t k = 0; k < got.size(); ++k)
      comparison.within("normalised image", got[k], eval.at(i * got.size() + k), 1e-30);
  }
  std::size_t at = 0;
  for (const Json& c : params.at("cases")) {
    const RandomCrop<> crop{.pad = params.at("pad"), .crop = params.at("size")};
    const Cutout<> cutout{.cutout = c.at("cutout_length")};
    const Shape target = crop.output(shape);
    std::vector<std::uint8_t> bytes(std::size_t(target.size()));
    got.resize(bytes.size());
    const auto index = c.at("image").get<std::int64_t>();
    const Shape last{0, shape.height + 2 * crop.pad - target.height,
                     shape.width + 2 * crop.pad - target.width};
    const auto lies_within = [](const Json& corner, int most) {
      return corner.get<std::int64_t>() >= 0 && corner.get<std::int64_t>() <= most;
    };
    if (index < 0 || index >= size[0] || at + got.size() > std::min(out.size(), cropped.size()) ||
        !lies_within(c.at("crop_y"), last.height) || !lies_within(c.at("crop_x"), last.width))
      throw DataError((directory / "params.json").string() +
                      " has a case that lies outside its image; restore it");
    crop.apply({shape, image(c.at("image"))}, {c.at("crop_y"), c.at("crop_x")}, {target, bytes});
    HorizontalFlip{}.apply({target, bytes}, c.at("flip").get<int>() != 0);
    for (std::size_t k = 0; k < bytes.size(); ++k)
      comparison.count("cropped image", bytes[k], cropped.at(at + k), 0);
    normalizer.apply(bytes, target, got);
    cutout.apply({target, got}, {c.at("cutout_y"), c.at("cutout_x")});
    for (const float value : got) comparison.within("augmented image", value, out[at++], 1e-30);
  }
  if (at == 0 || at != out.size())
    throw DataError((directory / "params.json").string() +
                    " does not have one case for each image of aug.safetensors; restore it");
  return comparison;
}

struct Report {
  Json json = Json::array();
  int passed = 0, failed = 0;

  void add(const std::string& name, const Comparison& comparison, bool strict = true) {
    (comparison.passed() ? passed : failed) += 1;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), comparison.passed() ? "passed" : "FAILED");
    json.push_back({{"fixture", name},
                    {"passed", comparison.passed()},
                    {"strict", strict},
                    {"differences", comparison.to_json()}});
  }
};

void check(const Directory& directory, MemoryLayout layout, bool print, Report& report) {
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
    try {
      const Comparison comparison = check_augmentation(directory);
      show(name, comparison);
      return report.add(name, comparison);
    } catch (const nlohmann::json::exception& error) {
      throw DataError((directory / "params.json").string() + " lacks what its README describes (" +
                      error.what() + "); restore it");
    }
  }
  const Fixture fixture(directory);
  for (const std::string start : {"", "-warm"}) {
    if (!std::filesystem::exists(directory / ("expected" + start + ".json"))) {
      if (start.empty()) throw DataError(directory.string() + " has no expected.json; restore it");
      continue;
    }
    Repetition repetition(fixture, start, layout);
    repetition.run();
    show(name + start, repetition.strict);
    if (layout == MemoryLayout::nchw) {
      report.add(name + start, repetition.strict);
      continue;
    }
    show(name + start + ", the looser rule for channels-last", repetition.first_step);
    std::fprintf(stderr, "%s%s: channels-last %s the strict rule\n", name.c_str(), start.c_str(),
                 repetition.strict.passed() ? "reaches" : "does not reach");
    report.add(name + start, repetition.first_step, repetition.strict.passed());
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Repeats recorded trainings and compares every number."};
  std::vector<std::string> directories;
  std::string layout = "nchw";
  bool json = false;
  app.add_option("directories", directories, "fixture directories")->required();
  app.add_option("--layout", layout, "of activations: nchw, or nhwc, the fast path")
      ->check(CLI::IsMember({"nchw", "nhwc"}))
      ->capture_default_str();
  app.add_flag("--json", json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    const IntraOpThreads threads(1);
    Report report;
    for (const std::string& directory : directories)
      check(directory, layout == "nchw" ? MemoryLayout::nchw : MemoryLayout::nhwc, !json, report);
    if (json)
      std::printf("%s\n", Json{{"layout", layout}, {"fixtures", report.json}}.dump(2).c_str());
    else
      std::printf("%d passed, %d failed\n", report.passed, report.failed);
    return report.failed == 0 ? 0 : 1;
  });
}
