#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "nascent/space/neighbourhood.hpp"
#include "nascent/strategy/best.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Local search (White, Nolen & Savani 2021): from a random start to a better neighbour and on,
/// and again from a fresh start once no neighbour is strictly better.
///
/// What was judged since the start is not judged again: it cannot be better than where the search
/// stands. Neighbours that are asked for at once are a batch.
struct LocalSearch {
  static constexpr bool batches = true;

  /// Which better neighbour is gone on from.
  enum class Step : std::uint8_t {
    best,   ///< to the best of all neighbours, which are asked for at once (paper, Algorithm 1)
    first,  ///< to the first better one, in random order
  };
  Step step = Step::best;  ///< which better neighbour is gone on from
  int lookahead = 1;  ///< for Step::first: neighbours asked for at once, of which the best counts
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <NeighbourSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    if (lookahead < 1) throw std::invalid_argument("LocalSearch: lookahead must be at least 1");
    Random random = judge.random("local search");
    detail::Best<Space> best(judge);
    for (int left = (std::max)(1, trials); left > 0;) {
      Judged<Space> here = co_await judge(space.sample(random), Move::sample);
      --left;
      best.note(here);
      std::unordered_set<std::string> seen{to_string(here.architecture)};
      auto around = neighbours(space, here, random);
      for (std::size_t next = 0; next < around.size() && left > 0;) {
        std::vector<typename Space::Architecture> asked;
        for (; next < around.size() && left > 0 && asked.size() < at_once(); ++next) {
          if (!seen.insert(to_string(around[next])).second) continue;
          asked.push_back(around[next]);
          --left;
        }
        Judged<Space> reached = here;
        for (const auto& ticket : judge.batch(std::move(asked), Move::sample)) {
          Judged<Space> candidate = co_await ticket;
          best.note(candidate);
          if (candidate.exceeds(reached)) reached = candidate;
        }
        if (!reached.exceeds(here)) continue;
        here = reached;
        around = neighbours(space, here, random);
        next = 0;
      }
    }
    co_return best.get();
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool has_neighbours = NeighbourSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(has_neighbours,
                  "nascent: LocalSearch needs a Space with `std::vector<Architecture> "
                  "neighbours(const Architecture&) const` - docs/concepts.md#space");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("step", step == Step::best ? "best" : "first");
    field("lookahead", lookahead);
    field("trials", trials);
  }

 private:
  std::size_t at_once() const {
    return step == Step::best ? (std::numeric_limits<std::size_t>::max)()
                              : static_cast<std::size_t>(lookahead);
  }

  /// In the order in which they are tried.
  template <class Space>
  std::vector<typename Space::Architecture> neighbours(const Space& space,
                                                       const Judged<Space>& centre,
                                                       Random& random) const {
    auto found = space.neighbours(centre.architecture);
    if (step == Step::first)  // std::shuffle differs between libraries
      for (std::size_t i = found.size(); i > 1; --i)
        std::swap(found[i - 1], found[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    return found;
  }
};

}  // namespace nascent
