#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "nascent/data/data_error.hpp"

namespace nascent {

/// The whole content of a file; DataError where it cannot be read.
inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored))
    throw DataError(path.string() + " cannot be opened; check that it exists and may be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace nascent
