// IDX files to read, good and bad.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "../support/support.hpp"

namespace nascent {

inline std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

inline std::string idx_header(std::initializer_list<std::uint32_t> numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) bytes += big_endian(number);
  return bytes;
}

/// `count` images of `height` x `width` whose k-th byte is k modulo 251.
inline std::string idx_images(std::uint32_t count, std::uint32_t height = 3,
                              std::uint32_t width = 2) {
  std::string bytes = idx_header({0x803, count, height, width});
  const std::size_t values = std::size_t{count} * height * width;
  for (std::size_t k = 0; k < values; ++k) bytes += static_cast<char>(k % 251);
  return bytes;
}

/// `count` labels 0, 1, .. classes-1, 0, 1, ...
inline std::string idx_labels(std::uint32_t count, std::uint32_t classes = 2) {
  std::string bytes = idx_header({0x801, count});
  for (std::uint32_t k = 0; k < count; ++k) bytes += static_cast<char>(k % classes);
  return bytes;
}

/// `text` as the bytes of a .gz file.
inline std::string compressed(const Scratch& scratch, const std::string& text) {
  const std::string path = (scratch / "compressing.gz").string();
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return read_file(path);
}

/// The four files of a small data set, plain.
inline void write_idx_directory(const Scratch& scratch, std::uint32_t train = 20,
                                std::uint32_t test = 6, std::uint32_t classes = 2) {
  scratch.write("train-images-idx3-ubyte", idx_images(train));
  scratch.write("train-labels-idx1-ubyte", idx_labels(train, classes));
  scratch.write("t10k-images-idx3-ubyte", idx_images(test));
  scratch.write("t10k-labels-idx1-ubyte", idx_labels(test, classes));
}

}  // namespace nascent
