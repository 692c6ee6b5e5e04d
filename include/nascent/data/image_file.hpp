// One picture: read from PNG, JPEG or PGM, and resized.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/pgm.hpp"
#include "nascent/data/picture.hpp"
#include "nascent/data/stb_image.hpp"

namespace nascent {

namespace detail {

/// Finds damage that stb_image passes over: it computes no checksum, and fills up what is missing.
class PictureCheck {
 public:
  PictureCheck(std::span<const std::uint8_t> file, const std::string& name)
      : file_(file), name_(name) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(name_ + " is no picture that can be read (" + what +
                    "); give a PNG, JPEG or PGM file, or remove it");
  }

  void check() const {
    constexpr std::array<std::uint8_t, 8> kPng{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    if (std::ranges::equal(file_.first(std::min(file_.size(), kPng.size())), kPng))
      check_png();
    else if (file_.size() >= 2 && file_[0] == 0xff && file_[1] == 0xd8)
      check_jpeg();
    else
      fail("byte 0: neither PNG, JPEG nor PGM begins so");
  }

 private:
  [[noreturn]] void fail_at(std::size_t at, const char* what) const {
    fail("byte " + std::to_string(at) + ": " + what);
  }

  std::uint32_t number(std::size_t at, int bytes) const {
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | file_[at + static_cast<std::size_t>(i)];
    return value;
  }

  /// Chunks of length, name, content and checksum, up to the one named IEND.
  void check_png() const {
    for (std::size_t at = 8;;) {
      if (file_.size() - at < 12) fail_at(file_.size(), "the file ends before its IEND");
      const std::size_t length = number(at, 4);
      if (length > file_.size() - at - 12) fail_at(at, "the file ends inside this chunk");
      const auto size = static_cast<unsigned>(length + 4);
      if (crc32(crc32(0, nullptr, 0), &file_[at + 4], size) != number(at + 8 + length, 4))
        fail_at(at, "the checksum of this chunk is wrong");
      if (number(at + 4, 4) == 0x49454e44) return;  // IEND
      at += 12 + length;
    }
  }

  /// Segments of marker and length, and coded bytes after each that starts a scan, up to the end
  /// marker.
  void check_jpeg() const {
    for (std::size_t at = 2;;) {
      if (file_.size() - at < 2) fail_at(file_.size(), "the file ends before its end marker");
      if (file_[at] != 0xff) fail_at(at, "a segment begins otherwise");
      const std::uint8_t marker = file_[at + 1];
      if (marker == kEnd) return;
      at += marker == kFill ? 1 : 2;
      if (marker == kFill) continue;
      const std::size_t length = file_.size() - at < 2 ? 0 : number(at, 2);
      if (length < 2 || length > file_.size() - at)
        fail_at(at, "the file ends inside this segment");
      if (marker == kHuffman) check_huffman(at + 2, at + length);
      at += length;
      if (marker == kScan) at = end_of_scan(at);
    }
  }

  /// Where the next segment begins: after coded bytes, whose 0xff are marked by a 0 behind them,
  /// and markers of restart.
  std::size_t end_of_scan(std::size_t at) const {
    for (; at + 1 < file_.size(); ++at) {
      const std::uint8_t next = file_[at + 1];
      if (file_[at] == 0xff && next != 0 && next / 8 != kRestart / 8) return at;
    }
    fail_at(file_.size(), "the file ends inside its scan");
  }

  /// Some versions of stb_image write beyond a table of more than 256 codes.
  void check_huffman(std::size_t at, std::size_t end) const {
    while (at < end) {
      if (end - at < 17) fail_at(at, "this Huffman table has no room for its sizes");
      const auto sizes = file_.subspan(at + 1, 16);
      const std::size_t codes = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
      if (codes > 256 || codes > end - at - 17)
        fail_at(at, "this Huffman table has too many codes");
      at += 17 + codes;
    }
  }

  static constexpr std::uint8_t kEnd = 0xd9, kFill = 0xff, kHuffman = 0xc4, kScan = 0xda,
                                kRestart = 0xd0;

  std::span<const std::uint8_t> file_;
  const std::string& name_;
};

}  // namespace detail

/// Decodes a PNG, JPEG or PGM picture from memory. One stored as grey has 1 channel, any other 3;
/// transparency is dropped, and of 16 bits a value the upper 8 are kept. DataError for anything
/// else, or where a part is missing or fails PNG's checksums; `name` stands for the file.
inline Picture parse_picture(std::span<const std::uint8_t> file, const std::string& name) {
  if (is_pgm(file)) return parse_pgm(file, name);
  constexpr int kMostExtent = 1 << 14, kMostPixels = 1 << 26;
  const detail::PictureCheck picture_check(file, name);
  picture_check.check();
  if (file.size() > std::numeric_limits<int>::max()) picture_check.fail("it has more than 2 GiB");
  const auto bytes = static_cast<int>(file.size());
  int width = 0, height = 0, stored = 0;
  if (!stb::stbi_info_from_memory(file.data(), bytes, &width, &height, &stored))
    picture_check.fail(stb::stbi_failure_reason());
  // Before anything is allocated: a header may lie.
  if (width < 1 || height < 1 || width > kMostExtent || height > kMostExtent ||
      width * height > kMostPixels)
    picture_check.fail("its size is " + std::to_string(width) + "x" + std::to_string(height));
  const int channels = stored <= 2 ? 1 : 3;
  const std::unique_ptr<stb::stbi_uc, void (*)(void*)> values(
      stb::stbi_load_from_memory(file.data(), bytes, &width, &height, &stored, channels),
      stb::stbi_image_free);
  if (!values) picture_check.fail(stb::stbi_failure_reason());
  Picture picture{{channels, height, width}, {}};
  const auto map = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  const auto planes = static_cast<std::size_t>(channels);
  picture.pixels.resize(planes * map);
  for (std::size_t c = 0; c < planes; ++c)
    for (std::size_t i = 0; i < map; ++i)
      picture.pixels[c * map + i] = values.get()[i * planes + c];
  return picture;
}

/// Reads a PNG, JPEG or PGM file. DataError names a file that cannot be opened or decoded.
inline Picture read_picture(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored))
    throw DataError(path.string() + " cannot be opened; check that it may be read");
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  return parse_picture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                       path.string());
}

