// How a learning curve goes on: an ensemble of least-squares fits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nascent {

/// What was measured at an epoch, counted from 1.
struct LearningCurvePoint {
  double epoch = 0;  ///< counted from 1
  double value = 0;  ///< in [0, 1]
};

/// What would be measured at a later epoch: a mixture of normal distributions, one for each fit.
class Extrapolation {
 public:
  /// A normal distribution and how probable its fit makes the points.
  struct Fit {
    double weight, mean, deviation;  ///< in units of the value
  };

  /// `fits` with any weights; at least one.
  explicit Extrapolation(std::vector<Fit> fits) : fits_(std::move(fits)) {
    double sum = 0;
    for (const Fit& fit : fits_) sum += fit.weight;
    for (Fit& fit : fits_) fit.weight /= sum;
  }

  /// Of the mixture.
  double mean() const {
    double sum = 0;
    for (const Fit& fit : fits_) sum += fit.weight * fit.mean;
    return sum;
  }

  /// Standard deviation of the mixture.
  double deviation() const {
    double square = 0;
    for (const Fit& fit : fits_)
      square += fit.weight * (fit.mean * fit.mean + fit.deviation * fit.deviation);
    return std::sqrt((std::max)(0.0, square - mean() * mean()));
  }

  /// Probability of a value below `bound`.
  double below(double bound) const {
    double sum = 0;
    for (const Fit& fit : fits_)
      sum += fit.weight * 0.5 * std::erfc((fit.mean - bound) / fit.deviation / std::sqrt(2.0));
    return sum;
  }

 private:
  std::vector<Fit> fits_;
};

namespace detail {

/// A family of curves with two linear parameters, an offset and a factor, and shape parameters in
/// logarithms: exp(a), and exp(b) where there are two.
using CurveShape = double (*)(double epoch, double log_epoch, double a, double b);

/// c - a x^-alpha
inline double pow3_shape(double, double log_epoch, double alpha, double) {
  return -std::exp(-std::exp(alpha) * log_epoch);
}
/// c - exp(-a x + b)
inline double exp3_shape(double epoch, double, double rate, double) {
  return -std::exp(-std::exp(rate) * epoch);
}
/// c / (1 + (x / e^b)^a), of a negative a, to which an offset is added
inline double log_power_shape(double, double log_epoch, double power, double middle) {
  return 1 / (1 + std::exp(-std::exp(power) * (log_epoch - middle)));
}

/// Cells of one shape parameter.
struct ShapeAxis {
  double low, high;
  int cells;

  double width() const { return (high - low) / cells; }
  double centre(int cell) const { return low + (cell + 0.5) * width(); }
  /// The cell and its neighbours, in as many cells as before.
  ShapeAxis around(int cell) const {
    return {low + (std::max)(0, cell - 1) * width(), low + (std::min)(cells, cell + 2) * width(),
            cells};
  }
};

/// Curves through points, weighted by their probability.
class CurveEnsemble {
 public:
  CurveEnsemble(std::span<const LearningCurvePoint> points, int last)
      : last_(last), log_last_(std::log(last)) {
    for (const LearningCurvePoint& point : points)
      points_.push_back({point.epoch, std::log(point.epoch), point.value});
  }

  /// Fits the shapes of a family; around the most probable one `zooms` times more closely.
  void add(CurveShape shape, ShapeAxis a, ShapeAxis b, int zooms, double prior = 1) {
    std::vector<Cell> cells;
    const Cell* best = nullptr;
    cells.reserve(static_cast<std::size_t>(a.cells * b.cells));
    for (int i = 0; i < a.cells; ++i)
      for (int k = 0; k < b.cells; ++k) {
        const auto fit = fitted(shape, a.centre(i), b.centre(k));
        if (!fit) continue;
        cells.push_back({i, k, *fit});
        if (!best || fit->log_weight > best->fit.log_weight) best = &cells.back();
      }
    if (!best) return;
    const double share = 1.0 / (a.cells * b.cells);
    const auto near = [&](const Cell& cell) {
      return zooms > 0 && std::abs(cell.a - best->a) <= 1 && std::abs(cell.b - best->b) <= 1;
    };
    for (const Cell& cell : cells) {
      if (near(cell)) continue;
      fits_.push_back(cell.fit);
      fits_.back().log_weight += std::log(prior * share);
    }
    if (zooms == 0) return;
    const ShapeAxis closer_a = a.around(best->a), closer_b = b.around(best->b);
    const double part = (closer_a.high - closer_a.low) * (closer_b.high - closer_b.low) /
                        ((a.high - a.low) * (b.high - b.low));
    add(shape, closer_a, closer_b, zooms - 1, prior * part);
  }

