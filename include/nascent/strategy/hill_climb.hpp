#pragma once

#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "nascent/space/morphs.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Hill climbing by network morphisms (NASH: Elsken, Metzen & Hutter 2017, Algorithm 1): a few
/// children grow from the best network, inherit its weights, which makes them its equals, and are
/// trained a little; the best of all goes on.
///
/// The parent stands with the accuracy that it has, where the paper trains it on beside its
/// children; so the best never falls, and ties keep the smaller network.
struct HillClimb {
  int steps = 5;     ///< generations (paper, section 5.1: n_steps)
  int children = 8;  ///< of each (paper: n_neigh)
  int morphs = 5;    ///< from parent to child, one after another (paper: n_NM)

  static constexpr bool inherits = true;

  template <MorphSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("hill climb");
    Judged<Space> best = co_await judge(seedling(space, random), Move::start);
    judge.incumbent(best);
    for (int step = 0; step < steps; ++step) {
      std::vector<typename Judge<Space>::Ticket> asked;
      for (auto& child : brood(space, best.architecture, random))
        asked.push_back(judge.inherit(std::move(child), best));
      if (asked.empty()) break;
      for (const auto& ticket : asked) {
        Judged<Space> child = co_await ticket;
        if (!child.exceeds(best)) continue;
        best = child;
        judge.incumbent(best);
      }
    }
    co_return best;
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool can_grow = MorphSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(can_grow,
                  "nascent: HillClimb needs a Space with `std::vector<Architecture> morphs(const "
                  "Architecture&) const`, as in ChainSpace - docs/concepts.md#morphs");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("steps", steps);
    field("children", children);
    field("morphs", morphs);
  }

 private:
  void check() const {
    for (const auto& [name, value] :
         {std::pair{"steps", steps}, {"children", children}, {"morphs", morphs}})
      if (value < 1)
        throw std::invalid_argument(std::string("HillClimb: ") + name + " must be at least 1");
  }

  /// Children that differ from their parent and from each other; fewer where there are no more.
  template <class Space>
  std::vector<typename Space::Architecture> brood(const Space& space,
                                                  const typename Space::Architecture& parent,
                                                  Random& random) const {
    constexpr int kDrawsForOne = 10;
    std::vector<typename Space::Architecture> drawn;
    std::unordered_set<std::string> seen{to_string(parent)};
    for (int draw = 0; draw / kDrawsForOne < children; ++draw) {
      auto child = grown(space, parent, morphs, random);
      if (seen.insert(to_string(child)).second) drawn.push_back(std::move(child));
      if (static_cast<int>(drawn.size()) == children) break;
    }
    return drawn;
  }
};

}  // namespace nascent
