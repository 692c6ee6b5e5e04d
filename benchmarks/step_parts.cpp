// The parts of one training step, one thread, batches of 64: where the time of a candidate goes.
// The argument is the index of a network in kNetworks; the label names it.
#include <benchmark/benchmark.h>

#include <ATen/ops/randn.h>

#include <nascent/nascent.hpp>
#include <nascent/train/allocator.hpp>
#include <string>
#include <vector>

namespace {

using namespace nascent;

struct Example {
  const char* name;
  int depth, width, channels;
};

constexpr Example kNetworks[] = {{"10x16", 10, 16, 1},
                                 {"10x32", 10, 32, 1},
                                 {"18x54", 18, 54, 1},
                                 {"26x42, three channels", 26, 42, 3}};
constexpr int kBatch = 64;

/// The network with separable 3x3 layers, and one batch for it.
struct Step {
  explicit Step(benchmark::State& state, MemoryLayout layout = MemoryLayout::nhwc)
      : example(kNetworks[state.range(0)]),
        network(describe(), 1, at::kCPU, layout),
        images(at::randn({kBatch, example.channels, 32, 32})),
        gradient(at::randn({kBatch, 10}) / kBatch) {
    state.SetLabel(example.name);
  }

  NetworkDescription describe() const {
    SepConvSpace space;
    space.fit_to({{example.channels, 32, 32}, 10});
    const auto depth = static_cast<std::size_t>(example.depth);
    return space.describe(parse_architecture(
        "d" + std::to_string(depth) + " w" + std::to_string(example.width) +
        " ops=" + std::string(depth, 's') + " kernels=" + std::string(depth, '3')));
  }

  Example example;
  Network network;
  at::Tensor images, gradient;
  IntraOpThreads threads{1};
};

void count_images(benchmark::State& state) {
  state.counters["images/s"] =
      benchmark::Counter(double(state.iterations()) * kBatch, benchmark::Counter::kIsRate);
}

void forward(benchmark::State& state) {
  Step step(state);
  const at::NoGradGuard guard;
  for (auto _ : state) benchmark::DoNotOptimize(step.network.forward(step.images, true));
  count_images(state);
}

void forward_and_backward(benchmark::State& state) {
  Step step(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(step.network.forward(step.images, true));
    step.network.backward(step.gradient);
  }
  count_images(state);
}

/// LibTorch's own operations and autograd, in its default layout.
void forward_and_backward_of_libtorch(benchmark::State& state) {
  Step step(state, MemoryLayout::nchw);
  for (auto _ : state) {
    benchmark::DoNotOptimize(step.network.forward(step.images, true));
    step.network.backward(step.gradient);
  }
  count_images(state);
}

void evaluation(benchmark::State& state) {
  Step step(state);
  const at::NoGradGuard guard;
  for (auto _ : state) benchmark::DoNotOptimize(step.network.forward(step.images, false));
  count_images(state);
}

/// Batches of images of FashionMNIST's shape: shuffled, cropped, flipped, normalised, cut out.
void data_pipeline(benchmark::State& state) {
  ImageSet set{{1, 28, 28}, 10, std::vector<std::uint8_t>(kBatch * 100 * 784, 128), {}};
  set.labels.resize(kBatch * 100);
  TrainingBatches<PaperAugment> batches(
      set, {}, Normalizer(std::vector{.2860402}, std::vector{.3530236}), kBatch, 1);
  batches.begin_epoch(0);
  int step = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(batches.at_step(step++ % batches.steps(), at::kCPU));
  count_images(state);
}

/// Clipping, weight decay, momentum and the step.
void optimiser(benchmark::State& state) {
  Step step(state);
  const Sgd sgd;
  auto sgd_state = sgd.start(step.network.flat_parameters());
  const at::NoGradGuard guard;
  for (auto _ : state)
    sgd.step(sgd_state, step.network.flat_parameters(), step.network.flat_gradients(), 1e-6);
}

BENCHMARK(data_pipeline);
BENCHMARK(optimiser)->DenseRange(0, 3)->Unit(benchmark::kMicrosecond);
BENCHMARK(forward)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(forward_and_backward)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(forward_and_backward_of_libtorch)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(evaluation)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
