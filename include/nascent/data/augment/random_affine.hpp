#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Shifts, scales and turns an image a little about its centre, by bilinear interpolation; what
/// comes in from outside repeats the border. For faces, whose detection is never exact.
struct RandomAffine {
  double shift = 1. / 16;  ///< share of the extents, either way
  double scale = .12;      ///< share of the size, either way
  double angle = .12;      ///< radians, either way

  template <class Field>
  void options(Field&& field) const {
    field("shift", shift);
    field("scale", scale);
    field("angle", angle);
  }

  void check() const {
    if (!(shift >= 0 && shift < 1) || !(scale >= 0 && scale < 1) || !(angle >= 0))
      throw std::invalid_argument(
          "a random affine map needs a shift and a scale from 0 to below 1 and an angle from 0");
  }

  /// One map of pixels of the new image to places in the old one.
  struct Draw {
    double y = 0, x = 0;          ///< shift, pixels
    double cosine = 1, sine = 0;  ///< of the turn, over the scale
  };

  /// Draws four numbers.
  Draw draw(Shape image, Random& random) const {
    const auto either_way = [&](double most) { return most * (2 * random.unit() - 1); };
    const double y = either_way(shift) * image.height, x = either_way(shift) * image.width;
    const double size = 1 + either_way(scale), turn = either_way(angle);
    return {y, x, std::cos(turn) / size, std::sin(turn) / size};
  }

  /// Maps the image in place.
  void apply(ImageView<std::uint8_t> image, const Draw& map) const {
    const std::vector<std::uint8_t> from(image.values.begin(), image.values.end());
    const auto [channels, height, width] = image.shape;
    const double middle_y = (height - 1) / 2., middle_x = (width - 1) / 2.;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const double dy = y - middle_y - map.y, dx = x - middle_x - map.x;
        const double source_y = map.cosine * dy - map.sine * dx + middle_y;
        const double source_x = map.sine * dy + map.cosine * dx + middle_x;
        for (int c = 0; c < channels; ++c)
          image.row(c, y)[static_cast<std::size_t>(x)] =
              interpolated(&from[at(image.shape, c, 0, 0)], image.shape, source_y, source_x);
      }
  }

  /// Maps by chance.
  void operator()(ImageView<std::uint8_t> image, Random& random) const {
    apply(image, draw(image.shape, random));
  }

 private:
  static std::size_t at(Shape shape, int channel, int y, int x) {
    return (static_cast<std::size_t>(channel) * static_cast<std::size_t>(shape.height) +
            static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(shape.width) +
           static_cast<std::size_t>(x);
  }

  static std::uint8_t interpolated(const std::uint8_t* plane, Shape shape, double y, double x) {
    y = std::clamp(y, 0., shape.height - 1.);
    x = std::clamp(x, 0., shape.width - 1.);
    const int top = static_cast<int>(y), left = static_cast<int>(x);
    const int bottom = (std::min)(top + 1, shape.height - 1);
    const int right = (std::min)(left + 1, shape.width - 1);
    const auto value = [&](int row, int column) {
      return static_cast<double>(plane[at(shape, 0, row, column)]);
    };
    const double down = y - top, along = x - left;
    const double above = value(top, left) + along * (value(top, right) - value(top, left));
    const double below = value(bottom, left) + along * (value(bottom, right) - value(bottom, left));
    return static_cast<std::uint8_t>(std::lround(above + down * (below - above)));
  }
};

}  // namespace nascent
