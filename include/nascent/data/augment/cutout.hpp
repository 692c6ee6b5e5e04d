#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

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
    if (cutout < 0)
      throw std::invalid_argument("a cutout needs a side of at least 0, not " +
                                  std::to_string(cutout));
  }

  /// A centre anywhere in an image of this shape.
  constexpr Draw draw(Shape shape, Random& random) const {
    const int y = random.below(shape.height);
    return {y, random.below(shape.width)};
  }

  /// Rows top .. bottom-1 and columns left .. right-1.
  struct Box {
    int top = 0, bottom = 0;  ///< rows
    int left = 0, right = 0;  ///< columns
  };

  /// What of the square around `centre` lies in an image of this shape.
  constexpr Box box(Shape shape, Draw centre) const {
    return {std::clamp(centre.y - cutout / 2, 0, shape.height),
            std::clamp(centre.y + cutout / 2, 0, shape.height),
            std::clamp(centre.x - cutout / 2, 0, shape.width),
            std::clamp(centre.x + cutout / 2, 0, shape.width)};
  }

  /// Clears the square around the centre, as far as it lies in the image.
  void apply(ImageView<float> image, Draw centre) const {
    const Box hole = box(image.shape, centre);
    for (int c = 0; c < image.shape.channels; ++c)
      for (int y = hole.top; y < hole.bottom; ++y) {
        const auto row = image.row(c, y);
        std::fill(row.begin() + hole.left, row.begin() + hole.right, 0.0F);
      }
  }

  /// Clears a square at a random place.
  void operator()(ImageView<float> image, Random& random) const {
    apply(image, draw(image.shape, random));
  }
};

}  // namespace nascent
