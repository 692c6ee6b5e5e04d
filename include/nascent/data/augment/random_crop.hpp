#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Pads with raw 0 and cuts a square out at a random place (paper 4.1: 4 pixels, 32x32).
template <int Crop = 32, int Pad = 4>
struct RandomCrop {
  int pad = Pad;    ///< pixels on each side
  int crop = Crop;  ///< extent of the cut, as far as the padded image allows; larger images keep
                    ///< their size

  /// Upper left corner in the padded image.
  struct Draw {
    int y = 0, x = 0;  ///< pixels
  };

  template <class Field>
  void options(Field&& field) const {
    field("pad", pad);
    field("crop", crop);
  }

  void check() const {
    if (pad < 0 || crop < 1)
      throw std::invalid_argument(
          "a random crop needs a crop of at least 1 and a pad of at least 0");
  }

  /// Shape of what is cut out of an image of shape `raw`.
  constexpr Shape output(Shape raw) const {
    return {raw.channels, cropped(raw.height), cropped(raw.width)};
  }

  /// A place for the cut.
  constexpr Draw draw(Shape raw, Random& random) const {
    const Shape out = output(raw);
    const int y = random.below(raw.height + 2 * pad - out.height + 1);
    return {y, random.below(raw.width + 2 * pad - out.width + 1)};
  }

  /// Writes the cut at `at` to `out`, whose shape is output(in.shape).
  void apply(ImageView<const std::uint8_t> in, Draw at, ImageView<std::uint8_t> out) const {
    const int left = at.x - pad;  // of the cut, in the image
    const int begin = std::clamp(-left, 0, out.shape.width);
    const int end = std::clamp(in.shape.width - left, begin, out.shape.width);
    const auto count = static_cast<std::size_t>(end - begin);
    for (int c = 0; c < out.shape.channels; ++c)
      for (int y = 0; y < out.shape.height; ++y) {
        const int source = at.y - pad + y;
        const std::span<std::uint8_t> to = out.row(c, y);
        std::memset(to.data(), 0, to.size());
        if (source >= 0 && source < in.shape.height && count > 0)
          std::memcpy(to.data() + begin, in.row(c, source).data() + left + begin, count);
      }
  }

  /// Cuts at a random place.
  void operator()(ImageView<const std::uint8_t> in, ImageView<std::uint8_t> out,
                  Random& random) const {
    apply(in, draw(in.shape, random), out);
  }

 private:
  constexpr int cropped(int extent) const { return std::clamp(crop, extent, extent + 2 * pad); }
};

}  // namespace nascent
