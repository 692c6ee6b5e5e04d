// The paper's training transform, from the bytes of an image to the numbers of a batch: pad, crop,
// flip, normalise, cut out.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// What the transform does (paper 4.1; the authors' scripts).
struct Augmentation {
  int pad = 4;    ///< pixels of raw 0 added on each side
  int crop = 32;  ///< extent of the random crop, as far as the padded image allows; larger images
                  ///< keep their size
  int cutout =
      16;  ///< side of the square set to 0 after normalising (DeVries & Taylor 2017); 0 = none
  bool flip = true;  ///< mirror half of the images, where the data set allows it

  template <class Field>
  void options(Field&& field) const {
    field("pad", pad);
    field("crop", crop);
    field("cutout", cutout);
    field("flip", flip);
  }

  /// Shape of a training image made from one of shape `raw`.
  Shape output(Shape raw) const { return {raw.channels, cropped(raw.height), cropped(raw.width)}; }

 private:
  int cropped(int extent) const { return std::clamp(crop, extent, extent + 2 * pad); }
};

/// The random choices for one image.
struct AugmentationDraw {
  int crop_y = 0, crop_x = 0;      ///< of the crop in the padded image
  bool flip = false;               ///< left-right, after the crop
  int cutout_y = 0, cutout_x = 0;  ///< centre, in the flipped crop
};

/// Depends on its arguments alone: neither on the order of images nor on threads.
inline AugmentationDraw draw_augmentation(const Augmentation& augmentation, Shape raw,
                                          std::uint64_t seed, int epoch, int image) {
  const auto e = static_cast<std::uint64_t>(epoch), i = static_cast<std::uint64_t>(image);
  Random random(mix(mix(seed + e) + i), "augmentation");
  const Shape out = augmentation.output(raw);
  AugmentationDraw draw;
  draw.crop_y = random.below(raw.height + 2 * augmentation.pad - out.height + 1);
  draw.crop_x = random.below(raw.width + 2 * augmentation.pad - out.width + 1);
  draw.flip = random.below(2) == 1 && augmentation.flip;
  draw.cutout_y = random.below(out.height);
  draw.cutout_x = random.below(out.width);
  return draw;
}

/// (raw / 255 - mean) / deviation, as three operations in single precision, tabulated per channel:
/// exactly what the usual Python pipeline computes.
class Normalizer {
 public:
  /// One mean and one deviation a channel; std::invalid_argument otherwise.
  Normalizer(std::span<const double> mean, std::span<const double> deviation) {
    if (mean.empty() || mean.size() != deviation.size())
      throw std::invalid_argument("a data set needs one mean and one deviation for each channel");
    for (std::size_t c = 0; c < mean.size(); ++c)
      tables_.push_back(tabulate(static_cast<float>(mean[c]), static_cast<float>(deviation[c])));
  }

  const std::array<float, 256>& table(int channel) const {
    return tables_.at(static_cast<std::size_t>(channel));
  }

  /// Evaluation: normalise only. `out` has as many values as `raw`, [channels, height, width].
  void apply(std::span<const std::uint8_t> raw, Shape shape, std::span<float> out) const {
    const auto map = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    for (int c = 0; c < shape.channels; ++c) {
      const auto& values = table(c);
      const std::size_t begin = static_cast<std::size_t>(c) * map;
      std::ranges::transform(raw.subspan(begin, map), out.subspan(begin, map).begin(),
                             [&](std::uint8_t byte) { return values[byte]; });
    }
  }

 private:
  static std::array<float, 256> tabulate(float mean, float deviation) {
    std::array<float, 256> values{};
    for (std::size_t raw = 0; raw < values.size(); ++raw) {
      const float scaled = static_cast<float>(raw) / 255.0F;
      const float centred = scaled - mean;
      values[raw] = centred / deviation;
    }
    return values;
  }

  std::vector<std::array<float, 256>> tables_;
};

namespace detail {

/// One row of the crop: outside the image stands raw 0.
inline void augment_row(std::span<const std::uint8_t> row, int first, bool flip,
                        const std::array<float, 256>& values, std::span<float> out) {
  const int width = static_cast<int>(row.size()), n = static_cast<int>(out.size());
  for (int x = 0; x < n; ++x) {
    const int source = first + (flip ? n - 1 - x : x);
    const bool inside = source >= 0 && source < width;
    out[std::size_t(x)] = values[inside ? row[std::size_t(source)] : 0];
  }
}

/// The part of a row or column of `extent` that a cut-out around `centre` covers.
struct Interval {
  int begin = 0, end = 0;
};

inline Interval cutout_interval(int centre, int length, int extent) {
  return {std::clamp(centre - length / 2, 0, extent), std::clamp(centre + length / 2, 0, extent)};
}

}  // namespace detail

/// Training: writes the augmented image to `out`, [channels, crop, crop] as `augmentation.output`
/// says, from the bytes `raw` of an image of shape `shape`.
inline void augment(std::span<const std::uint8_t> raw, Shape shape,
                    const Augmentation& augmentation, const AugmentationDraw& draw,
                    const Normalizer& normalizer, std::span<float> out) {
  const Shape target = augmentation.output(shape);
  const auto width = static_cast<std::size_t>(shape.width);
  const auto out_width = static_cast<std::size_t>(target.width);
  const auto rows = detail::cutout_interval(draw.cutout_y, augmentation.cutout, target.height);
  const auto columns = detail::cutout_interval(draw.cutout_x, augmentation.cutout, target.width);
  for (int c = 0; c < target.channels; ++c) {
    for (int y = 0; y < target.height; ++y) {
      const int source = draw.crop_y - augmentation.pad + y;
      const bool inside = source >= 0 && source < shape.height;
      const auto row = inside ? raw.subspan(std::size_t(c * shape.height + source) * width, width)
                              : std::span<const std::uint8_t>{};
      const auto written = out.subspan(std::size_t(c * target.height + y) * out_width, out_width);
      detail::augment_row(row, draw.crop_x - augmentation.pad, draw.flip, normalizer.table(c),
                          written);
      if (y >= rows.begin && y < rows.end)
        std::fill(written.begin() + columns.begin, written.begin() + columns.end, 0.0F);
    }
  }
}

}  // namespace nascent
