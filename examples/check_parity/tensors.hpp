// Tensors of a fixture's files.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nascent/data/data_error.hpp>
#include <nascent/data/safetensors.hpp>
#include <string>
#include <vector>

/// Reads a file of tensors, and refuses one with a number that is not finite: nothing could be
/// compared with it.
inline nascent::Safetensors read_tensors(const std::filesystem::path& path) {
  nascent::Safetensors file = nascent::Safetensors::read(path);
  for (const auto& [name, tensor] : file.tensors())
    if (tensor.dtype == "F32" && !std::ranges::all_of(file.values<float>(name), [](float value) {
          return std::isfinite(value);
        }))
      throw nascent::DataError(path.string() + ": the tensor '" + name +
                               "' holds a number that is not finite; restore it");
  return file;
}

/// DataError where a tensor has another shape than the rest of the fixture says.
inline void require_shape(const nascent::Safetensors& file, const std::filesystem::path& path,
                          const std::string& name, const std::vector<std::int64_t>& shape) {
  if (file.at(name).shape != shape)
    throw nascent::DataError(path.string() + ": the tensor '" + name +
                             "' has another shape than the fixture says; restore it");
}
