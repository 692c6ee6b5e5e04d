// A face brought to a standard place by its eyes, nose and mouth.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "nascent/data/picture.hpp"

namespace nascent {

/// A place in a picture, in pixels; the centre of the upper left pixel is 0, 0.
struct PicturePoint {
  double x = 0;  ///< to the right
  double y = 0;  ///< downwards

  friend bool operator==(const PicturePoint&, const PicturePoint&) = default;
};

/// The eye on the left of the picture, the one on the right, the tip of the nose, the corners of
/// the mouth left and right.
using FivePoints = std::array<PicturePoint, 5>;

/// Where the five points belong in a picture of 112x112: the places that InsightFace trains with,
/// and AdaFace too.
constexpr FivePoints kAlignedPoints{{{38.2946, 51.6963},
                                     {73.5318, 51.5014},
                                     {56.0252, 71.7366},
                                     {41.5493, 92.3655},
                                     {70.7299, 92.2041}}};

/// Turns, scales and moves, without mirroring: (x, y) becomes (a x - b y + dx, b x + a y + dy).
struct Similarity {
  double a = 1, b = 0;    ///< scale times cosine and sine of the angle
  double dx = 0, dy = 0;  ///< what is added

  /// Where a point goes.
  PicturePoint operator()(PicturePoint p) const {
    return {a * p.x - b * p.y + dx, b * p.x + a * p.y + dy};
  }

  /// The way back; `a` and `b` are not both 0.
  Similarity inverse() const {
    const double square = a * a + b * b;
    return {a / square, -b / square, -(a * dx + b * dy) / square, (b * dx - a * dy) / square};
  }
};

/// The similarity that brings `from` nearest to `to`, in least squares (Umeyama 1991, in two
/// dimensions). std::invalid_argument where all points of `from` are one, or the best scale is 0.
inline Similarity similarity_between(const FivePoints& from, const FivePoints& to) {
  const auto centre_of = [](const FivePoints& points) {
    PicturePoint sum;
    for (const PicturePoint& p : points) sum = {sum.x + p.x / 5, sum.y + p.y / 5};
    return sum;
  };
  const PicturePoint old_centre = centre_of(from), new_centre = centre_of(to);
  double along = 0, across = 0, spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from[i].x - old_centre.x, y = from[i].y - old_centre.y;
    const double u = to[i].x - new_centre.x, v = to[i].y - new_centre.y;
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  const bool sound = std::isfinite(spread) && spread > 0 && (along != 0 || across != 0);
  if (!sound) throw std::invalid_argument("the five points of a face do not say where it is");
  Similarity found{along / spread, across / spread, 0, 0};
  const PicturePoint moved = found(old_centre);
  found.dx = new_centre.x - moved.x;
  found.dy = new_centre.y - moved.y;
  return found;
}

namespace detail {

/// The value at a place between pixels, bilinear; black outside.
inline double value_between(const Picture& picture, std::size_t plane, PicturePoint at) {
  const double left = std::floor(at.x), top = std::floor(at.y);
  const double right_part = at.x - left, lower_part = at.y - top;
  const auto pixel = [&](double x, double y) -> double {
    if (x < 0 || y < 0 || x >= picture.shape.width || y >= picture.shape.height) return 0;
    const auto width = static_cast<std::size_t>(picture.shape.width);
    return picture
        .pixels[plane + static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)];
  };
  return (1 - lower_part) *
             ((1 - right_part) * pixel(left, top) + right_part * pixel(left + 1, top)) +
         lower_part *
             ((1 - right_part) * pixel(left, top + 1) + right_part * pixel(left + 1, top + 1));
}

}  // namespace detail

/// The face whose five points are known, brought to the standard place: `kAlignedPoints`, scaled
/// where the size is not 112x112. Bilinear; black where the picture does not reach. Errors as of
/// `similarity_between`.
inline Picture aligned(const Picture& picture, const FivePoints& points, int height = 112,
                       int width = 112) {
  FivePoints target = kAlignedPoints;
  for (PicturePoint& p : target) p = {p.x * width / 112, p.y * height / 112};
  const Similarity back = similarity_between(points, target).inverse();
  Picture result{{picture.shape.channels, height, width}, {}};
  const auto map = static_cast<std::size_t>(picture.shape.height) *
                   static_cast<std::size_t>(picture.shape.width);
  for (std::size_t plane = 0; plane < picture.pixels.size(); plane += map)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const PicturePoint at = back({static_cast<double>(x), static_cast<double>(y)});
        const double value = detail::value_between(picture, plane, at);
        result.pixels.push_back(static_cast<std::uint8_t>(std::lround(value)));
      }
  return result;
}

}  // namespace nascent
