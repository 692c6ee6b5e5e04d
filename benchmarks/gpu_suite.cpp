// Training on a GPU: seconds an epoch of the paper's networks in every mode, in one run.
//
//   gpu_suite --data-dir /usr/share/datasets/fashion-mnist --out gpu
//
// `make gpu-suite OUT=gpu` builds, runs the tests that need a GPU, and then this.
#include <ATen/cuda/CUDAContext.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nascent/cuda/fast_mode.hpp>
#include <nascent/data/open_dataset.hpp>
#include <nascent/nascent.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../examples/program.hpp"
#include "plain_loop.hpp"

namespace {

using namespace nascent;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string data_dir, out = "gpu", device = "cuda";
  std::string only, mode;
  double seconds = 2;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// One of the paper's networks: `images` an epoch of its data set.
struct PaperNetwork {
  const char* name;
  int depth, width, channels, images;
};

constexpr PaperNetwork kNetworks[] = {{"10x16, FashionMNIST", 10, 16, 1, 60000},
                                      {"10x64, FashionMNIST", 10, 64, 1, 60000},
                                      {"18x54, FashionMNIST", 18, 54, 1, 60000},
                                      {"18x128, FashionMNIST", 18, 128, 1, 60000},
                                      {"26x42, CIFAR-10", 26, 42, 3, 50000}};

NetworkDescription describe(const PaperNetwork& network) {
  SepConvSpace space;
  space.depth = {.min = network.depth, .max = network.depth};
  space.width = {.min = network.width, .max = network.width, .step = 1};
  space.fit_to({{network.channels, 32, 32}, 10});
  return space.describe(Architecture(network.depth, network.width));
}

/// Bytes of no meaning in the shape of CIFAR-10: a step takes as long on any images.
ImageSet noise(int channels, int count) {
  ImageSet set{{channels, 32, 32}, 10, {}, {}};
  Random random(1, "noise");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(set.image.size()));
  for (int i = 0; i < count; ++i) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    set.append(bytes, i % 10);
  }
  return set;
}

ImageSet first(const ImageSet& set, int count) {
  std::vector<int> indices(static_cast<std::size_t>(std::min(count, set.size())));
  std::iota(indices.begin(), indices.end(), 0);
  return set.subset(indices);
}

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Ends a training when the time is up; the first epoch, which warms up, does not count.
class Stopwatch : public Monitor {
 public:
  explicit Stopwatch(double seconds) : seconds_(seconds) {}

  bool cancelled() override { return times_.size() > 1 && since(begin_) >= seconds_; }

  void on_epoch(const EpochReport& report) override {
    loss_ = report.loss;
    if (times_.empty()) begin_ = Clock::now();
    times_.push_back(since(begin_));
  }

  double seconds_an_epoch() const { return times_.back() / double(times_.size() - 1); }
  int epochs() const { return static_cast<int>(times_.size()) - 1; }
  double loss() const { return loss_; }

 private:
  double seconds_, loss_ = 0;
  std::vector<double> times_;
  Clock::time_point begin_ = Clock::now();
};

struct Mode {
  const char* name;
  const char* fast;   ///< NASCENT_CUDA_FAST
  const char* cudnn;  ///< NASCENT_CUDA_CUDNN
  Precision precision;
  int images;  ///< of a measured epoch
};

constexpr Mode kModes[] = {
    {"step by step, tf32", "0", "0", Precision::tf32, 3200},
    {"fast, fp32", "1", "0", Precision::fp32, 12800},
    {"fast, tf32", "1", "0", Precision::tf32, 12800},
    {"fast, bf16", "1", "0", Precision::bf16, 12800},
#ifdef NASCENT_CUDNN
    {"fast, tf32, products by cuDNN", "1", "1", Precision::tf32, 12800},
#endif
};

constexpr const char* kPlainLoop = "plain LibTorch loop, tf32";

Json measure(const Mode& mode, const PaperNetwork& network, const ImageSet& all,
             const Arguments& a) {
  const ImageSet images = first(all, mode.images);
  ::setenv("NASCENT_CUDA_FAST", mode.fast, 1);
  ::setenv("NASCENT_CUDA_CUDNN", mode.cudnn, 1);
  Network trained(describe(network), 1, Device(a.device));
  trained.compute_in(mode.precision);
  const std::vector<double> mean(std::size_t(network.channels), .2860402),
      deviation(std::size_t(network.channels), .3530236);
  const Trainer trainer(PaperRecipe{}, Normalizer(mean, deviation), true);
  Stopwatch stopwatch(a.seconds);
  try {
    trainer.train(trained, images, 1 << 20, 1, stopwatch);
  } catch (const Cancelled&) {  // as planned
  }
  const double seconds = stopwatch.seconds_an_epoch() * network.images / images.size();
  return {{"mode", mode.name},
          {"seconds_an_epoch", seconds},
          {"images_per_second", network.images / seconds},
          {"measured_epochs", stopwatch.epochs()},
          {"measured_images_an_epoch", images.size()},
          {"loss", stopwatch.loss()}};
}

