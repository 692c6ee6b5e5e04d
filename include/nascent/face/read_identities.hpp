// Faces from a folder or from a tar archive. Needs libarchive (nascent::archive brings it).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "nascent/data/tar.hpp"
#include "nascent/face/identities.hpp"

namespace nascent {

/// Reads IDENTITY/*.{png,jpg,jpeg,pgm} below a folder or within a tar archive, which may be
/// compressed and is not unpacked. Folders above IDENTITY are passed over.
inline IdentitySet read_identities(const std::filesystem::path& folder_or_tar,
                                   const IdentityOptions& options = {}) {
  IdentityReader reader(options, folder_or_tar.string());
  each_file_of(
      folder_or_tar, [&](const std::string& name) { return reader.wants(name); },
      [&](const std::string& name, std::span<const std::uint8_t> bytes) {
        reader.add(name, bytes);
      });
  return reader.finish();
}

}  // namespace nascent
