// A picture as a PNG file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/data/picture.hpp"
#include "nascent/data/stb_image_write.hpp"

namespace nascent {

/// The bytes of a PNG file, 8 bits a value, of a grey picture or one of three colours.
inline std::string png_file(const Picture& picture) {
  const auto [channels, height, width] = picture.shape;
  std::vector<std::uint8_t> interleaved;  // [height, width, channels]
  const std::size_t map = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  for (std::size_t i = 0; i < map; ++i)
    for (int c = 0; c < channels; ++c)
      interleaved.push_back(picture.pixels[static_cast<std::size_t>(c) * map + i]);
  std::string file;
  const auto append = [](void* to, void* bytes, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes),
                                          static_cast<std::size_t>(size));
  };
  if (stb::stbi_write_png_to_func(append, &file, width, height, channels, interleaved.data(),
                                  width * channels) == 0)
    throw std::runtime_error("there is too little memory to write a picture");
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
