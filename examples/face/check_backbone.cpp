// Computes a recorded residual network for faces - forward, backward and steps of SGD with AdaFace
// - and compares every number.
//
//   check_backbone mini-ir.safetensors
//
// Sizes and constants come from mini-ir.json beside it.
#include <ATen/ops/full.h>

#include <CLI/CLI.hpp>
#include <array>
#include <map>
#include <nascent/space/residual_face_space.hpp>
#include <nascent/train/device.hpp>
#include <nascent/train/face_training.hpp>
#include <nascent/train/head/ada_face.hpp>
#include <nascent/train/intra_op_threads.hpp>
#include <nascent/train/named_tensors.hpp>
#include <nascent/train/precision.hpp>

#include "../program.hpp"
#include "comparison.hpp"

namespace {

using namespace nascent;
using nlohmann::json;

/// AdaFace's names of our modules: input_layer, body.BLOCK.res_layer or shortcut_layer,
/// output_layer.
std::map<std::string, std::string> recorded_names(const NetworkDescription& description) {
  constexpr int kResidual = 6;  // layers of a block before its shortcut
  const std::vector<std::string> modules = module_names(description);
  std::map<std::string, std::string> names;
  std::map<int, int> next;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const LayerDescription& layer = description.layers[i];
    const int index = next[layer.block]++;
    std::string& name = names[modules[i]];
    if (layer.block == LayerDescription::kStem)
      name = "input_layer." + std::to_string(index);
    else if (layer.block == LayerDescription::kHead)  // theirs flattens in a layer of its own
      name = "output_layer." + std::to_string(index < 2 ? index : index + 1);
    else
      name = "body." + std::to_string(layer.block) +
             (index < kResidual ? ".res_layer." + std::to_string(index)
                                : ".shortcut_layer." + std::to_string(index - kResidual));
  }
  return names;
}

class Check {
 public:
  Check(const Recorded& recorded, Comparison& comparison)
      : recorded_(recorded), comparison_(comparison), description_(describe(recorded.constants)) {}

  void run() {
    evaluate();
    train();
    if (recorded_.file.contains("sgd.losses")) descend();
  }

 private:
  static NetworkDescription describe(const json& constants) {
    ResidualFaceNetwork network(constants.at("depths").get<std::array<int, 4>>(),
                                constants.at("width").get<int>());
    ResidualFaceSpace space;
    space.embedding = constants.at("embedding").get<int>();
    space.dropout = 0;
    const json& side = constants.at("image");
    space.problem.image = {constants.value("channels", 3), side.get<int>(), side.get<int>()};
    return space.describe(network);
  }

  std::vector<NamedTensor> renamed(std::vector<NamedTensor> tensors) const {
    const auto names = recorded_names(description_);
    for (NamedTensor& tensor : tensors) {
      const auto dot = tensor.name.rfind('.');
      tensor.name = names.at(tensor.name.substr(0, dot)) + tensor.name.substr(dot);
    }
    return tensors;
  }

  /// With the recorded weights; batch norm is most exact in this layout.
  Network start() const {
    Network network(description_, 0, recorded_.device, MemoryLayout::nchw);
    load_tensors(recorded_.file, renamed(named_tensors(description_, network)), "init.");
    return network;
  }

  void compare(const std::string& name, const at::Tensor& got, double allowed) {
    if (recorded_.file.contains(name))
      comparison_.compare(name, got, recorded_.tensor(name), allowed);
  }

  void compare(const std::string& prefix, const std::vector<NamedTensor>& tensors, double allowed) {
    for (const NamedTensor& tensor : tensors) compare(prefix + tensor.name, tensor.values, allowed);
  }

  double allowed(const char* key, const char* word = "") const {
    return allowance(recorded_.constants, key, word);
  }

  void evaluate() {
    const at::NoGradGuard guard;
    Network network = start();
    const Embedded embedded = as_embeddings(network.forward(recorded_.tensor("images.0"), false));
    compare("eval.embeddings", embedded.embeddings, allowed("eval"));
    compare("eval.norms", embedded.norms, allowed("eval", "norms"));
  }

