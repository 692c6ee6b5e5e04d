// What bounds a training step on one thread: how far it is from the machine's matrix products and
// from its memory, and where its time goes. Separable 3x3 layers, batches of 64.
//
//   step_bounds --rounds 7
//
// timed_step.hpp times the parts. Shares are of figures of one round, their medians of all rounds;
// benchmarks/README.md has a table and what it means.
#include <ATen/ops/add.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <nascent/nascent.hpp>
#include <nascent/train/allocator.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../examples/program.hpp"
#include "timed_step.hpp"

namespace {

using namespace nascent;

/// Of this thread: others may use the same cores.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// CPU seconds of one call, over at least `seconds` of calls after a first.
double time_of(double seconds, const std::function<void()>& call) {
  call();
  const double begin = cpu_seconds();
  int calls = 0;
  do call(), ++calls;
  while (cpu_seconds() - begin < seconds);
  return (cpu_seconds() - begin) / calls;
}

/// GFLOP/s of a product of two large square matrices.
double measure_products(double seconds) {
  constexpr std::int64_t kSize = 1536;
  const at::Tensor a = at::randn({kSize, kSize}), b = at::randn({kSize, kSize});
  at::Tensor c = at::randn({kSize, kSize});
  return 2e-9 * kSize * kSize * kSize / time_of(seconds, [&] { at::mm_out(c, a, b); });
}

/// GB/s of c = a + s b on vectors far larger than the caches: two are read and one is written.
double measure_memory(double seconds) {
  constexpr std::int64_t kSize = std::int64_t{1} << 25;
  const at::Tensor a = at::ones({kSize}), b = at::ones({kSize});
  at::Tensor c = at::ones({kSize});
  return 3e-9 * kSize * sizeof(float) / time_of(seconds, [&] { at::add_out(c, a, b, 3); });
}

/// A step of one network: how long it takes, and how much there is to do.
class Step {
 public:
  Step(const char* name, int depth, int width, int channels)
      : name_(name),
        description_(describe(depth, width, channels)),
        chain_(*read_chain(description_)),
        shapes_(shapes_of(chain_, kExtent, kExtent)),
        start_(description_, 1),
        network_(chain_, start_.flat_parameters(), start_.flat_gradients(),
                 start_.flat_statistics(), kKernels),
        timed_(chain_, shapes_, start_.flat_parameters()),
        images_(at::randn({kBatch, channels, kExtent, kExtent})),
        gradient_(at::randn({kBatch, 10}) / kBatch) {}

  const char* name() const { return name_; }

  double seconds(double at_least) {
    return time_of(at_least, [&] {
      network_.forward(images_, true);
      network_.backward(gradient_);
    });
  }

  /// CPU seconds of each part, as they share the time of the step that is timed.
  std::array<double, kParts> part_seconds(double at_least) {
    Laps laps;
    double wall = 0;
    const double whole = time_of(at_least, [&] {
      const auto begin = std::chrono::steady_clock::now();
      timed_.forward(laps);
      timed_.backward(laps);
      wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    });
    for (double& seconds : laps.seconds) seconds *= whole / wall;
    return laps.seconds;
  }

  /// Two for each multiply-add, forwards and for both gradients.
  double flops() const { return 2.0 * 3 * kBatch * static_cast<double>(description_.macs()); }

  /// Of one part, as it computes them: depthwise forwards twice.
  double flops(Part part) const {
    double macs = 0;
    for (const ConvolutionShape& s : shapes_) {
      const double pixels = double(s.out_height) * s.out_width;
      if (!s.separable) continue;
      if (part == kPointwise) macs += 3 * pixels * s.in * s.out;
      if (part == kDepthwise)
        macs += s.kernel * s.kernel * s.in * (3 * pixels + double(s.height) * s.width);
    }
    return 2.0 * kBatch * macs;
  }

  /// That a step cannot do without unless the caches keep them from one layer to the next: each
  /// convolution's input and output forwards; both again backwards, and the gradients with respect
  /// to both. Parameters, gradients and statistics once.
  double bytes() const {
    double numbers = 0;
    for (const ConvolutionShape& s : shapes_)
      numbers += kBatch * (3.0 * double(in_size(s)) + 3.0 * double(out_size(s)));
    numbers -= kBatch * double(in_size(shapes_.front()));  // nobody asks for the image's gradient
    return sizeof(float) * (numbers + 2.0 * double(description_.parameters()));
  }

