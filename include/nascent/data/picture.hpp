#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// Bytes [channels, height, width] of one picture: 1 channel (grey) or 3 (red, green, blue).
struct Picture {
  Shape shape;                       ///< 1 channel for grey pictures, 3 for colour
  std::vector<std::uint8_t> pixels;  ///< [channels, height, width]
};

/// The picture with 1 channel or 3: grey is repeated, colours become their luma (ITU-R BT.601).
inline Picture with_channels(Picture picture, int channels) {
  if (picture.shape.channels == channels) return picture;
  const auto map = static_cast<std::size_t>(picture.shape.height) *
                   static_cast<std::size_t>(picture.shape.width);
  std::vector<std::uint8_t> pixels;
  if (channels == 1)
    for (std::size_t i = 0; i < map; ++i)
      pixels.push_back(static_cast<std::uint8_t>(std::lround(.299 * picture.pixels[i] +
                                                             .587 * picture.pixels[map + i] +
                                                             .114 * picture.pixels[2 * map + i])));
  else
    for (int c = 0; c < channels; ++c)
      pixels.insert(pixels.end(), picture.pixels.begin(), picture.pixels.end());
  picture.shape.channels = channels;
  picture.pixels = std::move(pixels);
  return picture;
}

}  // namespace nascent
