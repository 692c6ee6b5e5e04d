// The candidates of a search that no other is better than in every objective.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nascent/search/dominance.hpp"
#include "nascent/search/found.hpp"
#include "nascent/space/objective.hpp"

namespace nascent {

/// What a candidate has of an objective's quantity. Throws std::invalid_argument when neither the
/// evaluator measured it nor the space counts it.
template <class Space>
double value_of(const Objective& objective, const Space& space, const Judged<Space>& candidate) {
  const Metrics& measured = candidate.judgement.metrics;
  if (const auto value = metric(measured, objective.name)) return *value;
  if (objective.name == "accuracy") return candidate.accuracy().percent();
  if (const auto value = detail::counted(objective.name, space, candidate.architecture))
    return *value;
  std::string names = "accuracy";
  for (const auto& [name, value] : measured) names += ", " + name;
  throw std::invalid_argument("the objective '" + objective.name +
                              "' has no value: the evaluator measures " + names +
                              ", and the space counts " + detail::counted_names<Space>());
}

/// Where a candidate lies, less being better; nowhere if it has failed or a value is not finite.
template <class Space>
std::optional<ObjectivePoint> point_of(const std::vector<Objective>& objectives, const Space& space,
                                       const Judged<Space>& candidate) {
  if (candidate.failed()) return std::nullopt;
  ObjectivePoint point;
  for (const Objective& objective : objectives) {
    const double value = value_of(objective, space, candidate);
    if (!std::isfinite(value)) return std::nullopt;
    point.push_back(objective.direction == Objective::Direction::maximise ? -value : value);
  }
  return point;
}

/// Candidates none of which is worse than another in every objective.
template <class Space>
struct Front {
  /// One candidate of the front.
  struct Member {
    Judged<Space> candidate;     ///< with its judgement
    std::vector<double> values;  ///< of the objectives, in their order
  };

  std::vector<Objective> objectives;  ///< in the order in which they were asked for
  std::vector<Member> members;        ///< the best of the first objective first

  /// A line of names, then one for each member: its values and its architecture.
  std::string text() const {
    std::string table;
    const auto cell = [&](const char* format, auto value) {
      char padded[64];
      std::snprintf(padded, sizeof padded, format, value);
      table += std::string(padded) + "  ";
    };
    for (const Objective& objective : objectives) cell("%12s", objective.name.c_str());
    table += "architecture\n";
    for (const Member& member : members) {
      for (const double value : member.values) cell("%12.10g", value);
      table += to_string(member.candidate.architecture) + "\n";
    }
    return table;
  }
};

/// The front of `judged`. Failed candidates are not in it; an architecture that was judged several
/// times counts once, as it was judged last; of different architectures with equal values all are
/// in it. Throws std::invalid_argument for no objectives or one without a value.
template <class Space>
Front<Space> pareto_front(std::vector<Objective> objectives, const Space& space,
                          const std::vector<Judged<Space>>& judged) {
  if (objectives.empty()) throw std::invalid_argument("a front needs at least one objective");
  std::vector<const Judged<Space>*> candidates;
  std::vector<ObjectivePoint> points;
  std::unordered_map<std::string, std::size_t> places;
  for (const Judged<Space>& candidate : judged) {
    auto point = point_of(objectives, space, candidate);
    if (!point) continue;
    const auto [at, is_new] = places.emplace(to_string(candidate.architecture), points.size());
    if (is_new) {
      candidates.push_back(&candidate);
      points.push_back(*std::move(point));
    } else {
      candidates[at->second] = &candidate;
      points[at->second] = *std::move(point);
    }
  }
  Front<Space> front{std::move(objectives), {}};
  const auto fronts = nondominated_fronts(points, 1);
  if (fronts.empty()) return front;
  for (const std::size_t best : fronts.front()) {
    const Judged<Space>& candidate = *candidates[best];
    std::vector<double> values;
    for (const Objective& objective : front.objectives)
      values.push_back(value_of(objective, space, candidate));
    front.members.push_back({candidate, std::move(values)});
  }
  return front;
}

template <class Space>
Front<Space> Found<Space>::front(const std::vector<Objective>& wanted) const {
  return pareto_front(wanted, space, judged);
}

template <class Space>
Front<Space> Found<Space>::front() const {
  return front({objectives::accuracy, objectives::parameters});
}

}  // namespace nascent