  /// That the batch norms and rectifiers read and write, wherever it lies.
  double norm_bytes() const {
    double numbers = 0;
    for (const ConvolutionShape& s : shapes_) {
      numbers += 2.0 * double(in_size(s)) + double(out_size(s));
      if (s.separable) numbers += 6.0 * double(in_size(s)) + 3.0 * double(out_size(s));
    }
    return sizeof(float) * kBatch * numbers;
  }

 private:
  static constexpr int kExtent = 32;

  static NetworkDescription describe(int depth, int width, int channels) {
    SepConvSpace space;
    space.fit_to({{channels, kExtent, kExtent}, 10});
    return space.describe(Architecture(depth, width));
  }

  const char* name_;
  NetworkDescription description_;
  Chain chain_;
  std::vector<ConvolutionShape> shapes_;
  Network start_;
  ChainNetwork network_;
  TimedStep timed_;
  at::Tensor images_, gradient_;
};

/// What each round measured, under the name of its column.
class Columns {
 public:
  void add(const std::string& column, double value) { values_[column].push_back(value); }
  double operator[](const std::string& column) const { return median(values_.at(column)); }

 private:
  std::map<std::string, std::vector<double>> values_;
};

void measure(Step& step, double seconds, double products, double memory, Columns& columns) {
  const double whole = step.seconds(seconds);
  columns.add("ms", 1e3 * whole);
  columns.add("of products", step.flops() / whole / (1e9 * products));
  columns.add("of memory", step.bytes() / whole / (1e9 * memory));
  const auto parts = step.part_seconds(seconds);
  double rest = whole;
  for (int part = 0; part < kParts; ++part) {
    columns.add(kPartNames[part], parts[std::size_t(part)] / whole);
    rest -= parts[std::size_t(part)];
  }
  columns.add("rest", rest / whole);
  const auto speed = [&](Part part, double work) { return work / parts[part]; };
  columns.add("pointwise of products",
              speed(kPointwise, step.flops(kPointwise)) / (1e9 * products));
  columns.add("depthwise of products",
              speed(kDepthwise, step.flops(kDepthwise)) / (1e9 * products));
  columns.add("norm of memory", speed(kNorm, step.norm_bytes()) / (1e9 * memory));
}

void print(const Step& step, const Columns& columns) {
  const auto percent = [&](const std::string& column) { return 100 * columns[column]; };
  std::printf("| %s | %.1f | %.1f, %.0f %% | %.0f, %.0f %% |", step.name(), columns["ms"],
              1e-9 * step.flops(), percent("of products"), 1e-6 * step.bytes(),
              percent("of memory"));
  for (const char* part : kPartNames) std::printf(" %.0f %% |", percent(part));
  std::printf(" %.0f %% | %.0f %% | %.0f %% | %.0f %% |\n", percent("rest"),
              percent("pointwise of products"), percent("depthwise of products"),
              percent("norm of memory"));
}

int run(int rounds, double seconds) {
  if (kKernels.instruction_set != std::string("baseline") &&
      cpu::kernels().instruction_set == std::string("baseline"))
    throw std::runtime_error("this benchmark needs a processor with AVX2; run it on another one");
  const IntraOpThreads threads(1);
  Step steps[] = {{"10x16", 10, 16, 1},
                  {"10x32", 10, 32, 1},
                  {"18x54", 18, 54, 1},
                  {"26x42, three channels", 26, 42, 3}};
  Columns machine, columns[std::size(steps)];
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < std::size(steps); ++i) {
      const double products = measure_products(seconds), memory = measure_memory(seconds);
      machine.add("products", products);
      machine.add("memory", memory);
      measure(steps[i], seconds, products, memory, columns[i]);
    }
    std::fprintf(stderr, "round %d of %d\n", round + 1, rounds);
  }
  std::printf("one thread, %s: matrix products %.0f GFLOP/s, memory %.1f GB/s\n\n",
              kKernels.instruction_set, machine["products"], machine["memory"]);
  std::printf("| network | step, ms | GFLOP, of products | MB, of memory |");
  for (const char* part : kPartNames) std::printf(" %s |", part);
  std::printf(
      " rest | pointwise, of products | depthwise, of products | norm, of memory |\n| --- |");
  for (int column = 0; column < kParts + 7; ++column) std::printf(" --- |");
  std::printf("\n");
  for (std::size_t i = 0; i < std::size(steps); ++i) print(steps[i], columns[i]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  int rounds = 5;
  double seconds = 0.5;
  CLI::App app{"Measures what bounds a training step on one thread; medians of several rounds."};
  app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--seconds", seconds, "at least, for each measurement of a round")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] { return run(rounds, seconds); });
}
