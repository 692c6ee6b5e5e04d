#pragma once

#include <algorithm>
#include <cstdint>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Mirrors half of the images left-right, where a mirrored image keeps its class.
struct HorizontalFlip {
  bool flip = true;  ///< turned off for data sets that forbid it

  template <class Field>
  void options(Field&& field) const {
    field("flip", flip);
  }

  /// Called with false for data sets where a mirrored image does not keep its class.
  void allow_mirroring(bool allowed) { flip = flip && allowed; }

  /// Whether to mirror the next image; draws one number in any case.
  constexpr bool draw(Random& random) const { return random.below(2) == 1 && flip; }

  /// Mirrors the image in place, or leaves it.
  void apply(ImageView<std::uint8_t> image, bool mirror) const {
    if (!mirror) return;
    for (int c = 0; c < image.shape.channels; ++c)
      for (int y = 0; y < image.shape.height; ++y) std::ranges::reverse(image.row(c, y));
  }

  /// Mirrors every other image, by chance.
  void operator()(ImageView<std::uint8_t> image, Random& random) const {
    apply(image, draw(random));
  }
};

}  // namespace nascent
