#pragma once

#include <cstdint>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// Bytes [channels, height, width] of one picture: 1 channel (grey) or 3 (red, green, blue).
struct Picture {
  Shape shape;                       ///< 1 channel for grey pictures, 3 for colour
  std::vector<std::uint8_t> pixels;  ///< [channels, height, width]
};

}  // namespace nascent
