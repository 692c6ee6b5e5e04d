// Which of several points are best when there is more than one objective.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace nascent {

/// A finite number for each objective, of which less is better.
using ObjectivePoint = std::vector<double>;

/// Nowhere worse than the other, and somewhere better.
inline bool dominates(const ObjectivePoint& one, const ObjectivePoint& other) {
  bool better = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] > other[i]) return false;
    better = better || one[i] < other[i];
  }
  return better;
}

/// The points that no other dominates, then those that only these dominate, and so on; indices,
/// each front in lexicographic order of its points. Equal points are in one front. `at_most` fronts
/// are found; what lies behind them is left out.
///
/// Points are taken in lexicographic order, so that none dominates one before it (Zhang, Tian,
/// Cheng & Jin 2015, ENS-SS).
inline std::vector<std::vector<std::size_t>> nondominated_fronts(
    const std::vector<ObjectivePoint>& points,
    std::size_t at_most = (std::numeric_limits<std::size_t>::max)()) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  std::vector<std::vector<std::size_t>> fronts;
  for (const std::size_t point : order) {
    const auto dominated_in = [&](const std::vector<std::size_t>& front) {
      return std::any_of(front.rbegin(), front.rend(), [&](std::size_t member) {
        return dominates(points[member], points[point]);
      });
    };
    std::size_t rank = 0;
    while (rank < fronts.size() && dominated_in(fronts[rank])) ++rank;
    if (rank == at_most) continue;
    if (rank == fronts.size()) fronts.emplace_back();
    fronts[rank].push_back(point);
  }
  return fronts;
}

/// How alone each member of a front is: the sum over objectives of the distance between its two
/// neighbours, as a share of the front's extent; infinite for the first and the last in any
/// objective (Deb et al. 2002, section III-B). In the order of `front`.
inline std::vector<double> crowding_distances(const std::vector<ObjectivePoint>& points,
                                              const std::vector<std::size_t>& front) {
  std::vector<double> distances(front.size(), 0.0);
  std::vector<std::size_t> order(front.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; !front.empty() && i < points[front.front()].size(); ++i) {
    const auto value = [&](std::size_t member) { return points[front[member]][i]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
    const double extent = value(order.back()) - value(order.front());
    if (extent == 0) continue;  // nobody is an end
    for (const std::size_t end : {order.front(), order.back()})
      distances[end] = std::numeric_limits<double>::infinity();
    for (std::size_t k = 1; k + 1 < order.size(); ++k)
      distances[order[k]] += (value(order[k + 1]) - value(order[k - 1])) / extent;
  }
  return distances;
}

}  // namespace nascent
