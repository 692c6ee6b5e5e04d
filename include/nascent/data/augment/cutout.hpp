#pragma once

#include <algorithm>
#include <stdexcept>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Sets a square to 0 after normalising, its centre anywhere in the image (DeVries & Taylor 2017).
template <int Length = 16>
struct Cutout {
  int cutout = Length;  ///< side, pixels; cut off at the border; 0 = none

  /// Centre of a square, in pixels.
  struct Draw {
    int y = 0, x = 0;  ///< centre
  };

  template <class Field>
  void options(Field&& field) const {
    field("cutout", cutout);
  }

  void check() const {
    if (cutout < 0) throw std::invalid_argument("a cutout needs a side of at least 0");
  }

  /// A centre anywhere in an image of this shape.
  Draw draw(Shape shape, Random& random) const {
    const int y = random.below(shape.height);
    return {y, random.below(shape.width)};
  }

  /// Clears the square around the centre, as far as it lies in the image.
  void apply(ImageView<float> image, Draw centre) const {
    const auto clip = [&](int at, int extent) { return std::clamp(at, 0, extent); };
    const int top = clip(centre.y - cutout / 2, image.shape.height),
              bottom = clip(centre.y + cutout / 2, image.shape.height),
              left = clip(centre.x - cutout / 2, image.shape.width),
              right = clip(centre.x + cutout / 2, image.shape.width);
    for (int c = 0; c < image.shape.channels; ++c)
      for (int y = top; y < bottom; ++y) {
        const auto row = image.row(c, y);
        std::fill(row.begin() + left, row.begin() + right, 0.0F);
      }
  }

  /// Clears a square at a random place.
  void operator()(ImageView<float> image, Random& random) const {
    apply(image, draw(image.shape, random));
  }
};

}  // namespace nascent
