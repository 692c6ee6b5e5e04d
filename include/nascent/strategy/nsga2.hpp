#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/search/pareto.hpp"
#include "nascent/space/crossover.hpp"
#include "nascent/strategy/best.hpp"
#include "nascent/strategy/proposals.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002), as NSGA-Net uses it (Lu et al. 2019): several
/// objectives at once, and the found front is `Found::front(objectives)`.
///
/// Parents win a tournament of two, by front and then by how alone they are in it; the best of
/// parents and children, by the same order, are the next parents. A generation is a batch. Nothing
/// is proposed twice: repeats are bred again, then drawn, and the search ends when nothing new is
/// left. The result of a run is the most accurate candidate.
struct Nsga2 {
  /// At least one.
  std::vector<Objective> objectives{nascent::objectives::accuracy, nascent::objectives::parameters};
  int population = 40;    ///< parents, and children of a generation (NSGA-Net, section 4.1)
  double crossover = .9;  ///< probability that a child has two parents (NSGA-II, section IV)
  int generations = (std::numeric_limits<int>::max)();  ///< with the first; by default the budget's

  static constexpr bool batches = true;

  template <CrossoverSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("nsga2");
    detail::Proposals<Space> proposed;
    std::vector<Parent<Space>> parents;
    detail::Best<Space> best(judge);
    for (int generation = 0; generation < generations; ++generation) {
      auto children = breed(space, parents, judge.batch_size(population), proposed, random);
      if (children.empty()) break;
      const auto asked = judge.batch(std::move(children), Move::sample);
      for (const auto& ticket : asked) {
        Judged<Space> child = co_await ticket;
        best.note(child);
        parents.emplace_back(child, point_of(objectives, space, child).value_or(ObjectivePoint{}));
      }
      survive(parents);
    }
    co_return best.get();
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool has_children = CrossoverSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(has_children,
                  "nascent: Nsga2 needs a Space with an encoding (`choices`, `encode`, `decode`), "
                  "or with `Architecture crossover(const Architecture&, const Architecture&, "
                  "Random&) const` and mutations - docs/concepts.md#objectives-and-constraints");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    std::string listed;
    for (const Objective& objective : objectives)
      listed += (listed.empty() ? "" : ", ") + to_string(objective);
    field("objectives", listed);
    field("population", population);
    field("crossover", crossover);
    field("generations", generations);
  }

 private:
  template <class Space>
  struct Parent {
    Judged<Space> candidate;
    ObjectivePoint point;  // none: worse than all
    std::size_t front = 0;
    double distance = 0;

    Parent(Judged<Space> c, ObjectivePoint p) : candidate(std::move(c)), point(std::move(p)) {}

    /// The crowded comparison (NSGA-II, section III-B).
    bool better(const Parent& other) const {
      return front != other.front ? front < other.front : distance > other.distance;
    }
  };

  void check() const {
    const auto refuse = [](const char* what) {
      throw std::invalid_argument(std::string("Nsga2: ") + what);
    };
    if (objectives.empty()) refuse("name at least one objective");
    if (population < 2) refuse("population must be at least 2");
    if (!(crossover >= 0 && crossover <= 1)) refuse("crossover must be from 0 to 1");
    if (generations < 1) refuse("generations must be at least 1");
  }

  /// At most `count` that are new; fewer when the space seems exhausted.
  template <class Space>
  std::vector<typename Space::Architecture> breed(const Space& space,
                                                  const std::vector<Parent<Space>>& parents,
                                                  int count, detail::Proposals<Space>& proposed,
                                                  Random& random) const {
    return proposed.group(count, [&] {
      std::optional<typename Space::Architecture> child;
      if (!parents.empty())
        child = proposed.fresh([&] {
          const auto& one = winner(parents, random);
          const auto& other = winner(parents, random);
          return child_of(space, one, other, crossover, random);
        });
      return child ? child : proposed.fresh_sample(space, random);
    });
  }

  template <class Space>
  static const typename Space::Architecture& winner(const std::vector<Parent<Space>>& parents,
                                                    Random& random) {
    const auto draw = [&]() -> const Parent<Space>& {
      return parents[static_cast<std::size_t>(random.below(static_cast<int>(parents.size())))];
    };
    const Parent<Space>& one = draw();
    const Parent<Space>& other = draw();
    return other.better(one) ? other.candidate.architecture : one.candidate.architecture;
  }

  /// Leaves the best `population`, best first.
  template <class Space>
  void survive(std::vector<Parent<Space>>& parents) const {
    std::vector<ObjectivePoint> points;
    std::vector<std::size_t> placed;
    for (std::size_t i = 0; i < parents.size(); ++i) {
      parents[i].front = parents.size();
      parents[i].distance = 0;
      if (parents[i].point.empty()) continue;
      points.push_back(parents[i].point);
      placed.push_back(i);
    }
    std::size_t rank = 0;
    for (const auto& front : nondominated_fronts(points)) {
      const auto distances = crowding_distances(points, front);
      for (std::size_t k = 0; k < front.size(); ++k) {
        parents[placed[front[k]]].front = rank;
        parents[placed[front[k]]].distance = distances[k];
      }
      ++rank;
    }
    std::stable_sort(parents.begin(), parents.end(),
                     [](const auto& one, const auto& other) { return one.better(other); });
    const auto most = static_cast<std::size_t>(population);
    if (parents.size() > most) parents.erase(parents.begin() + population, parents.end());
  }
};

}  // namespace nascent
