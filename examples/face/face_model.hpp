// The network of a run of search_faces.
#pragma once

#include <filesystem>
#include <memory>
#include <nascent/data/normalizer.hpp>
#include <nascent/export/trained_network.hpp>
#include <nascent/face/embeddings.hpp>
#include <nascent/train/device.hpp>
#include <nascent/train/face_embeddings.hpp>
#include <nascent/train/named_tensors.hpp>
#include <nascent/train/network.hpp>
#include <stdexcept>
#include <utility>

/// A trained network with what its images must look like, from one file.
class FaceModel {
 public:
  static constexpr const char* kFile = "model.safetensors";  ///< in a run directory

  /// Of a run directory, or of the file itself; DataError where that is none.
  explicit FaceModel(const std::filesystem::path& run_or_file, nascent::Device device = {})
      : FaceModel(read(run_or_file), device) {}

  /// Writes a network that was trained on pixels (x / 255 - 0.5) / 0.5.
  static void write(const std::filesystem::path& path,
                    const nascent::NetworkDescription& description, nascent::Network& network) {
    nascent::TrainedNetwork trained;
    trained.description = description;
    nascent::add_network(trained.weights, description, network, 0);
    const auto channels = static_cast<std::size_t>(description.problem.image.channels);
    trained.mean = trained.deviation = std::vector<double>(channels, .5);
    trained.write(path);
  }

  const nascent::NetworkDescription& description() const { return description_; }

  /// Of length 1, each of an image and its mirror image.
  nascent::Embeddings embed(const nascent::ImageSet& images) {
    return nascent::embeddings_of(nascent::face_embeddings(network_, images, normalizer_));
  }

 private:
  FaceModel(const nascent::TrainedNetwork& trained, nascent::Device device)
      : description_(trained.description),
        network_(description_, 0, device),
        normalizer_(trained.mean, trained.deviation) {
    nascent::load_tensors(trained.weights, nascent::named_tensors(description_, network_));
  }

  static nascent::TrainedNetwork read(const std::filesystem::path& run_or_file) {
    const bool is_run = std::filesystem::is_directory(run_or_file);
    const std::filesystem::path file = is_run ? run_or_file / kFile : run_or_file;
    nascent::TrainedNetwork trained = nascent::TrainedNetwork::read(file);
    const int channels = trained.description.problem.image.channels;
    if (trained.mean.empty() || (channels != 1 && channels != 3))
      throw nascent::DataError(file.string() +
                               " does not say how pictures of faces are normalised for it; give "
                               "the model of a run of search_faces");
    return trained;
  }

  nascent::NetworkDescription description_;
  nascent::Network network_;
  nascent::Normalizer normalizer_;
};
