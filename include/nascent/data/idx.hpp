// The IDX format of the MNIST family (LeCun, Cortes & Burges): a big-endian header of 4 bytes of
// magic number and 4 bytes for each extent, then one byte a value.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/image_set.hpp"

namespace nascent {

/// Pixels [count, height, width] of an IDX image file.
struct IdxImages {
  int count = 0, height = 0, width = 0;  ///< of the images, pixels
  std::vector<std::uint8_t> pixels;      ///< [count, height, width]
};

namespace detail {

/// Reads a plain or gzip-compressed file from front to back; positions count unpacked bytes.
class IdxStream {
 public:
  explicit IdxStream(const std::filesystem::path& path)
      : name_(path.string()), file_(gzopen(path.c_str(), "rb")) {
    if (!file_)
      throw DataError(name_ + " cannot be opened (" + std::strerror(errno) +
                      "); check that it exists and may be read");
  }

  /// Fills `bytes`; `what` names them in the error at an early end.
  void read(std::span<std::uint8_t> bytes, const char* what) {
    const std::size_t got = read_some(bytes);
    if (got < bytes.size()) {
      position_ += got;
      fail("the file ends inside " + std::string(what), kAgain);
    }
    position_ += got;
  }

  std::uint32_t read_number(const char* what) {
    std::array<std::uint8_t, 4> bytes{};
    read(bytes, what);
    std::uint32_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8 | byte;
    return number;
  }

  /// The `count` bytes that are left. Memory grows with what the file really holds, so that a
  /// header that lies about its size cannot ask for more.
  std::vector<std::uint8_t> read_rest(std::uint64_t count, const char* what) {
    constexpr std::uint64_t kChunk = 1 << 20;
    std::vector<std::uint8_t> values;
    bool ended = false;
    while (!ended) {
      // One byte more than there should be, in the same call as those before it: only then does
      // zlib look at the end of a compressed file and at its checksum.
      const std::uint64_t left = count + 1 - values.size();
      const auto chunk = static_cast<std::size_t>(left <= 2 * kChunk ? left : kChunk);
      const std::size_t begin = values.size();
      values.resize(begin + chunk);
      const std::size_t got = read_some(std::span(values).subspan(begin));
      values.resize(begin + got);
      ended = got < chunk || values.size() > count;
    }
    position_ += values.size();
    if (values.size() < count) fail("the file ends inside " + std::string(what), kAgain);
    if (values.size() > count)
      fail_at(position_ - 1, "the file goes on after its last value", kAgain);
    if (incomplete_) fail("the compressed file ends inside its checksum", kAgain);
    return values;
  }

  [[noreturn]] void fail(const std::string& what, const std::string& advice) const {
    fail_at(position_, what, advice);
  }

  [[noreturn]] void fail_at(std::uint64_t position, const std::string& what,
                            const std::string& advice) const {
    throw DataError(name_ + ", byte " + std::to_string(position) + ": " + what + "; " + advice);
  }

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };

  std::size_t read_some(std::span<std::uint8_t> bytes) {
    const int got = gzread(file_.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
    int code = Z_OK;
    const char* text = gzerror(file_.get(), &code);
    if (code == Z_ERRNO) text = std::strerror(errno);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR))
      fail("the file cannot be read (" + std::string(text) + ")", kAgain);
    incomplete_ = code == Z_BUF_ERROR;
    return static_cast<std::size_t>(got);
  }

  static constexpr const char* kAgain = "copy or download it again";

  std::string name_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::uint64_t position_ = 0;
  bool incomplete_ = false;  // a compressed file that ended before its end
};

inline std::string hexadecimal(std::uint32_t number) {
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
  return text;
}

inline void expect_magic(IdxStream& file, std::uint32_t wanted, const char* kind) {
  const std::uint32_t magic = file.read_number("its magic number");
  if (magic != wanted)
    file.fail_at(0,
                 "the magic number is " + hexadecimal(magic) + " where an IDX file of " + kind +
                     " has " + hexadecimal(wanted),
                 "give a file of that kind");
}

