// PNG files to read, made without an encoder.
#pragma once

#include <zlib.h>

#include <string>

#include "idx_files.hpp"

namespace nascent {

inline std::string png_chunk(const std::string& content) {  // its name is the first four bytes
  const auto* bytes = reinterpret_cast<const Bytef*>(content.data());
  const auto sum = crc32(0, bytes, static_cast<unsigned>(content.size()));
  return big_endian(static_cast<std::uint32_t>(content.size() - 4)) + content +
         big_endian(static_cast<std::uint32_t>(sum));
}

/// A grey PNG of two pixels side by side: 0 and `value`.
inline std::string tiny_png(char value) {
  const std::string row{0, 0, value};  // no filter, two values
  std::string packed(64, 0);
  uLongf size = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(row.data()), row.size());
  packed.resize(size);
  const std::string eight_bits_grey{8, 0, 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR" + big_endian(2) + big_endian(1) + eight_bits_grey) +
         png_chunk("IDAT" + packed) + png_chunk("IEND");
}

}  // namespace nascent
