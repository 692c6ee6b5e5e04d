// A network's tensors under the names that the same network written in PyTorch gives them.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/operation/module_names.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

/// One tensor: a view into one of the network's flat tensors.
struct NamedTensor {
  std::string name;   ///< PyTorch's name of it
  at::Tensor values;  ///< a view
};

/// Trainable tensors in the order of the flat parameters, of `flat`: the network's parameters, or
/// anything of the same length (gradients, momenta).
inline std::vector<NamedTensor> named_parameters(const NetworkDescription& description,
                                                 const at::Tensor& flat) {
  const std::vector<std::string> modules = module_names(description);
  std::vector<NamedTensor> named;
  std::int64_t offset = 0;
  const auto take = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    const std::int64_t count = Safetensors::Tensor::count(shape);
    named.push_back({name, flat.detach().narrow(0, offset, count).view(shape)});
    offset += count;
  };
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const LayerDescription& layer = description.layers[i];
    const std::int64_t in = layer.in.channels, out = layer.out.channels;
    if (layer.kind == LayerKind::convolution)
      take(modules[i] + ".weight", {out, in / layer.groups, layer.kernel, layer.kernel});
    if (layer.kind == LayerKind::linear) take(modules[i] + ".weight", {out, layer.in.size()});
    if (layer.kind == LayerKind::batch_norm || layer.kind == LayerKind::prelu)
      take(modules[i] + ".weight", {out});
    if (layer.kind == LayerKind::linear || layer.kind == LayerKind::batch_norm)
      take(modules[i] + ".bias", {out});
  }
  return named;
}

/// running_mean and running_var of every batch norm.
inline std::vector<NamedTensor> named_statistics(const NetworkDescription& description,
                                                 Network& network) {
  const std::vector<std::string> modules = module_names(description);
  std::vector<NamedTensor> named;
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const LayerDescription& layer = description.layers[i];
    if (!keeps_statistics(layer.kind)) continue;
    for (const char* statistic : {".running_mean", ".running_var"}) {
      named.push_back({modules[i] + statistic,
                       network.flat_statistics().narrow(0, offset, layer.out.channels)});
      offset += layer.out.channels;
    }
  }
  return named;
}

/// Parameters, then running statistics.
inline std::vector<NamedTensor> named_tensors(const NetworkDescription& description,
                                              Network& network) {
  auto named = named_parameters(description, network.flat_parameters());
  for (NamedTensor& tensor : named_statistics(description, network))
    named.push_back(std::move(tensor));
  return named;
}

/// Adds float tensors, from any device, each name behind `prefix`.
inline void add_tensors(Safetensors& file, const std::vector<NamedTensor>& tensors,
                        const std::string& prefix = "") {
  for (const NamedTensor& tensor : tensors) {
    const at::Tensor values = tensor.values.cpu().contiguous();
    file.add<float>(prefix + tensor.name, tensor.values.sizes().vec(),
                    {values.const_data_ptr<float>(), static_cast<std::size_t>(values.numel())});
  }
}

/// Adds a network as PyTorch's state_dict has it, with `steps` as num_batches_tracked of every
/// batch norm.
inline void add_network(Safetensors& file, const NetworkDescription& description, Network& network,
                        std::int64_t steps) {
  add_tensors(file, named_tensors(description, network));
  const std::vector<std::string> modules = module_names(description);
  for (std::size_t i = 0; i < modules.size(); ++i)
    if (keeps_statistics(description.layers[i].kind))
      file.add<std::int64_t>(modules[i] + ".num_batches_tracked", {}, std::span(&steps, 1));
}

/// Fills float tensors from a file; DataError names the first that is missing or of another shape,
/// and then nothing has changed.
inline void load_tensors(const Safetensors& file, const std::vector<NamedTensor>& tensors,
                         const std::string& prefix = "") {
  for (const NamedTensor& tensor : tensors)
    if (file.at(prefix + tensor.name).shape != tensor.values.sizes().vec())
      throw DataError("the tensor '" + prefix + tensor.name +
                      "' has another shape than in this network; give the weights of this "
                      "architecture");
  std::vector<std::vector<float>> values;
  for (const NamedTensor& tensor : tensors)
    values.push_back(file.values<float>(prefix + tensor.name));
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    tensors[i].values.detach().copy_(
        at::from_blob(values[i].data(), tensors[i].values.sizes(), at::kFloat));
}

}  // namespace nascent