inline int read_extent(IdxStream& file, const char* what, std::uint32_t limit) {
  const std::uint32_t extent = file.read_number(what);
  if (extent < 1 || extent > limit)
    file.fail(std::string(what) + " is " + std::to_string(extent) +
                  " in the header, outside 1 .. " + std::to_string(limit),
              "copy or download the file again");
  return static_cast<int>(extent);
}

inline constexpr std::uint32_t kMaxImages = std::numeric_limits<int>::max();
inline constexpr std::uint32_t kMaxExtent = 1 << 14;  // pixels; 2^31 images of it fit 64 bits

}  // namespace detail

/// Reads an IDX file of images (magic number 0x00000803), plain or .gz; DataError where the header,
/// the size or the compression is wrong.
inline IdxImages read_idx_images(const std::filesystem::path& path) {
  detail::IdxStream file(path);
  detail::expect_magic(file, 0x803, "images");
  IdxImages images;
  images.count = detail::read_extent(file, "the number of images", detail::kMaxImages);
  images.height = detail::read_extent(file, "the height of an image", detail::kMaxExtent);
  images.width = detail::read_extent(file, "the width of an image", detail::kMaxExtent);
  const std::uint64_t values =
      std::uint64_t(images.count) * std::uint64_t(images.height) * std::uint64_t(images.width);
  images.pixels = file.read_rest(values, "its pixels");
  return images;
}

/// Reads an IDX file of labels (magic number 0x00000801), plain or .gz; DataError also for a label
/// of `classes` or more.
inline std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path,
                                                 int classes = 256) {
  detail::IdxStream file(path);
  detail::expect_magic(file, 0x801, "labels");
  const int count = detail::read_extent(file, "the number of labels", detail::kMaxImages);
  std::vector<std::uint8_t> labels = file.read_rest(std::uint64_t(count), "its labels");
  const auto wrong = std::ranges::find_if(labels, [&](int label) { return label >= classes; });
  if (wrong != labels.end())
    file.fail_at(8 + std::uint64_t(wrong - labels.begin()),
                 "the label is " + std::to_string(*wrong) +
                     " where the data set has classes 0 .. " + std::to_string(classes - 1),
                 "give the labels that belong to this data set");
  return labels;
}

/// Reads the images of one file with the labels of another, of the same count. `classes` = 0 takes
/// the largest label + 1.
inline ImageSet read_idx(const std::filesystem::path& images_path,
                         const std::filesystem::path& labels_path, int classes = 0) {
  IdxImages images = read_idx_images(images_path);
  const std::vector<std::uint8_t> labels =
      read_idx_labels(labels_path, classes > 0 ? classes : 256);
  if (std::cmp_not_equal(images.count, labels.size()))
    throw DataError(labels_path.string() + ", byte 4: the file holds " +
                    std::to_string(labels.size()) + " labels for the " +
                    std::to_string(images.count) + " images of " + images_path.string() +
                    "; give two files that belong together");
  ImageSet set;
  set.image = {1, images.height, images.width};
  set.classes = classes > 0 ? classes : *std::ranges::max_element(labels) + 1;
  set.pixels = std::move(images.pixels);
  set.labels.assign(labels.begin(), labels.end());
  return set;
}

/// `directory`/`name`, or with .gz behind it, whichever exists. `advice` ends the DataError when
/// neither does.
inline std::filesystem::path find_idx(const std::filesystem::path& directory,
                                      const std::string& name, const std::string& advice) {
  std::error_code ignored;  // a file that cannot be looked at is a missing file
  for (const char* ending : {"", ".gz"}) {
    const std::filesystem::path path = directory / (name + ending);
    if (std::filesystem::exists(path, ignored)) return path;
  }
  throw DataError(directory.string() + " has no file " + name + " or " + name + ".gz; " + advice);
}

}  // namespace nascent