namespace detail {

/// What a pixel of the resized row takes of the old one: weights of pixels first, first + 1, ...
struct Tap {
  std::size_t first = 0;
  std::vector<double> weights;
};

/// A triangle as wide as a pixel of the coarser of the two rows: interpolates when it enlarges and
/// averages when it reduces.
inline std::vector<Tap> taps(int from, int to) {
  const double scale = static_cast<double>(from) / to, reach = std::max(1.0, scale);
  std::vector<Tap> all;
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * scale - 0.5;
    const int first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(centre + reach)));
    Tap tap{static_cast<std::size_t>(first), {}};
    double sum = 0;
    for (int k = first; k <= last; ++k) {
      tap.weights.push_back(std::max(0.0, 1 - std::abs(k - centre) / reach));
      sum += tap.weights.back();
    }
    for (double& weight : tap.weights) weight /= sum;
    all.push_back(std::move(tap));
  }
  return all;
}

}  // namespace detail

/// The picture with other extents, of at least 1; its proportions are not kept.
inline Picture resized(const Picture& picture, int height, int width) {
  if (picture.shape.height == height && picture.shape.width == width) return picture;
  const auto old_height = static_cast<std::size_t>(picture.shape.height);
  const auto old_width = static_cast<std::size_t>(picture.shape.width);
  const auto rows = detail::taps(picture.shape.height, height);
  const auto columns = detail::taps(picture.shape.width, width);
  Picture result{{picture.shape.channels, height, width}, {}};
  std::vector<double> narrow(old_height * columns.size());
  for (std::size_t plane = 0; plane < picture.pixels.size(); plane += old_height * old_width) {
    for (std::size_t y = 0; y < old_height; ++y)
      for (std::size_t x = 0; x < columns.size(); ++x) {
        double& value = narrow[y * columns.size() + x] = 0;
        for (std::size_t k = 0; k < columns[x].weights.size(); ++k)
          value +=
              columns[x].weights[k] * picture.pixels[plane + y * old_width + columns[x].first + k];
      }
    for (const detail::Tap& row : rows)
      for (std::size_t x = 0; x < columns.size(); ++x) {
        double value = 0;
        for (std::size_t k = 0; k < row.weights.size(); ++k)
          value += row.weights[k] * narrow[(row.first + k) * columns.size() + x];
        result.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::min(value, 255.0))));
      }
  }
  return result;
}

}  // namespace nascent
