// Images that a small network learns in a second: each class has a bright patch at its own place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "nascent/data/image_set.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {

/// Grey, 12x12, of four classes.
inline ImageSet toy_images(int count, std::uint64_t seed = 1) {
  constexpr Shape shape{1, 12, 12};
  constexpr int classes = 4;
  ImageSet set{shape, classes, {}, {}};
  Random random(seed);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(shape.size()));
  for (int i = 0; i < count; ++i) {
    const int label = i % classes;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(100));
    const int row = label / 2 * 6 + 1, column = label % 2 * 6 + 1;
    for (int y = row; y < row + 4; ++y)
      for (int x = column; x < column + 4 + label; ++x)
        bytes[static_cast<std::size_t>(y * shape.width + std::min(x, shape.width - 1))] = 255;
    set.append(bytes, label);
  }
  return set;
}

/// A small network for images of `shape`.
inline NetworkDescription small_network(Shape shape = {1, 20, 20}, int classes = 4) {
  SepConvSpace space;
  space.fit_to({shape, classes});
  Architecture architecture(3, 4);
  architecture.layers[1] = {'c', 5};
  return space.describe(architecture);
}

}  // namespace nascent
