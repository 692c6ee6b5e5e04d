// What an epoch must cost on a GPU, from a network's layers alone: bytes, multiply-adds, launches.
//
//   cost_model                       the paper's networks on an H100
//   cost_model --bandwidth 4.3       on a GPU with 4.3 TB/s
//
// docs/gpu/model.md says what is counted.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nascent/core.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../examples/program.hpp"

namespace {

using namespace nascent;

struct Gpu {
  double bandwidth = 3.0;  ///< TB/s, of a copy
  double single = 60;      ///< TFLOP/s, products in single precision
  double products = 400;   ///< TFLOP/s, products of matrices in the precision asked for
  double launch = 2;       ///< microseconds from kernel to kernel in a graph
  int bytes = 4;           ///< of a number
  bool json = false;
};

/// Of one image, in numbers read and written; launches are of a step.
struct Work {
  std::int64_t plain = 0;    ///< every operation by itself, as LibTorch runs them
  std::int64_t kernels = 0;  ///< Nascent's chain of kernels
  std::int64_t floor = 0;    ///< one kernel a convolution each way, everything else on the way
  std::int64_t depthwise = 0, products = 0;  ///< multiply-adds forwards
  int plain_launches = 0, kernel_launches = 0;
};

bool is_depthwise(const LayerDescription& layer) {
  return layer.kind == LayerKind::convolution && layer.groups == layer.in.channels &&
         layer.groups > 1;
}

void add_convolution(Work& work, const LayerDescription& layer, bool first, bool after_depthwise) {
  const std::int64_t in = layer.in.size(), out = layer.out.size();
  work.plain += in + out + (first ? 1 : 2) * (in + out);
  work.plain_launches += first ? 2 : 3;
  (is_depthwise(layer) ? work.depthwise : work.products) += layer.macs();
  if (is_depthwise(layer)) {
    // Forwards; weight gradient, input gradient through the rectifier with its sums.
    work.kernels += in + out + (in + out) + (2 * in + out);
    work.kernel_launches += 1 + 2 + 1;
    work.floor += in + 2 * in;
  } else if (after_depthwise) {
    // Product and moments; through the batch norm, two products back.
    work.kernels += in + out + out + 3 * out + 2 * (in + out);
    work.kernel_launches += 3 + 2 + 2;
    work.floor += out + 2 * out;
  } else {
    // Activation before it, moments; through the batch norm, convolution and rectifier back.
    const std::int64_t read = first ? 0 : 2 * in;
    work.kernels +=
        read + in + out + out + 3 * out + (first ? 1 : 2) * (in + out) + (first ? 0 : 3 * in);
    work.kernel_launches += first ? 6 : 9;
    work.floor += in + out + 2 * out + (first ? in : 2 * in);
  }
}

Work work_of(const NetworkDescription& network) {
  Work work;
  bool first = true, after_depthwise = false;
  for (const LayerDescription& layer : network.layers) {
    if (layer.kind == LayerKind::convolution) {
      add_convolution(work, layer, first, after_depthwise);
      first = false;
      after_depthwise = is_depthwise(layer);
    } else if (layer.kind == LayerKind::batch_norm) {
      work.plain += 8 * layer.out.size();  // two readings and a writing; four and one back
      work.plain_launches += 2;
    } else if (layer.kind == LayerKind::relu) {
      work.plain += 5 * layer.out.size();
      work.plain_launches += 2;
    }
  }
  // The batch, the pooling, the linear layer, the loss, the optimiser and the counts.
  constexpr int kRest = 30;
  work.plain_launches += kRest;
  work.kernel_launches += kRest;
  return work;
}

struct PaperNetwork {
  const char* name;
  int depth, width, channels, images;
};

constexpr PaperNetwork kNetworks[] = {{"10x16, FashionMNIST", 10, 16, 1, 60000},
                                      {"10x64, FashionMNIST", 10, 64, 1, 60000},
                                      {"18x54, FashionMNIST", 18, 54, 1, 60000},
                                      {"18x128, FashionMNIST", 18, 128, 1, 60000},
                                      {"26x42, CIFAR-10", 26, 42, 3, 50000}};

nlohmann::ordered_json predict(const PaperNetwork& paper, const Gpu& gpu) {
  SepConvSpace space;
  space.depth = {.min = paper.depth, .max = paper.depth};
  space.width = {.min = paper.width, .max = paper.width, .step = 1};
  space.fit_to({{paper.channels, 32, 32}, 10});
  const Work work = work_of(space.describe(Architecture(paper.depth, paper.width)));
  const double images = paper.images, steps = images / 64;
  const double compute =
      6 * images * (double(work.products) / gpu.products + double(work.depthwise) / gpu.single) /
      1e12;
  const auto seconds = [&](std::int64_t numbers, int launches) {
    const double memory = images * gpu.bytes * double(numbers) / (gpu.bandwidth * 1e12);
    return std::max(memory, compute) + steps * launches * gpu.launch * 1e-6;
  };
  return {{"network", paper.name},
          {"compute", compute},
          {"plain", seconds(work.plain, work.plain_launches)},
          {"plain_launches", work.plain_launches},
          {"kernels", seconds(work.kernels, work.kernel_launches)},
          {"kernel_launches", work.kernel_launches},
          {"floor", images * gpu.bytes * double(work.floor) / (gpu.bandwidth * 1e12)}};
}

int run(const Gpu& gpu) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const PaperNetwork& network : kNetworks) all.push_back(predict(network, gpu));
  if (gpu.json) {
    std::printf("%s\n", all.dump(2).c_str());
    return 0;
  }
  std::printf(
      "| seconds an epoch | products | operation by operation (launches a step) | chain of kernels "
      "(launches a step) | all fused |\n| --- | ---: | ---: | ---: | ---: |\n");
  for (const auto& row : all)
    std::printf("| %s | %.2f | %.2f (%d) | %.2f (%d) | %.2f |\n",
                row["network"].get<std::string>().c_str(), row["compute"].get<double>(),
                row["plain"].get<double>(), row["plain_launches"].get<int>(),
                row["kernels"].get<double>(), row["kernel_launches"].get<int>(),
                row["floor"].get<double>());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Gpu gpu;
  CLI::App app{"Predicts seconds an epoch of the paper's networks on a GPU from their layers."};
  app.add_option("--bandwidth", gpu.bandwidth, "of the GPU's memory, TB/s")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--single", gpu.single, "TFLOP/s in single precision")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--products", gpu.products, "TFLOP/s of products of matrices (H100: TF32)")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--launch", gpu.launch, "microseconds from kernel to kernel in a graph")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--bytes", gpu.bytes, "of a number")
      ->check(CLI::IsMember({2, 4}))
      ->capture_default_str();
  app.add_flag("--json", gpu.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] { return run(gpu); });
}
