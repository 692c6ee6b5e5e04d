// A file of lines that only grows, owned by one process.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "nascent/search/search_error.hpp"
#include "nascent/search/stopwatch.hpp"

namespace nascent::detail {

inline std::string error_words() { return std::strerror(errno); }

/// Each line is one write(2), so that a kill can tear only the last one. Locked against other
/// processes. SearchError, with the path, when it cannot be opened or written or is in use.
class AppendFile {
 public:
  /// Synced to the disk at most once in `sync_seconds`, and by `sync`; never when negative.
  AppendFile(std::filesystem::path path, double sync_seconds)
      : path_(std::move(path)), sync_seconds_(sync_seconds) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0)
      throw SearchError(path_.string() + " cannot be opened: " + error_words() +
                        "; check that its folder exists and may be written to");
    if (!lock()) {
      ::close(file_);
      throw SearchError(path_.string() +
                        " is in use by another process; wait for its end, or name another run "
                        "directory");
    }
  }
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile() {
    sync();
    ::close(file_);
  }

  const std::filesystem::path& path() const { return path_; }

  std::string text() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void cut(std::size_t bytes) {
    if (::ftruncate(file_, static_cast<off_t>(bytes)) != 0)
      throw SearchError(path_.string() + " cannot be truncated: " + error_words());
  }

  void append(std::string line) {
    line += '\n';
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      throw SearchError(path_.string() + " cannot be written: " + error_words() +
                        "; make room, then start the same command again: it goes on from here");
    unsynced_ = true;
    if (since_synced_.seconds() < sync_seconds_) return;
    sync();
    since_synced_ = Stopwatch();
  }

  void sync() {
    if (unsynced_ && sync_seconds_ >= 0) ::fsync(file_);
    unsynced_ = false;
  }

 private:
  /// Of a run that was killed, processes of single trials may hold the lock for a moment longer.
  bool lock() const {
    for (int attempts = 0; attempts < 20; ++attempts) {
      if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return true;
      ::usleep(25'000);
    }
    return false;
  }

  std::filesystem::path path_;
  double sync_seconds_;
  int file_ = -1;
  bool unsynced_ = false;
  Stopwatch since_synced_;
};

/// Writes a whole file or leaves the former one.
inline void write_whole(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path partial = path;
  partial += ".partial";
  std::ofstream file(partial, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(partial, path, error);
  if (!file || error)
    throw SearchError(path.string() +
                      " cannot be written; check that its folder may be written to and has room");
}

}  // namespace nascent::detail
