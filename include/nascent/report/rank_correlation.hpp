// Whether two scores put the same things into the same order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace nascent {
namespace detail {

/// Ranks from 1, doubled so that the means of equal values are whole numbers.
inline std::vector<std::int64_t> doubled_ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::int64_t> ranks(values.size());
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i)
      ranks[order[i]] = static_cast<std::int64_t>(from + 1 + to);
  }
  return ranks;
}

inline void require_pairs(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size())
    throw std::invalid_argument("a rank correlation needs as many values on both sides");
}

}  // namespace detail

/// Spearman's rho: the correlation of the ranks, equal values at the mean of theirs (Kendall &
/// Gibbons 1990). Not a number where one side is all the same.
inline double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  detail::require_pairs(x, y);
  const auto a = detail::doubled_ranks_of(x), b = detail::doubled_ranks_of(y);
  const auto mean = static_cast<std::int64_t>(x.size()) + 1;  // doubled, too
  std::int64_t both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean) * (b[i] - mean);
    of_a += (a[i] - mean) * (a[i] - mean);
    of_b += (b[i] - mean) * (b[i] - mean);
  }
  return static_cast<double>(both) /
         std::sqrt(static_cast<double>(of_a) * static_cast<double>(of_b));
}

/// Kendall's tau-b: pairs in the same order less pairs in the other, over the geometric mean of the
/// pairs that differ on each side (Kendall 1945). Not a number where one side is all the same.
inline double kendall(const std::vector<double>& x, const std::vector<double>& y) {
  detail::require_pairs(x, y);
  std::int64_t both = 0, of_x = 0, of_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const int in_x = (x[i] > x[j]) - (x[i] < x[j]), in_y = (y[i] > y[j]) - (y[i] < y[j]);
      both += in_x * in_y;
      of_x += in_x * in_x;
      of_y += in_y * in_y;
    }
  return static_cast<double>(both) /
         std::sqrt(static_cast<double>(of_x) * static_cast<double>(of_y));
}

}  // namespace nascent
