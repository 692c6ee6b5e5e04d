// Every format, written by the program and loaded in its own runtime, gives Network's logits.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "nascent/export/trained_network.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/named_tensors.hpp"
#include "nascent/train/network.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

NetworkDescription chain() {
  SepConvSpace space;
  space.fit_to({{1, 32, 32}, 10});
  return space.describe(parse_architecture("d7 w10 ops=scscssc kernels=3535335"));
}

/// A cell with every operation, and a node that no edge reaches.
NetworkDescription cell() {
  NasBench201Space space;
  space.channels = 8;
  space.cells = 2;
  space.fit_to({{3, 32, 32}, 7});
  return space.describe(space.parse("124302"));
}

struct Case {
  at::Tensor pixels, images, logits;  // pixel / 255, the same normalised, Network's answer
};

/// A network with weights and running statistics as after a training, its files in a directory, and
/// what it answers to images of several sizes.
class Exported {
 public:
  Exported(const Scratch& scratch, const std::string& name, const NetworkDescription& description)
      : directory_(scratch / name) {
    const at::NoGradGuard guard;
    std::filesystem::create_directories(directory_);
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(7);
    Network network(description, 1);
    network.flat_parameters().add_(at::rand(network.flat_parameters().sizes(), generator), 0.05);
    TrainedNetwork trained{description, {}, {}, {}, {}};
    for (int c = 0; c < description.problem.image.channels; ++c) {
      trained.mean.push_back(0.3 + 0.1 * c);
      trained.deviation.push_back(0.25 + 0.03 * c);
    }
    for (int c = 0; c < description.problem.classes; ++c)
      trained.classes.push_back("class \"" + std::to_string(c) + "\"");
    for (int step = 0; step < 250; ++step)  // the running statistics follow the batches
      network.forward(normalised(trained, pixels(description, 8, 16, 16, generator)), true);
    add_network(trained.weights, description, network, 250);
    trained.write(directory_ / "last.safetensors");
    answer(trained, network, generator);
  }

  const std::filesystem::path& directory() const { return directory_; }
  const std::vector<Case>& cases() const { return cases_; }

  /// Runs the program for one format, as it is and normalising by itself.
  void write(const std::string& format, const std::string& ending) const {
    for (const auto& [name, option] :
         {std::pair(std::string("plain"), std::string()),
          std::pair(std::string("pixels"), std::string(" --normalise"))})
      ASSERT_EQ(
          std::system((NASCENT_PROGRAMS "/export --run " + directory_.string() + " --format " +
                       format + option + " --out " + (directory_ / (name + ending)).string() +
                       " > " + (directory_ / "out").string())
                          .c_str()),
          0);
  }

 private:
  /// Noise, of another brightness in each channel of each image.
  static at::Tensor pixels(const NetworkDescription& description, int images, int height, int width,
                           at::Generator generator) {
    const int channels = description.problem.image.channels;
    return at::rand({images, channels, height, width}, generator) *
           at::rand({images, channels, 1, 1}, generator);
  }

  static at::Tensor normalised(const TrainedNetwork& trained, const at::Tensor& pixels) {
    const auto constant = [](const std::vector<double>& values) {
      return at::tensor(values, at::kFloat).view({1, -1, 1, 1});
    };
    return (pixels - constant(trained.mean)) / constant(trained.deviation);
  }

  void answer(const TrainedNetwork& trained, Network& network, at::Generator generator) {
    Safetensors file;
    const std::vector<std::pair<int, int>> extents{{32, 32}, {28, 28}, {24, 40}};
    for (std::size_t k = 0; k < extents.size(); ++k) {
      const auto& [height, width] = extents[k];
      Case made;
      made.pixels =
          pixels(trained.description, static_cast<int>(2 * k) + 1, height, width, generator);
      made.images = normalised(trained, made.pixels);
      made.logits = network.forward(made.images, false).contiguous().clone();
      add_tensors(file, {{"pixels." + std::to_string(k), made.pixels},
                         {"images." + std::to_string(k), made.images},
                         {"logits." + std::to_string(k), made.logits}});
      cases_.push_back(made);
    }
    file.write(directory_ / "cases.safetensors");
  }

  std::filesystem::path directory_;
  std::vector<Case> cases_;
};

struct Networks {
  Scratch scratch;
  Exported sep_conv{scratch, "chain", chain()}, nas_bench{scratch, "cell", cell()};
  std::vector<const Exported*> all{&sep_conv, &nas_bench};
};

struct Finished {
  int status;
  std::string output;
};

