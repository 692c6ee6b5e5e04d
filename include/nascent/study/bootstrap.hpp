// How far a statistic of pairs would vary, had other pairs been drawn.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nascent/space/random.hpp"

namespace nascent {

/// Of a statistic; no numbers where it has none.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();   ///< lower end
  double high = std::numeric_limits<double>::quiet_NaN();  ///< upper end
};

/// How a bootstrap is made.
struct BootstrapOptions {
  int resamples = 2000;    ///< drawn
  double level = 0.95;     ///< share of them that the interval holds
  std::uint64_t seed = 1;  ///< of the draws
};

/// The value below which the share `q` of `sorted` lies, linear between neighbours (the seventh
/// definition of Hyndman & Fan 1996, which is NumPy's); `sorted` is not empty.
inline double quantile_of_sorted(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = (std::min)(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// The percentile bootstrap (Efron 1979) of `statistic(x, y)`: pairs are drawn with replacement, as
/// many as there are. Resamples whose statistic is no number, such as a rank correlation of one
/// value throughout, are left out. Throws std::invalid_argument for sides of different lengths.
template <class Statistic>
Interval bootstrap(const std::vector<double>& x, const std::vector<double>& y, Statistic statistic,
                   const BootstrapOptions& options = {}) {
  if (x.size() != y.size())
    throw std::invalid_argument("a bootstrap of pairs needs as many values on both sides");
  if (x.empty()) return {};
  Random random(options.seed, "bootstrap");
  std::vector<double> values, drawn_x(x.size()), drawn_y(x.size());
  for (int i = 0; i < options.resamples; ++i) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      const auto pair = static_cast<std::size_t>(random.below(static_cast<int>(x.size())));
      drawn_x[k] = x[pair];
      drawn_y[k] = y[pair];
    }
    if (const double value = statistic(drawn_x, drawn_y); !std::isnan(value))
      values.push_back(value);
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const double tail = (1 - options.level) / 2;
  return {quantile_of_sorted(values, tail), quantile_of_sorted(values, 1 - tail)};
}

}  // namespace nascent
