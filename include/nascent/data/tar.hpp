// Files of a tar archive, read without unpacking it. Needs libarchive, so programs that read none
// leave it out (nascent::archive brings it).
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/file_tree.hpp"

namespace nascent {

namespace detail {

/// An archive that is being read; whatever is wrong is said with its name.
class TarReader {
 public:
  explicit TarReader(const std::filesystem::path& path)
      : path_(path), archive_(archive_read_new(), archive_read_free) {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_filter_xz(archive_.get());
    archive_read_support_filter_bzip2(archive_.get());
    constexpr std::size_t kBlock = 1 << 16;
    if (archive_read_open_filename(archive_.get(), path.c_str(), kBlock) != ARCHIVE_OK)
      fail("cannot be opened as a tar archive");
  }

  /// Goes to the next entry, false at the end.
  bool next() {
    const int result = archive_read_next_header(archive_.get(), &entry_);
    if (result == ARCHIVE_EOF) return false;
    if (result < ARCHIVE_WARN) fail("cannot be read as a tar archive");
    return true;
  }

  /// The name of a file, without "./" before it; empty for anything else than a file.
  std::string file_name() const {
    const char* name = archive_entry_pathname(entry_);
    if (name == nullptr || archive_entry_filetype(entry_) != AE_IFREG) return "";
    std::string_view bare(name);
    while (bare.starts_with("./")) bare.remove_prefix(2);
    return std::string(bare);
  }

  /// The content of the file whose name was read.
  std::vector<std::uint8_t> content(const std::string& name) {
    constexpr std::size_t kStep = 1 << 16, kMost = std::size_t{1} << 28;
    std::vector<std::uint8_t> bytes;
    for (;;) {
      const std::size_t before = bytes.size();
      if (before > kMost) fail("holds " + name + ", which has more than 256 MiB");
      bytes.resize(before + kStep);
      const auto read = archive_read_data(archive_.get(), &bytes[before], kStep);
      if (read < 0) fail("cannot be read at " + name);
      bytes.resize(before + static_cast<std::size_t>(read));
      if (read == 0) return bytes;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const char* why = archive_error_string(archive_.get());
    throw DataError(path_.string() + " " + what + (why ? " (" + std::string(why) + ")" : "") +
                    "; give a whole .tar, .tar.gz, .tar.xz or .tar.bz2 file");
  }

  std::filesystem::path path_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  archive_entry* entry_ = nullptr;
};

}  // namespace detail

/// Gives the wanted files of a tar archive, plain or compressed by gzip, xz or bzip2, to `visit` in
/// the order in which they lie in it. DataError names an archive that cannot be read, and the file
/// where that is found.
inline void each_file_of_tar(const std::filesystem::path& path, const FileFilter& wanted,
                             const FileVisitor& visit) {
  detail::TarReader reader(path);
  while (reader.next()) {
    const std::string name = reader.file_name();
    if (!name.empty() && wanted(name)) visit(name, reader.content(name));
  }
}

/// The same of a folder or of a tar archive.
inline void each_file_of(const std::filesystem::path& folder_or_tar, const FileFilter& wanted,
                         const FileVisitor& visit) {
  std::error_code ignored;
  if (std::filesystem::is_directory(folder_or_tar, ignored))
    each_file_of_folder(folder_or_tar, wanted, visit);
  else
    each_file_of_tar(folder_or_tar, wanted, visit);
}

}  // namespace nascent