  void train() {
    const at::AutoGradMode gradients(true);
    Network network = start();
    at::Tensor images = recorded_.tensor("images.0").requires_grad_(true);
    at::Tensor output = network.forward(images, true);
    output.requires_grad_(true);
    const Embedded embedded = as_embeddings(output);
    const at::Tensor loss = (embedded.embeddings * recorded_.tensor("R")).sum() +
                            (embedded.norms * recorded_.tensor("r")).sum();
    loss.backward();
    network.backward(output.grad());
    compare("train.embeddings", embedded.embeddings, allowed("train"));
    compare("train.norms", embedded.norms, allowed("train"));
    compare("train.loss", loss, allowed("train"));
    const double of_gradients = allowed("train", "gradients");
    compare("train.grad_images", images.grad(), of_gradients);
    compare("train.grad.", renamed(named_parameters(description_, network.flat_gradients())),
            of_gradients);
    compare("train.after.", renamed(named_statistics(description_, network)), allowed("train"));
  }

  void descend() {
    const json& constants = recorded_.constants;
    const json head_constants = constants.value("head_constants", json::object());
    AdaFace head;
    head.margin = head_constants.value("m", head.margin);
    head.concentration = head_constants.value("h", head.concentration);
    head.scale = head_constants.value("s", head.scale);
    head.momentum = head_constants.value("t_alpha", constants.value("t_alpha", head.momentum));
    FaceSgd sgd;
    sgd.momentum = constants.value("momentum", sgd.momentum);
    sgd.weight_decay = constants.value("weight_decay", sgd.weight_decay);
    Network network = start();
    FaceTraining training(description_, network, recorded_.tensor("init.kernel"), head, sgd);
    const json begin = constants.value("start", json::object());
    training.state().mean = begin.value("batch_mean", training.state().mean);
    training.state().deviation = begin.value("batch_std", training.state().deviation);
    const auto after = [&](const std::string& prefix, double limit) {
      compare(prefix, renamed(named_tensors(description_, network)), limit);
      compare(prefix + "kernel", training.kernel(), limit);
    };
    const auto rates = constants.at("lr_each_step").get<std::vector<double>>();
    const at::Tensor losses = at::full({static_cast<std::int64_t>(rates.size())}, 0.F);
    for (std::size_t step = 0; step < rates.size(); ++step) {
      const std::string number = std::to_string(step), at = "sgd." + number + ".";
      const auto done = training.learn(recorded_.tensor("images." + number),
                                       recorded_.tensor("labels." + number), rates[step]);
      losses.select(0, static_cast<std::int64_t>(step)).copy_(done.loss);
      const double of_statistics = allowed("sgd.<t>.batch_mean/std");
      const auto compare_number = [&](const char* what, double value) {
        compare(at + what, at::full({1}, value, at::kDouble), of_statistics);
      };
      compare_number("batch_mean", training.state().mean);
      compare_number("batch_std", training.state().deviation);
      if (step == 0) after("sgd0.after.", allowed("sgd0.after"));
    }
    compare("sgd.losses", losses, allowed("sgd.losses"));
    after("sgd.after.", allowed("sgd.after"));
  }

  const Recorded& recorded_;
  Comparison& comparison_;
  NetworkDescription description_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Computes recorded face networks and compares every number."};
  std::vector<std::string> files;
  std::string device = "cpu";
  app.add_option("files", files, "NAME.safetensors, with NAME.json or mini-ir.json beside it")
      ->required();
  app.add_option("--device", device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  return run_program(app, argc, argv, [&] {
    const IntraOpThreads threads(1);
    const Device where(device);
    const Products exact(where, Precision::fp32);
    std::vector<Recorded> recorded;
    for (const std::string& file : files)
      recorded.push_back(Recorded::read(file, "mini-ir.json", where));
    Comparison comparison;
    for (const Recorded& one : recorded) Check(one, comparison).run();
    return comparison.finish();
  });
}
