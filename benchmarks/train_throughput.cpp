// Training images per second: data pipeline, clipping, counting of right answers and all.
//
//   train_throughput --depth 10 --width 16 --channels 1 --workers 2 --seconds 10 --json
//
// --yardstick runs a plain LibTorch loop (plain_loop.cpp) in turns with it, on as many threads as
// there are workers; benchmarks/README.md has a table.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nascent/nascent.hpp>
#include <nascent/train/allocator.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "../examples/program.hpp"
#include "plain_loop.hpp"

namespace {

using namespace nascent;
using Clock = std::chrono::steady_clock;

struct Arguments {
  int depth = 10, width = 16, channels = 1, workers = 2, kernel = 3, rounds = 5;
  double seconds = 10;
  std::string operation = "sep_conv", data = "synthetic", data_dir;
  bool json = false, yardstick = false;
};

struct Data {
  ImageSet images;
  double mean = .2860402, deviation = .3530236;
  bool flip = true;
};

constexpr int kImages = 640;  // ten batches

ImageSet synthetic(int channels) {
  const int extent = channels == 1 ? 28 : 32;
  ImageSet set{{channels, extent, extent}, 10, {}, {}};
  Random random(1, "synthetic images");
  std::vector<std::uint8_t> image(static_cast<std::size_t>(set.image.size()));
  for (int i = 0; i < kImages; ++i) {
    for (std::uint8_t& value : image) value = static_cast<std::uint8_t>(random.below(256));
    set.append(image, i % set.classes);
  }
  return set;
}

Data load(const Arguments& a) {
  if (a.data == "synthetic") return {synthetic(a.channels)};
  if (a.channels != 1) throw std::invalid_argument("FashionMNIST has --channels 1");
  HoldOut data = (a.data_dir.empty() ? fashion_mnist() : fashion_mnist(a.data_dir))
                     .hold_out({.images = 1000, .train_images = kImages});
  return {std::move(data.train)};
}

NetworkDescription network(const Arguments& a, const Data& data) {
  SepConvSpace space;
  space.depth = {.min = a.depth, .max = a.depth};
  space.width = {.min = a.width, .max = a.width, .step = 1};
  const Shape raw = data.images.image;
  space.fit_to({{raw.channels, 32, 32}, data.images.classes});
  const std::string layers(static_cast<std::size_t>(a.depth), a.operation == "conv" ? 'c' : 's');
  const std::string kernels(static_cast<std::size_t>(a.depth), static_cast<char>('0' + a.kernel));
  const std::string text = "d" + std::to_string(a.depth) + " w" + std::to_string(a.width) +
                           " ops=" + layers + " kernels=" + kernels;
  return space.describe(parse_architecture(text));
}

double since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Counts the epochs that end before the time is up; the first warms up.
class Stopwatch : public Monitor {
 public:
  explicit Stopwatch(double seconds) : seconds_(seconds) {}

  bool cancelled() override { return epochs_ > 1 && since(begin_) >= seconds_; }

  void on_epoch(const EpochReport&) override {
    if (epochs_++ == 0) begin_ = Clock::now();
    elapsed_ = since(begin_);
  }

  double images_per_second() const { return (epochs_ - 1) * kImages / elapsed_; }

 private:
  double seconds_, elapsed_ = 0;
  int epochs_ = 0;
  Clock::time_point begin_ = Clock::now();
};

double train(const NetworkDescription& description, const Data& data, double seconds) {
  const IntraOpThreads threads(1);
  Network network(description, 1);
  const Trainer trainer(
      PaperRecipe{},
      Normalizer(std::vector(std::size_t(data.images.image.channels), data.mean),
                 std::vector(std::size_t(data.images.image.channels), data.deviation)),
      data.flip);
  Stopwatch stopwatch(seconds);
  try {
    trainer.train(network, data.images, 1 << 20, 1, stopwatch);
  } catch (const Cancelled&) {  // as planned
  }
  return stopwatch.images_per_second();
}

double train_side_by_side(const NetworkDescription& description, const Data& data, int workers,
                          double seconds) {
  std::vector<double> rates(static_cast<std::size_t>(workers));
  {
    std::vector<std::jthread> threads;
    for (double& rate : rates)
      threads.emplace_back([&] { rate = train(description, data, seconds); });
  }
  double sum = 0;
  for (const double rate : rates) sum += rate;
  return sum;
}

double train_plainly(const NetworkDescription& description, const Data& data, int threads,
                     double seconds) {
  const IntraOpThreads intra_op(threads);
  PlainLoop loop(description, data.images, data.mean, data.deviation, data.flip);
  loop.step();
  const auto begin = Clock::now();
  int steps = 0;
  while (since(begin) < seconds || steps == 0) loop.step(), ++steps;
  return steps * 64 / since(begin);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int measure(const Arguments& a) {
  const Data data = load(a);
  const NetworkDescription description = network(a, data);
  const double seconds = a.seconds / a.rounds;
  std::vector<double> rates, plain, ratios;
  for (int round = 0; round < a.rounds; ++round) {
    rates.push_back(train_side_by_side(description, data, a.workers, seconds));
    std::fprintf(stderr, "round %d of %d: %.0f images per second", round + 1, a.rounds,
                 rates.back());
    if (a.yardstick) {
      plain.push_back(train_plainly(description, data, a.workers, seconds));
      ratios.push_back(rates.back() / plain.back());
      std::fprintf(stderr, ", plain loop %.0f, ratio %.2f", plain.back(), ratios.back());
    }
    std::fputc('\n', stderr);
  }
  nlohmann::ordered_json json{{"images_per_second", median(rates)},
                              {"depth", a.depth},
                              {"width", a.width},
                              {"channels", a.channels},
                              {"workers", a.workers},
                              {"operation", a.operation},
                              {"kernel", a.kernel},
                              {"data", a.data},
                              {"parameters", description.parameters()},
                              {"instruction_set", cpu::kernels().instruction_set}};
  if (a.yardstick) {
    json["plain_images_per_second"] = median(plain);
    json["ratio"] = median(ratios);
  }
  if (a.json)
    std::printf("%s\n", json.dump(2).c_str());
  else
    std::printf("%.0f training images per second\n", median(rates));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app{"Measures how many images per second Nascent trains on the CPU."};
  const auto positive = CLI::Range(1, 1000);
  app.add_option("--depth", a.depth, "layers")->check(CLI::Range(3, 1000))->capture_default_str();
  app.add_option("--width", a.width, "channels of the first stage")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--channels", a.channels, "of an image: 1 or 3")
      ->check(CLI::IsMember({1, 3}))
      ->capture_default_str();
  app.add_option("--operation", a.operation, "of every layer: sep_conv or conv")
      ->check(CLI::IsMember({"sep_conv", "conv"}))
      ->capture_default_str();
  app.add_option("--kernel", a.kernel, "of every layer")
      ->check(CLI::IsMember({3, 5, 7}))
      ->capture_default_str();
  app.add_option("--workers", a.workers, "networks trained side by side, one thread each")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--seconds", a.seconds, "to measure for, in all")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--rounds", a.rounds, "parts of that time; the median counts")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--data", a.data, "synthetic, or fashion-mnist")
      ->check(CLI::IsMember({"synthetic", "fashion-mnist"}))
      ->capture_default_str();
  app.add_option("--data-dir", a.data_dir, "where FashionMNIST's files are");
  app.add_flag("--yardstick", a.yardstick, "a plain LibTorch loop in turns with it");
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    keep_freed_memory();
    return measure(a);
  });
}
