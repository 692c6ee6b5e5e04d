// CIFAR-10 and CIFAR-100 in their binary form (Krizhevsky 2009).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/image_set.hpp"

namespace nascent {

/// How one record of a file begins.
struct CifarForm {
  int label_bytes = 1;  ///< CIFAR-100 has the coarse label before the fine one, which counts
  int classes = 10;     ///< 10 or 100
};

/// Appends the records in `bytes`, each a label and 32x32 red, green and blue values. DataError for
/// a part of a record or a label of `classes` or more; `name` stands for the file.
inline void parse_cifar(std::span<const std::uint8_t> bytes, CifarForm form,
                        const std::string& name, ImageSet& set) {
  constexpr std::size_t kPixels = 3 * 32 * 32;
  const std::size_t record = kPixels + static_cast<std::size_t>(form.label_bytes);
  if (bytes.empty() || bytes.size() % record != 0)
    throw DataError(name + ", byte " + std::to_string(bytes.size() - bytes.size() % record) +
                    ": the file ends inside a record of " + std::to_string(record) +
                    " bytes; copy or download it again");
  set.image = {3, 32, 32};
  set.classes = form.classes;
  for (std::size_t at = 0; at < bytes.size(); at += record) {
    const std::size_t last = at + static_cast<std::size_t>(form.label_bytes) - 1;
    if (bytes[last] >= form.classes)
      throw DataError(name + ", byte " + std::to_string(last) + ": the label is " +
                      std::to_string(bytes[last]) + " where the data set has classes 0 .. " +
                      std::to_string(form.classes - 1) + "; give files of this data set");
    set.append(bytes.subspan(last + 1, kPixels), bytes[last]);
  }
}

/// Reads the files one after another.
inline ImageSet read_cifar(const std::filesystem::path& directory,
                           const std::vector<std::string>& names, CifarForm form,
                           const std::string& advice) {
  ImageSet set;
  for (const std::string& name : names) {
    const std::filesystem::path path = directory / name;
    std::ifstream file(path, std::ios::binary);
    std::error_code ignored;
    if (!file || std::filesystem::is_directory(path, ignored))
      throw DataError(directory.string() + " has no file " + name + "; " + advice);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    parse_cifar({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, form,
                path.string(), set);
  }
  return set;
}

}  // namespace nascent
