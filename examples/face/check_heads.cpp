// Computes the margin heads on recorded batches and compares every number.
//
//   check_heads heads.safetensors
//
// Constants come from heads.json beside it.
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/full.h>

#include <CLI/CLI.hpp>
#include <nascent/train/device.hpp>
#include <nascent/train/head/ada_face.hpp>
#include <nascent/train/head/arc_face.hpp>
#include <nascent/train/head/cos_face.hpp>
#include <nascent/train/precision.hpp>
#include <set>

#include "../program.hpp"
#include "comparison.hpp"

namespace {

using namespace nascent;
using nlohmann::json;

/// The object of this name, or of what its name begins with: adaface_warm has adaface's constants.
json section(const json& constants, const char* list, const std::string& name) {
  const auto found = constants.find(list);
  if (found == constants.end() || !found->is_object()) return json::object();
  if (found->contains(name)) return found->at(name);
  return found->value(name.substr(0, name.find('_')), json::object());
}

template <class Head>
void set_margin(Head& head, const json& constants) {
  head.margin = constants.value("m", head.margin);
  head.scale = constants.value("s", head.scale);
  head.epsilon = constants.value("eps", head.epsilon);
}

/// All batches of one head, in order.
template <class Head>
void check(const Recorded& recorded, const std::string& name, const Head& head,
           typename Head::State state, Comparison& comparison) {
  const auto allowed = [&](const char* key) { return allowance(recorded.constants, key); };
  for (int b = 0; recorded.file.contains(name + "." + std::to_string(b) + ".logits"); ++b) {
    const std::string batch = "." + std::to_string(b), at = name + batch + ".";
    at::Tensor embeddings = recorded.tensor("embeddings" + batch).requires_grad_(true);
    at::Tensor kernel = recorded.tensor("kernel").requires_grad_(true);
    const at::Tensor labels = recorded.tensor("labels" + batch);
    const at::Tensor norms = recorded.tensor("norms" + batch).view({-1, 1});
    if constexpr (std::is_same_v<Head, AdaFace>)
      if (norms.size(0) == 1) {
        std::printf(
            "%s: a batch of one has no deviation; Nascent leaves the statistics as they "
            "are, so there is nothing to compare\n",
            (name + batch).c_str());
        continue;
      }
    const at::Tensor logits = head.logits(state, {embeddings, norms, labels}, kernel);
    const at::Tensor loss = at::cross_entropy_loss(logits, labels);
    loss.backward();
    comparison.compare(at + "logits", logits, recorded.tensor(at + "logits"), allowed("logits"));
    const auto compare = [&](const char* what, const at::Tensor& got, const char* tolerance) {
      if (recorded.file.contains(at + what))
        comparison.compare(at + what, got, recorded.tensor(at + what), allowed(tolerance));
    };
    compare("loss", loss, "loss");
    compare("grad_embeddings", embeddings.grad(), "gradients");
    compare("grad_kernel", kernel.grad(), "gradients");
    if constexpr (std::is_same_v<Head, AdaFace>) {
      const auto number = [](double value) { return at::full({1}, value, at::kDouble); };
      compare("batch_mean", number(state.mean), "batch_mean");
      compare("batch_std", number(state.deviation), "batch_std");
    }
  }
}

void check_file(const std::string& path, at::Device device, Comparison& comparison) {
  const Recorded recorded = Recorded::read(path, "heads.json", device);
  std::set<std::string> names;
  for (const auto& [name, tensor] : recorded.file.tensors())
    if (name.ends_with(".0.logits")) names.insert(name.substr(0, name.size() - 9));
  if (names.empty())
    throw std::runtime_error(path + " has no tensor HEAD.0.logits; give a file of heads");
  for (const std::string& name : names) {
    const json constants = section(recorded.constants, "constants", name);
    if (name.starts_with("adaface")) {
      AdaFace head;
      set_margin(head, constants);
      head.concentration = constants.value("h", head.concentration);
      head.momentum = constants.value("t_alpha", head.momentum);
      const json start = section(recorded.constants, "start", name);
      AdaFace::State state = head.start();
      state.mean = start.value("batch_mean", state.mean);
      state.deviation = start.value("batch_std", state.deviation);
      check(recorded, name, head, state, comparison);
    } else if (name.starts_with("arcface")) {
      ArcFace head;
      set_margin(head, constants);
      check(recorded, name, head, head.start(), comparison);
    } else if (name.starts_with("cosface")) {
      CosFace head;
      set_margin(head, constants);
      check(recorded, name, head, head.start(), comparison);
    } else {
      throw std::runtime_error(path + " has a head '" + name +
                               "'; this program knows adaface, arcface and cosface");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Computes margin heads on recorded batches and compares every number."};
  std::vector<std::string> files;
  std::string device = "cpu";
  app.add_option("files", files, "NAME.safetensors, with NAME.json or heads.json beside it")
      ->required();
  app.add_option("--device", device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  return run_program(app, argc, argv, [&] {
    const Device where(device);
    const Products exact(where, Precision::fp32);
    for (const std::string& file : files)  // before anything is printed
      Recorded::read(file, "heads.json", where);
    Comparison comparison;
    for (const std::string& file : files) check_file(file, where, comparison);
    return comparison.finish();
  });
}
