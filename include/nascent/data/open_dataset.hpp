// Data sets by name, for programs.
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "nascent/data/data_error.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/data/image_folder.hpp"

namespace nascent {

/// The names that `open_dataset` knows, for --help.
inline constexpr const char* kDatasetNames =
    "fashion-mnist, kmnist, emnist-balanced, cifar10, cifar100, a directory with four IDX files "
    "(plain or .gz), or a folder of PNG, JPEG or PGM pictures, a folder for each class";

namespace detail {

/// Whether a directory has files with the names of IDX files, all four or not.
inline bool looks_like_idx(const std::filesystem::path& directory) {
  return std::ranges::any_of(entries_of(directory), [](const std::filesystem::path& path) {
    return path.filename().string().find("-ubyte") != std::string::npos;
  });
}

inline bool has_folders(const std::filesystem::path& directory) {
  std::error_code ignored;
  return std::ranges::any_of(entries_of(directory), [&](const std::filesystem::path& path) {
    return std::filesystem::is_directory(path, ignored);
  });
}

}  // namespace detail

/// Opens a data set: `name` is one of kDatasetNames, or a path of its own; `directory` holds the
/// files of a named one (FashionMNIST has a default). DataError where files are missing, with where
/// to get them and what to type; std::invalid_argument for a path with a `directory` beside it.
inline Dataset open_dataset(const std::string& name, const std::string& directory = "") {
  // Without a directory the current one is searched, so that the error can say what is missing.
  const std::string where = directory.empty() ? "." : directory;
  if (name == "fashion-mnist") return directory.empty() ? fashion_mnist() : fashion_mnist(where);
  if (name == "kmnist") return kmnist(where);
  if (name == "emnist-balanced") return emnist_balanced(where);
  if (name == "cifar10") return cifar10(where);
  if (name == "cifar100") return cifar100(where);
  if (!directory.empty())
    throw std::invalid_argument("--data-dir goes with a named data set, not with a path");
  std::error_code ignored;
  if (!std::filesystem::is_directory(name, ignored))
    throw DataError("there is no data set and no directory '" + name + "'; choose " +
                    kDatasetNames);
  const bool pictures = detail::has_folders(name) && !detail::looks_like_idx(name);
  return pictures ? image_folder(name) : idx_dataset(name);
}

}  // namespace nascent
