#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/export/source_text.hpp"
#include "nascent/export/statements.hpp"
#include "nascent/export/trained_network.hpp"

namespace nascent {
namespace detail {

/// Names of the tensors of a layer, as PyTorch has them.
inline std::vector<std::string> tensor_names(LayerKind kind) {
  if (kind == LayerKind::convolution) return {"weight"};
  if (kind == LayerKind::linear) return {"weight", "bias"};
  if (kind == LayerKind::prelu) return {"weight"};
  if (kind == LayerKind::plain_batch_norm) return {"running_mean", "running_var"};
  if (kind == LayerKind::batch_norm) return {"weight", "bias", "running_mean", "running_var"};
  return {};
}

inline std::string script_value(const Statement& s) {
  const LayerDescription& layer = s.layer;
  const std::string self = "self." + identifier(s.module) + "_";
  const auto pair = [](int both) { return pair_of(kTorchScript, both, both); };
  switch (layer.kind) {
    case LayerKind::convolution:
      return "torch.conv2d(" + s.in + ", " + self + "weight, None, " + pair(layer.stride) + ", " +
             pair(layer.kernel / 2) + ", [1, 1], " + std::to_string(layer.groups) + ")";
    case LayerKind::batch_norm:
      return "torch.batch_norm(" + s.in + ", " + self + "weight, " + self + "bias, " + self +
             "running_mean, " + self + "running_var, False, 0.1, 1e-5, True)";
    case LayerKind::linear:
      return "torch.linear(torch.flatten(" + s.in + ", 1), " + self + "weight, " + self + "bias)";
    case LayerKind::prelu:
      return "torch.prelu(" + s.in + ", " + self + "weight)";
    case LayerKind::plain_batch_norm:
      return "torch.batch_norm(" + s.in + ", None, None, " + self + "running_mean, " + self +
             "running_var, False, 0.1, 1e-5, True)";
    default:
      return stateless_value(s, kTorchScript);
  }
}

inline std::string script_source(const TrainedNetwork& network, const ExportOptions& options) {
  const std::vector<Statement> layers = statements(network.description);
  std::string text = "def forward(self, x: Tensor) -> Tensor:\n";
  if (options.normalise) text += "    x = (x - self.mean) / self.deviation\n";
  for (const Statement& s : layers) text += "    " + s.out + " = " + script_value(s) + "\n";
  return text + "    return " + layers.back().out + "\n";
}

}  // namespace detail

/// A network as a TorchScript module, for evaluation only; a tensor's name is the one of
/// `add_network` with underscores for dots. Names of classes are the attribute `classes`.
/// std::invalid_argument where it cannot normalise, DataError where weights are missing.
inline torch::jit::Module torch_script(const TrainedNetwork& network,
                                       const ExportOptions& options = {}) {
  detail::require_exportable(network, options);
  torch::jit::Module module("__torch__.Network");
  module.register_attribute("training", c10::BoolType::get(), false);
  for (const Statement& s : statements(network.description))
    for (const std::string& name : detail::tensor_names(s.layer.kind)) {
      const std::string key = s.module + "." + name;
      std::vector<float> values = network.weights.values<float>(key);
      const at::Tensor tensor =
          at::from_blob(values.data(), network.weights.at(key).shape, at::kFloat).clone();
      const bool buffer = name.starts_with("running_");
      module.register_parameter(detail::identifier(key), tensor, buffer);
    }
  if (options.normalise) {
    const auto constant = [&](const char* name, const std::vector<double>& values) {
      module.register_buffer(name, at::tensor(values, at::kFloat).view({1, -1, 1, 1}));
    };
    constant("mean", network.mean);
    constant("deviation", network.deviation);
  }
  if (!network.classes.empty())
    module.register_attribute("classes", c10::ListType::ofStrings(), c10::IValue(network.classes));
  module.define(detail::script_source(network, options));
  return module;
}

/// The same as a file, for torch::jit::load of C++ and torch.jit.load of Python.
inline void write_torch_script(const std::filesystem::path& path, const TrainedNetwork& network,
                               const ExportOptions& options = {}) {
  const torch::jit::Module module = torch_script(network, options);
  try {
    module.save(path.string());
  } catch (const std::exception&) {
    throw DataError(path.string() +
                    " cannot be written; check that its folder exists and that there is room");
  }
}

}  // namespace nascent
