// How a learning curve goes on: an ensemble of least-squares fits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nascent {

/// What was measured at an epoch, counted from 1.
struct LearningCurvePoint {
  double epoch = 0;
  double value = 0;  ///< in [0, 1]
};

/// What would be measured at a later epoch: a mixture of normal distributions, one for each fit.
class Extrapolation {
 public:
  struct Fit {
    double weight, mean, deviation;
  };

  /// `fits` with any weights; at least one.
  explicit Extrapolation(std::vector<Fit> fits) : fits_(std::move(fits)) {
    double sum = 0;
    for (const Fit& fit : fits_) sum += fit.weight;
    for (Fit& fit : fits_) fit.weight /= sum;
  }

  double mean() const {
    double sum = 0;
    for (const Fit& fit : fits_) sum += fit.weight * fit.mean;
    return sum;
  }

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

/// A family of curves with two linear parameters, first(x) = 0 .. 1 up to a factor and an offset,
/// and a grid of the others.
using CurveShape = double (*)(double x, double a, double b);

/// c - a x^-alpha
inline double pow3_shape(double x, double alpha, double) { return -std::pow(x, -alpha); }

/// c - exp(-a x + b)
inline double exp3_shape(double x, double rate, double) { return -std::exp(-rate * x); }

/// c / (1 + (x / e^b)^a), to which an offset is added; `half` is e^b, where half is learnt.
inline double log_power_shape(double x, double a, double half) {
  return 1 / (1 + std::pow(x / half, -a));
}

/// The shapes of the ensemble, and how probable each is before a curve is seen: all families alike.
template <class Visit>
void each_curve_shape(double last, Visit visit) {
  constexpr int kSteps = 24, kPowers = 8;
  const auto between = [](double low, double high, int step, int steps) {
    return low * std::pow(high / low, step / (steps - 1.0));
  };
  for (int i = 0; i < kSteps; ++i) {
    visit(pow3_shape, between(0.05, 3, i, kSteps), 0.0, 1.0);
    visit(exp3_shape, between(0.3 / last, 2, i, kSteps), 0.0, 1.0);
    for (int k = 0; k < kPowers; ++k)
      visit(log_power_shape, between(0.5, 4, k, kPowers), between(0.5, last, i, kSteps),
            1.0 / kPowers);
  }
}

/// Least squares of value(x) = begin + (end - begin) progress(x), where progress is the shape
/// between 0 at the first epoch and 1 at epoch `last`: parameters that mean the same in each
/// family, so that the fits' probabilities can be compared. Nothing where no such curve makes
/// sense.
inline std::optional<Extrapolation::Fit> fit_curve(std::span<const LearningCurvePoint> points,
                                                   double last, CurveShape shape, double a,
                                                   double b) {
  // Noise of a measurement before any is seen: half a point, as strong as two points of the curve.
  constexpr double kNoise = 0.005;
  const double low = shape(1, a, b), high = shape(last, a, b);
  double ee = 0, bb = 0, eb = 0, ey = 0, by = 0, yy = 0;  // sums of products with the value y
  for (const LearningCurvePoint& point : points) {
    const double end = (shape(point.epoch, a, b) - low) / (high - low), begin = 1 - end;
    ee += end * end, bb += begin * begin, eb += end * begin;
    ey += end * point.value, by += begin * point.value, yy += point.value * point.value;
  }
  const double determinant = ee * bb - eb * eb;
  if (!(determinant > 1e-12 * ee * bb)) return std::nullopt;
  const double end = (bb * ey - eb * by) / determinant;
  const double begin = (ee * by - eb * ey) / determinant;
  if (end > 1 || end < begin) return std::nullopt;
  const auto n = static_cast<double>(points.size());
  const double squares = (std::max)(0.0, yy - end * ey - begin * by) + 2 * kNoise * kNoise;
  const double variance = squares / (n - 2);
  // The probability of the points under this shape, all begins, ends and noises considered.
  const double weight = std::pow(squares, -n / 2) / std::sqrt(determinant);
  return Extrapolation::Fit{weight, end, std::sqrt(variance * (1 + bb / determinant))};
}

}  // namespace detail

/// What the curve through `points` comes to at epoch `last`, as it would be measured: of the
/// families pow3, exp3 and log-power (Domhan, Springenberg & Hutter 2015, Table 1), fits over a
/// grid of their shapes, each weighted by how probable it makes the points. Deterministic. Nothing
/// for fewer than four points, or when no curve of these rises through them.
inline std::optional<Extrapolation> extrapolate(std::span<const LearningCurvePoint> points,
                                                int last) {
  if (points.size() < 4) return std::nullopt;
  std::vector<Extrapolation::Fit> fits;
  const auto add = [&](detail::CurveShape shape, double a, double b, double prior) {
    auto fit = detail::fit_curve(points, last, shape, a, b);
    if (!fit) return;
    fit->weight *= prior;
    fits.push_back(*fit);
  };
  detail::each_curve_shape(last, add);
  if (fits.empty()) return std::nullopt;
  return Extrapolation(std::move(fits));
}

}  // namespace nascent
