#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Other light: every value of an image, taken from mid-grey, is multiplied by one random number
/// and another is added.
struct BrightnessContrast {
  double brightness = .2;  ///< share of half the range that is added, either way
  double contrast = .2;    ///< share that is multiplied, either way

  template <class Field>
  void options(Field&& field) const {
    field("brightness", brightness);
    field("contrast", contrast);
  }

  void check() const {
    if (!(brightness >= 0 && brightness < 1) || !(contrast >= 0 && contrast < 1))
      throw std::invalid_argument("brightness and contrast vary by shares from 0 to below 1");
  }

  /// A factor and what is added, in bytes.
  struct Draw {
    double factor = 1, more = 0;  ///< of the distance from mid-grey; bytes
  };

  /// Draws two numbers.
  Draw draw(Random& random) const {
    const double factor = 1 + contrast * (2 * random.unit() - 1);
    return {factor, 127.5 * brightness * (2 * random.unit() - 1)};
  }

  /// Changes the image in place.
  void apply(ImageView<std::uint8_t> image, const Draw& light) const {
    for (std::uint8_t& value : image.values)
      value = static_cast<std::uint8_t>(
          std::lround(std::clamp((value - 127.5) * light.factor + 127.5 + light.more, 0., 255.)));
  }

  /// Changes it by chance.
  void operator()(ImageView<std::uint8_t> image, Random& random) const {
    apply(image, draw(random));
  }
};

}  // namespace nascent
