// All files below a directory, one after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <system_error>

#include "nascent/data/data_error.hpp"
#include "nascent/data/read_text.hpp"

namespace nascent {

/// Says by a file's name, with the folders above it, whether its content is wanted.
using FileFilter = std::function<bool(const std::string& name)>;

/// Takes one file: its name, with the folders above it, and its bytes, which end with the call.
using FileVisitor =
    std::function<void(const std::string& name, std::span<const std::uint8_t> bytes)>;

/// Gives the wanted files below a directory to `visit`, named relative to it, in no certain order.
/// DataError where a directory cannot be listed or a file cannot be read.
inline void each_file_of_folder(const std::filesystem::path& directory, const FileFilter& wanted,
                                const FileVisitor& visit) {
  std::error_code error;
  using Iterator = std::filesystem::recursive_directory_iterator;
  const auto options = std::filesystem::directory_options::follow_directory_symlink;
  for (Iterator at(directory, options, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string name = at->path().lexically_relative(directory).generic_string();
    if (!at->is_regular_file(ignored) || !wanted(name)) continue;
    const std::string bytes = read_text(at->path());
    visit(name, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  if (error)
    throw DataError(directory.string() + " cannot be listed (" + error.message() +
                    "); check that it exists and may be read");
}

}  // namespace nascent
