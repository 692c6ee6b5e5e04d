// Grey pictures in Netpbm's PGM form, plain (P2) and raw (P5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "nascent/data/data_error.hpp"
#include "nascent/data/picture.hpp"

namespace nascent {

/// Whether a file begins as a PGM does.
inline bool is_pgm(std::span<const std::uint8_t> file) {
  return file.size() >= 2 && file[0] == 'P' && (file[1] == '2' || file[1] == '5');
}

namespace detail {

/// Reads the numbers of a PGM; whatever is wrong is said with the byte where it is.
class PgmReader {
 public:
  PgmReader(std::span<const std::uint8_t> file, const std::string& name)
      : file_(file), name_(name) {}

  Picture read() {
    constexpr std::uint32_t kMostExtent = 1 << 14, kMostPixels = 1 << 26;
    if (!is_pgm(file_)) fail("a PGM begins with P2 or P5");
    at_ = 2;
    const std::uint32_t width = number("the width"), height = number("the height");
    // Before anything is allocated: a header may lie.
    if (width < 1 || height < 1 || width > kMostExtent || height > kMostExtent ||
        width * height > kMostPixels)
      fail("its size is " + std::to_string(width) + "x" + std::to_string(height));
    most_ = number("the greatest grey value");
    if (most_ < 1 || most_ > 65535) fail("the greatest grey value must be 1 .. 65535");
    const std::size_t pixels = std::size_t{width} * height;
    Picture picture{{1, static_cast<int>(height), static_cast<int>(width)}, {}};
    if (file_[1] == '5')
      read_raw(pixels, picture);
    else
      read_plain(pixels, picture);
    skip_space();
    if (at_ != file_.size()) fail("the file goes on after its last pixel");
    return picture;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(name_ + " is no picture that can be read (byte " + std::to_string(at_) + ": " +
                    what + "); give a PGM file as Netpbm writes it, or remove it");
  }

  static bool is_space(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  /// White space, and comments from # to the end of the line.
  void skip_space() {
    bool comment = false;
    for (; at_ < file_.size(); ++at_) {
      if (file_[at_] == '#') comment = true;
      if (file_[at_] == '\n') comment = false;
      if (!comment && !is_space(file_[at_])) return;
    }
  }

  std::uint32_t number(const char* what) {
    skip_space();
    const std::size_t first = at_;
    std::uint32_t value = 0;
    for (; at_ < file_.size() && file_[at_] >= '0' && file_[at_] <= '9'; ++at_) {
      value = value * 10 + (file_[at_] - std::uint32_t{'0'});
      if (value > 1'000'000) fail(std::string(what) + " is too large");
    }
    if (at_ == first) fail(std::string(what) + " is no number");
    return value;
  }

  std::uint8_t grey(std::uint32_t value) const {
    if (value > most_) fail("a pixel is brighter than the greatest grey value");
    return static_cast<std::uint8_t>((value * 255 + most_ / 2) / most_);
  }

  /// One or two bytes a pixel, the upper one first, after a single white space.
  void read_raw(std::size_t pixels, Picture& picture) {
    const std::size_t bytes = most_ < 256 ? 1 : 2;
    if (at_ == file_.size() || !is_space(file_[at_])) fail("white space must follow the header");
    ++at_;
    if (file_.size() - at_ < pixels * bytes)
      fail("the file ends before its last pixel: " + std::to_string(pixels * bytes) +
           " bytes are needed, " + std::to_string(file_.size() - at_) + " are there");
    picture.pixels.reserve(pixels);
    for (std::size_t i = 0; i < pixels; ++i, at_ += bytes)
      picture.pixels.push_back(
          grey(bytes == 1 ? file_[at_] : std::uint32_t{file_[at_]} << 8 | file_[at_ + 1]));
  }

  void read_plain(std::size_t pixels, Picture& picture) {
    // A digit and a space each, at least.
    if ((file_.size() - at_) / 2 < pixels) fail("the file is too short for its pixels");
    picture.pixels.reserve(pixels);
    for (std::size_t i = 0; i < pixels; ++i) picture.pixels.push_back(grey(number("a pixel")));
  }

  std::span<const std::uint8_t> file_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::uint32_t most_ = 0;
};

}  // namespace detail

/// Decodes a PGM: one channel, values scaled to 0 .. 255. DataError for anything else, with the
/// byte; `name` stands for the file.
inline Picture parse_pgm(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::PgmReader(file, name).read();
}

}  // namespace nascent
