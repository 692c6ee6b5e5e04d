// A picture as a PNG file.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/data/picture.hpp"

namespace nascent {

namespace detail {

inline void append_big_endian(std::string& text, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
}

/// Length, name, content and checksum.
inline void append_png_chunk(std::string& file, const std::string& name_and_content) {
  append_big_endian(file, static_cast<std::uint32_t>(name_and_content.size() - 4));
  const auto* bytes = reinterpret_cast<const Bytef*>(name_and_content.data());
  const auto sum = crc32(0, bytes, static_cast<uInt>(name_and_content.size()));
  file += name_and_content;
  append_big_endian(file, static_cast<std::uint32_t>(sum));
}

}  // namespace detail

/// The bytes of a PNG file, 8 bits a value, of a grey picture or one of three colours.
inline std::string png_file(const Picture& picture) {
  const auto channels = static_cast<std::size_t>(picture.shape.channels);
  const auto width = static_cast<std::size_t>(picture.shape.width);
  const auto height = static_cast<std::size_t>(picture.shape.height);
  std::string rows;
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // a row without a filter
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < channels; ++c)
        rows += static_cast<char>(picture.pixels[(c * height + y) * width + x]);
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(packed.data()), &size,
               reinterpret_cast<const Bytef*>(rows.data()),
               static_cast<uLong>(rows.size())) != Z_OK)
    throw std::runtime_error("there is too little memory to write a picture");
  packed.resize(size);
  std::string header = "IHDR";
  detail::append_big_endian(header, static_cast<std::uint32_t>(width));
  detail::append_big_endian(header, static_cast<std::uint32_t>(height));
  header += {8, static_cast<char>(channels == 1 ? 0 : 2), 0, 0, 0};
  std::string file = "\x89PNG\r\n\x1a\n";
  detail::append_png_chunk(file, header);
  detail::append_png_chunk(file, "IDAT" + packed);
  detail::append_png_chunk(file, "IEND");
  return file;
}

/// The picture as a page can hold it: data:image/png;base64,...
inline std::string png_uri(const Picture& picture) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string file = png_file(picture);
  std::string text = "data:image/png;base64,";
  for (std::size_t at = 0; at < file.size(); at += 3) {
    std::uint32_t three = 0;
    for (std::size_t i = at; i < at + 3; ++i)
      three = three << 8 | (i < file.size() ? static_cast<std::uint8_t>(file[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i > file.size() ? '=' : kDigits[three >> (18 - 6 * i) & 63];
  }
  return text;
}

}  // namespace nascent