  std::vector<Extrapolation::Fit> weighted() const {
    double most = -std::numeric_limits<double>::infinity();
    for (const Fit& fit : fits_) most = (std::max)(most, fit.log_weight);
    std::vector<Extrapolation::Fit> found;
    for (const Fit& fit : fits_)
      found.push_back({std::exp(fit.log_weight - most), fit.mean, fit.deviation});
    return found;
  }

 private:
  /// Noise of a measurement before any is seen: a point, worth two points of the curve.
  static constexpr double kNoise = 0.01;

  struct Point {
    double epoch, log_epoch, value;
  };
  struct Fit {
    double log_weight, mean, deviation;
  };
  struct Cell {
    int a, b;
    Fit fit;
  };

  /// Least squares of value(x) = begin + (end - begin) progress(x), where progress is the shape,
  /// scaled to 0 at the first epoch and 1 at the last: parameters that mean the same in each
  /// family, so that fits can be compared. Nothing where the curve falls, or leaves the possible
  /// values.
  std::optional<Fit> fitted(CurveShape shape, double a, double b) const {
    const double low = shape(1, 0, a, b), high = shape(last_, log_last_, a, b);
    double ee = 0, bb = 0, eb = 0, ey = 0, by = 0, yy = 0;  // sums of products with the value y
    for (const Point& point : points_) {
      const double end = (shape(point.epoch, point.log_epoch, a, b) - low) / (high - low);
      const double begin = 1 - end;
      ee += end * end, bb += begin * begin, eb += end * begin;
      ey += end * point.value, by += begin * point.value, yy += point.value * point.value;
    }
    const double determinant = ee * bb - eb * eb;
    if (!(determinant > 1e-12 * ee * bb)) return std::nullopt;
    const double end = (bb * ey - eb * by) / determinant;
    const double begin = (ee * by - eb * ey) / determinant;
    if (end > 1 || end < begin) return std::nullopt;
    const auto n = static_cast<double>(points_.size());
    const double squares = (std::max)(0.0, yy - end * ey - begin * by) + 2 * kNoise * kNoise;
    const double variance = squares / (n - 2);
    // Of the probability of the points under this shape, whatever begin, end and noise.
    const double log_weight = -n / 2 * std::log(squares) - 0.5 * std::log(determinant);
    return Fit{log_weight, end, std::sqrt(variance * (1 + bb / determinant))};
  }

  double last_, log_last_;
  std::vector<Point> points_;
  std::vector<Fit> fits_;
};

}  // namespace detail

/// What the curve through `points` comes to at epoch `last`, as it would be measured: of the
/// families pow3, exp3 and log-power (Domhan, Springenberg & Hutter 2015, Table 1), least-squares
/// fits over a grid of their shapes, each weighted by how probable it makes the points.
/// Deterministic. Nothing for fewer than four points, or when no such curve rises through them.
inline std::optional<Extrapolation> extrapolate(std::span<const LearningCurvePoint> points,
                                                int last) {
  if (points.size() < 4) return std::nullopt;
  using detail::ShapeAxis;
  const double far = std::log(last);
  const ShapeAxis none{0, 1, 1};
  detail::CurveEnsemble ensemble(points, last);
  ensemble.add(detail::pow3_shape, {std::log(0.05), std::log(3), 16}, none, 2);
  ensemble.add(detail::exp3_shape, {std::log(0.3) - far, std::log(2), 16}, none, 2);
  ensemble.add(detail::log_power_shape, {std::log(0.5), std::log(4), 10}, {-0.5, far, 10}, 2);
  auto fits = ensemble.weighted();
  if (fits.empty()) return std::nullopt;
  return Extrapolation(std::move(fits));
}

}  // namespace nascent
