// A trained network as a file that says all about itself, from which every export is made.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/operation/parse_network.hpp"

namespace nascent {
namespace detail {

/// A list of JSON. Names of folders may be no UTF-8; a training must not be lost for that.
inline std::string names_text(const std::vector<std::string>& names) {
  return nlohmann::json(names).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace detail

/// A network, its tensors under the names of `add_network`, and what its images must look like.
struct TrainedNetwork {
  NetworkDescription description;  ///< its layers
  Safetensors weights;             ///< tensors and, beside what `write` adds, any metadata
  /// Of each channel of pixel / 255: the network was trained on (pixel / 255 - mean) / deviation.
  /// Both empty where unknown.
  std::vector<double> mean, deviation;
  std::vector<std::string> classes;  ///< names, in the order of the logits; empty where unknown

  /// Everything about itself goes into the metadata of the file, beside what stands there already.
  void write(const std::filesystem::path& path) const {
    Safetensors file = weights;
    file.metadata["network"] = to_string(description);
    if (!mean.empty()) {
      file.metadata["mean"] = nlohmann::json(mean).dump();
      file.metadata["deviation"] = nlohmann::json(deviation).dump();
    }
    if (!classes.empty()) file.metadata["classes"] = detail::names_text(classes);
    file.write(path);
  }

  /// DataError where the file is damaged, or is none of those that `write` makes.
  static TrainedNetwork read(const std::filesystem::path& path) {
    TrainedNetwork network;
    network.weights = Safetensors::read(path);
    const auto& metadata = network.weights.metadata;
    const auto text = metadata.find("network");
    if (text == metadata.end())
      throw DataError(path.string() +
                      " does not say what network its weights belong to; give weights that "
                      "train_architecture or TrainedNetwork::write has written");
    const auto list = [&](const char* name, auto& values) {
      if (const auto found = metadata.find(name); found != metadata.end())
        nlohmann::json::parse(found->second).get_to(values);
    };
    try {
      network.description = parse_network(text->second);
      list("mean", network.mean);
      list("deviation", network.deviation);
      list("classes", network.classes);
    } catch (const std::exception& error) {
      throw DataError(path.string() + ": its metadata is damaged: " + error.what());
    }
    network.check(path.string());
    return network;
  }

 private:
  void check(const std::string& name) const {
    const auto channels = static_cast<std::size_t>(description.problem.image.channels);
    if (mean.size() != deviation.size() || (!mean.empty() && mean.size() != channels))
      throw DataError(name + ": its metadata has no mean and deviation for each channel");
    if (!classes.empty() && classes.size() != static_cast<std::size_t>(description.problem.classes))
      throw DataError(name + ": its metadata names " + std::to_string(classes.size()) +
                      " classes where the network has " +
                      std::to_string(description.problem.classes));
  }
};

/// How a network is exported.
struct ExportOptions {
  std::string name = "network";  ///< of the graph, of the C++ namespace, of files beside
  /// The exported network itself subtracts the mean and divides by the deviation: it is given
  /// pixel / 255. Otherwise it is given images that are normalised already.
  bool normalise = false;
};

namespace detail {

/// std::invalid_argument where the network cannot normalise.
inline void require_exportable(const TrainedNetwork& network, const ExportOptions& options) {
  if (options.normalise && network.mean.empty())
    throw std::invalid_argument(
        "these weights do not say how their images were normalised; leave normalising to the "
        "program that gives the images");
}

}  // namespace detail
}  // namespace nascent
