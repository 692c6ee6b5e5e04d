#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
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

/// Aging evolution, also called regularised evolution (Real et al. 2019, Algorithm 1): the best of
/// a few drawn from the population has a child, one mutation away, and the oldest dies, however
/// good it is.
///
/// The first population is asked for at once, and then `lookahead` children are: each is asked for
/// when the child `lookahead` before it has been judged. Under a ranker that compares candidates
/// with each other, the founders are a batch, and so are `lookahead` children, which are asked for
/// when all before them have been judged. A failed candidate is worse than all others; of
/// candidates that are equally good, the youngest is the parent.
struct AgingEvolution {
  static constexpr bool batches = true;

  int population =
      100;  ///< candidates alive, the first ones drawn, each once (paper, section Methods: P)
  int sample = 25;    ///< drawn with replacement for each parent (paper: S)
  int lookahead = 1;  ///< children under way; 1 is the paper's algorithm on one machine
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <MutableSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("aging evolution");
    std::deque<typename Judge<Space>::Ticket> asked;
    std::deque<Judged<Space>> alive;  // oldest first
    detail::Best<Space> best(judge);
    const int founders = (std::max)(1, (std::min)(population, trials));
    int proposed = founders;
    std::vector<typename Space::Architecture> next;
    std::unordered_set<std::string> drawn;
    for (int i = 0; i < founders; ++i) next.push_back(founder(space, drawn, random));
    for (const auto& ticket : judge.batch(next, Move::sample)) asked.push_back(ticket);
    const bool all_together = judge.batch_size(0) > 0;
    while (!asked.empty()) {
      Judged<Space> born = co_await asked.front();
      asked.pop_front();
      best.note(born);
      alive.push_back(born);
      if (std::ssize(alive) > population) alive.pop_front();
      if (std::ssize(alive) < founders) continue;
      if (all_together && !asked.empty()) continue;
      next.clear();
      for (; std::ssize(asked) + std::ssize(next) < lookahead && proposed < trials; ++proposed)
        next.push_back(child(space, alive, random));
      for (const auto& ticket : judge.batch(next, Move::sample)) asked.push_back(ticket);
    }
    co_return best.get();
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool can_mutate = MutableSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(can_mutate,
                  "nascent: AgingEvolution needs a Space with `Architecture mutate(const "
                  "Architecture&, Random&) const` or `std::vector<Architecture> neighbours(const "
                  "Architecture&) const` - docs/concepts.md#space");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("population", population);
    field("sample", sample);
    field("lookahead", lookahead);
    field("trials", trials);
  }

 private:
  void check() const {
    for (const auto& [name, value] :
         {std::pair{"population", population}, {"sample", sample}, {"lookahead", lookahead}})
      if (value < 1)
        throw std::invalid_argument(std::string("AgingEvolution: ") + name + " must be at least 1");
  }

  /// Drawn, and other than those `drawn` before; a repeat where the space seems to have no other.
  template <class Space>
  static typename Space::Architecture founder(const Space& space,
                                              std::unordered_set<std::string>& drawn,
                                              Random& random) {
    constexpr int kDraws = 100;
    auto architecture = space.sample(random);
    for (int i = 1; i < kDraws && !drawn.insert(to_string(architecture)).second; ++i)
      architecture = space.sample(random);
    return architecture;
  }

  /// A mutation of the best of `sample` draws.
  template <class Space>
  typename Space::Architecture child(const Space& space, const std::deque<Judged<Space>>& alive,
                                     Random& random) const {
    const auto draw = [&] {
      return static_cast<std::size_t>(random.below(static_cast<int>(alive.size())));
    };
    std::size_t parent = draw();
    for (int i = 1; i < sample; ++i) {
      const std::size_t other = draw();
      const bool better = alive[other].exceeds(alive[parent]);
      const bool as_good = !better && !alive[parent].exceeds(alive[other]);
      if (better || (as_good && other > parent)) parent = other;
    }
    return mutated(space, alive[parent].architecture, random);
  }
};

}  // namespace nascent
