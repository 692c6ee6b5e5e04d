#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/space/morphs.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Random growth (after Hu et al. 2018): of a pool of trained networks some are drawn, grow at
/// random and go on training with the weights that they inherit; the best of old and new survive.
/// Depth, width, kernels and parameters never shrink along a line.
///
/// The sizes are Nascent's. A failed candidate is worse than all others; of equal ones the older
/// survives.
struct RandGrow {
  int pool = 8;      ///< networks that survive; the first ones are seedlings
  int children = 4;  ///< of each round, of parents drawn alike
  int morphs = 2;    ///< from parent to child, one after another
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  static constexpr bool inherits = true;

  template <MorphSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("random growth");
    std::vector<typename Judge<Space>::Ticket> asked;
    int proposed = 0;
    for (; proposed < (std::max)(1, (std::min)(pool, trials)); ++proposed)
      asked.push_back(judge(seedling(space, random), Move::start));
    std::vector<Judged<Space>> alive;  // the best first
    while (!asked.empty()) {
      for (const auto& ticket : asked) {
        Judged<Space> trained = co_await ticket;
        alive.push_back(trained);
      }
      std::stable_sort(alive.begin(), alive.end(),
                       [](const auto& one, const auto& other) { return one.exceeds(other); });
      if (std::ssize(alive) > pool) alive.erase(alive.begin() + pool, alive.end());
      judge.incumbent(alive.front());
      asked.clear();
      for (int i = 0; i < children && proposed < trials; ++i, ++proposed) {
        const Judged<Space>& parent =
            alive[static_cast<std::size_t>(random.below(static_cast<int>(alive.size())))];
        asked.push_back(judge.inherit(grown(space, parent.architecture, morphs, random), parent));
      }
    }
    co_return alive.front();
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool can_grow = MorphSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(can_grow,
                  "nascent: RandGrow needs a Space with `std::vector<Architecture> morphs(const "
                  "Architecture&) const`, as in ChainSpace - docs/concepts.md#morphs");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("pool", pool);
    field("children", children);
    field("morphs", morphs);
    field("trials", trials);
  }

 private:
  void check() const {
    for (const auto& [name, value] :
         {std::pair{"pool", pool}, {"children", children}, {"morphs", morphs}})
      if (value < 1)
        throw std::invalid_argument(std::string("RandGrow: ") + name + " must be at least 1");
  }
};

}  // namespace nascent