Finished run(const Scratch& scratch, const std::string& command) {
  const std::string output = (scratch / "output").string();
  const int status = std::system((command + " > " + output + " 2>&1").c_str());
  return {WEXITSTATUS(status), read_file(output)};
}

/// Runs a Python program of this folder on both networks; it exits with 77 where a package is not
/// there.
void check_in_python(const Networks& networks, const std::string& program) {
  std::string command = NASCENT_EXPORT_TESTS "/" + program;
  for (const Exported* network : networks.all) command += " " + network->directory().string();
  const Finished finished = run(networks.scratch, "python3 " + command);
  if (finished.status == 77) GTEST_SKIP() << finished.output;
  EXPECT_EQ(finished.status, 0) << finished.output;
  std::cout << finished.output;
}

TEST(Exports, HaveALayerOfEveryKind) {
  std::set<LayerKind> kinds;
  for (const NetworkDescription& description : {chain(), cell()})
    for (const LayerDescription& layer : description.layers) kinds.insert(layer.kind);
  EXPECT_EQ(kinds.size(), 8U);
}

// So that an error of 1e-5 is one.
TEST(Exports, AreOfNetworksWhoseLogitsFollowTheImages) {
  const Networks networks;
  for (const Exported* network : networks.all) {
    const at::Tensor logits = network->cases().back().logits;
    EXPECT_GT(logits.std(0).max().item<float>(), 0.02);
    EXPECT_GT(logits.std(1).min().item<float>(), 0.05);
    EXPECT_LT(logits.abs().max().item<float>(), 20);
  }
}

TEST(Exports, OfTorchScriptGiveTheLogitsInCpp) {
  const at::NoGradGuard guard;
  const Networks networks;
  for (const Exported* network : networks.all) {
    network->write("torchscript", ".pt");
    float largest = 0;
    for (const std::string form : {"plain", "pixels"}) {
      torch::jit::Module module =
          torch::jit::load((network->directory() / (form + ".pt")).string());
      for (const Case& made : network->cases()) {
        const at::Tensor images = form == "plain" ? made.images : made.pixels;
        const at::Tensor logits = module.forward({images}).toTensor();
        largest = std::max(largest, (logits - made.logits).abs().max().item<float>());
      }
    }
    std::cout << "TorchScript: largest difference " << largest << '\n';
    EXPECT_LT(largest, 1e-5);
    EXPECT_EQ(torch::jit::load((network->directory() / "plain.pt").string())
                  .attr("classes")
                  .toListRef()[1]
                  .toStringRef(),
              "class \"1\"");
  }
}

TEST(Exports, OfTorchScriptAndPythonGiveTheLogitsInPyTorch) {
  const Networks networks;
  for (const Exported* network : networks.all) {
    network->write("torchscript", ".pt");
    network->write("python", ".py");
  }
  check_in_python(networks, "check_torch.py");
}

TEST(Exports, OfOnnxAreValidAndGiveTheLogitsInOnnxRuntime) {
  const Networks networks;
  if (const Finished finished =
          run(networks.scratch, NASCENT_PROGRAMS "/export --format onnx --run " +
                                    networks.sep_conv.directory().string());
      finished.output.find("libonnx-dev") != std::string::npos)
    GTEST_SKIP() << finished.output;
  for (const Exported* network : networks.all) network->write("onnx", ".onnx");
  check_in_python(networks, "check_onnx.py");
}

TEST(Exports, OfCppCompileWithoutNascentAndGiveTheLogits) {
  const Networks networks;
  networks.sep_conv.write("cpp", "_chain.hpp");
  networks.nas_bench.write("cpp", "_cell.hpp");
  const std::string program = (networks.scratch / "use_headers").string();
  std::string folders;
  for (const Exported* network : networks.all) folders += " -I" + network->directory().string();
  const Finished compiled =
      run(networks.scratch, NASCENT_COMPILE_WITH_TORCH + folders +
                                " -Wall -Wextra -Wshadow -Werror " NASCENT_EXPORT_TESTS
                                "/use_headers.cpp " NASCENT_LINK_TORCH " -o " +
                                program);
  ASSERT_EQ(compiled.status, 0) << compiled.output;
  const Finished used =
      run(networks.scratch, program + " " + networks.sep_conv.directory().string() + " " +
                                networks.nas_bench.directory().string());
  EXPECT_EQ(used.status, 0) << used.output;
  EXPECT_THAT(used.output, HasSubstr("class \"1\""));
  std::cout << used.output;
}

}  // namespace
}  // namespace nascent
