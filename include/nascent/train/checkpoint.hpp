// A training as a file, from which it goes on bit for bit.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/train/named_tensors.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

/// What a checkpoint must agree with before a training goes on from it: field by field, as text.
using TrainingProtocol = std::map<std::string, std::string>;

namespace detail {

/// The optimiser's tensors under names of their own.
template <class Optimiser>
std::vector<NamedTensor> optimiser_tensors(typename Optimiser::State& state) {
  std::vector<NamedTensor> named;
  Optimiser::visit(state, [&](const char* name, at::Tensor& tensor) {
    named.push_back({std::string("optimiser.") + name, tensor});
  });
  return named;
}

}  // namespace detail

/// Parameters, running statistics, the optimiser's tensors and the epochs done; random choices need
/// no place, since they follow from the seed, the epoch and the image. `state` is the state of a
/// Trainer with that optimiser, between two epochs.
template <class Optimiser, class State>
Safetensors checkpoint_of(const NetworkDescription& description, Network& network, State& state,
                          std::int64_t steps, const TrainingProtocol& protocol) {
  Safetensors file;
  add_network(file, description, network, steps);
  add_tensors(file, detail::optimiser_tensors<Optimiser>(state.optimiser));
  const std::int64_t epoch = state.epoch;
  file.add<std::int64_t>("epoch", {}, std::span(&epoch, 1));
  file.metadata = protocol;
  return file;
}

/// The same as a file, whole or not at all.
template <class Optimiser, class State>
void save_checkpoint(const std::filesystem::path& path, const NetworkDescription& description,
                     Network& network, State& state, std::int64_t steps,
                     const TrainingProtocol& protocol) {
  checkpoint_of<Optimiser>(description, network, state, steps, protocol).write(path);
}

/// Takes a training up again; DataError where the checkpoint is damaged or of another protocol,
/// whose first differing field it names, and then nothing has changed.
template <class Optimiser, class State>
void load_checkpoint(const Safetensors& file, const NetworkDescription& description,
                     Network& network, State& state, const TrainingProtocol& protocol) {
  TrainingProtocol fields = protocol;
  fields.insert(file.metadata.begin(), file.metadata.end());  // of either: a policy may list none
  const auto value_in = [](const TrainingProtocol& texts, const std::string& field) {
    const auto found = texts.find(field);
    return found == texts.end() ? std::string("nothing") : found->second;
  };
  for (const auto& [field, either] : fields) {
    const std::string there = value_in(file.metadata, field), here = value_in(protocol, field);
    if (there != here)
      throw DataError(file.name() + " belongs to another training: " + field + " is " + there +
                      " there and " + here + " here; use the same options or another directory");
  }
  const std::vector<std::int64_t> epoch = file.values<std::int64_t>("epoch");
  if (epoch.size() != 1 || epoch[0] < 0 || epoch[0] > 1 << 30)
    throw DataError(file.name() + " does not say how many epochs were done; delete it");
  std::vector<NamedTensor> tensors = named_tensors(description, network);
  for (NamedTensor& tensor : detail::optimiser_tensors<Optimiser>(state.optimiser))
    tensors.push_back(std::move(tensor));
  load_tensors(file, tensors);
  state.epoch = static_cast<int>(epoch[0]);
}

/// The same from a file; DataError where it cannot be read.
template <class Optimiser, class State>
void load_checkpoint(const std::filesystem::path& path, const NetworkDescription& description,
                     Network& network, State& state, const TrainingProtocol& protocol) {
  load_checkpoint<Optimiser>(Safetensors::read(path), description, network, state, protocol);
}

}  // namespace nascent
