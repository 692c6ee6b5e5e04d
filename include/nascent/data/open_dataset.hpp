// Data sets by name, for programs.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "nascent/data/dataset.hpp"

namespace nascent {

/// The names that `open_dataset` knows, for --help.
inline constexpr const char* kDatasetNames =
    "fashion-mnist, kmnist, emnist-balanced, cifar10, cifar100, or a directory with four IDX "
    "files, "
    "plain or .gz";

/// Opens a data set: `name` is one of kDatasetNames, or a path of its own; `directory` holds the
/// files of a named one (FashionMNIST has a default). DataError where files are missing, with where
/// to get them and what to type.
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
  return idx_dataset(name);
}

}  // namespace nascent