Json measure_plain_loop(const PaperNetwork& network, const ImageSet& images, const Arguments& a) {
  const Tf32 rounded(true);
  PlainLoop loop(describe(network), images, .2860402, .3530236, true, Device(a.device));
  for (int i = 0; i < 5; ++i) loop.step();
  const auto begin = Clock::now();
  int steps = 0;
  while (since(begin) < a.seconds) loop.step(), ++steps;
  const double images_per_second = steps * 64 / since(begin);
  return {{"mode", kPlainLoop},
          {"seconds_an_epoch", network.images / images_per_second},
          {"images_per_second", images_per_second},
          {"measured_steps", steps}};
}

std::string verdict(cuda::FastPart part, int device) {
  switch (cuda::Verdicts::of(part, device)) {
    case cuda::Verdict::passed:
      return "passed";
    case cuda::Verdict::failed:
      return "failed";
    case cuda::Verdict::untried:
      return "untried";
  }
  return "unknown";
}

std::string page(const Json& report) {
  std::string text =
      "# Seconds an epoch on " + report["gpu"].get<std::string>() + "\n\n| network, parameters |";
  const Json& first_network = report["networks"].front()["modes"];
  for (const Json& mode : first_network) text += " " + mode["mode"].get<std::string>() + " |";
  text += "\n| --- |";
  for (std::size_t i = 0; i < first_network.size(); ++i) text += " ---: |";
  text += '\n';
  for (const Json& network : report["networks"]) {
    text += "| " + network["network"].get<std::string>() + ", " +
            std::to_string(network["parameters"].get<std::int64_t>()) + " |";
    for (const Json& mode : network["modes"]) {
      char number[32];
      std::snprintf(number, sizeof number, " %.3f |", mode["seconds_an_epoch"].get<double>());
      text += number;
    }
    text += '\n';
  }
  return text + "\nChecks on this device: fast step " +
         report["checks"]["step"].get<std::string>() + ", chain of kernels " +
         report["checks"]["chain"].get<std::string>() + ", CUDA graph " +
         report["checks"]["graph"].get<std::string>() + ", path through cuDNN " +
         report["checks"]["cudnn"].get<std::string>() + ".\n";
}

int run(const Arguments& a) {
  const Clock::time_point begin = Clock::now();
  const at::Device device = Device(a.device);
  if (device.is_cpu())
    throw std::invalid_argument("a GPU is measured here; choose cuda or cuda:NUMBER");
  const Dataset fashion = a.data_dir.empty() ? fashion_mnist() : fashion_mnist(a.data_dir);
  const ImageSet colour = noise(3, 12800);
  const auto* properties = at::cuda::getDeviceProperties(device.index());
  Json report{{"gpu", std::string(properties->name)},
              {"memory_bytes", properties->totalGlobalMem},
              {"libtorch", TORCH_VERSION},
              {"cuda_runtime", CUDART_VERSION},
              {"batch", 64},
              {"networks", Json::array()},
              {"note",
               "seconds of training alone, scaled to an epoch of the data set; CIFAR-10's "
               "images are random bytes of its shape"}};
  for (const PaperNetwork& network : kNetworks) {
    if (!contains(network.name, a.only)) continue;
    const ImageSet& images = network.channels == 1 ? fashion.train : colour;
    Json row{{"network", network.name}, {"parameters", describe(network).parameters()}};
    row["modes"] = Json::array();
    if (contains(kPlainLoop, a.mode))
      row["modes"].push_back(measure_plain_loop(network, images, a));
    for (const Mode& mode : kModes) {
      if (!contains(mode.name, a.mode)) continue;
      row["modes"].push_back(measure(mode, network, images, a));
      std::fprintf(stderr, "%s, %s: %.3f s an epoch\n", network.name, mode.name,
                   row["modes"].back()["seconds_an_epoch"].get<double>());
    }
    report["networks"].push_back(row);
  }
  if (report["networks"].empty())
    throw std::invalid_argument("no network's name has '" + a.only +
                                "'; they are 10x16, 10x64, 18x54, 18x128 and 26x42");
  const int index = device.index();
  report["checks"] = {{"step", verdict(cuda::FastPart::step, index)},
                      {"chain", verdict(cuda::FastPart::chain, index)},
                      {"graph", verdict(cuda::FastPart::graph, index)},
                      {"cudnn", verdict(cuda::FastPart::cudnn, index)}};
  report["seconds"] = since(begin);
  std::filesystem::create_directories(a.out);
  std::ofstream(std::filesystem::path(a.out) / "gpu_suite.json") << report.dump(2) << '\n';
  std::ofstream(std::filesystem::path(a.out) / "gpu_suite.md") << page(report);
  std::printf("%s", page(report).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app{"Measures seconds an epoch of the paper's networks on a GPU, in every mode."};
  app.add_option("--data-dir", a.data_dir, "where FashionMNIST's files are");
  app.add_option("--out", a.out, "directory for gpu_suite.json and gpu_suite.md")
      ->capture_default_str();
  app.add_option("--device", a.device, "cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--only", a.only, "networks whose name has this, such as 18x54");
  app.add_option("--mode", a.mode, "modes whose name has this, such as tf32");
  app.add_option("--seconds", a.seconds, "to measure each mode of each network for")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] { return run(a); });
}
