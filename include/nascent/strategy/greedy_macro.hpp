#pragma once

#include "nascent/strategy/greedy_macro_micro.hpp"

namespace nascent {

/// Grow and Prune of Algorithm 1 without its micro search: the search for face recognition (arXiv
/// 2502.03553, 4.2).
struct GreedyMacro {
  Grow grow{};    ///< first phase
  Prune prune{};  ///< second phase, and the last

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> grown = co_await grow(space, judge);
    judge.milestone("grow", grown);
    Judged<Space> pruned = co_await prune(space, judge, grown);
    judge.milestone("prune", pruned);
    co_return pruned;
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool has_the_moves = MacroMicroSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(has_the_moves,
                  "nascent: GreedyMacro needs a Space with the moves of Algorithm 1: start, "
                  "deeper, narrower and the others, as in ResidualFaceSpace - "
                  "docs/concepts.md#macro-micro-space");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("grow", grow);
    field("prune", prune);
  }
};

}  // namespace nascent
