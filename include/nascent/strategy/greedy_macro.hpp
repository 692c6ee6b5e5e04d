// Macro search of Algorithm 1: grow depth, prune width.
#pragma once

#include <cstdint>

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// First phase: one layer more at a time, from the smallest depth at the largest width.
struct Grow {
  double gain = 0.10;       ///< points over the best that accept a depth (paper 3.3)
  double free_pass = 0.05;  ///< points below the best that are neither accepted nor counted
  int patience = 3;         ///< failures that end the phase; an acceptance resets their count
  double saturated = 99.9;  ///< ends once the best reaches this accuracy, %
  double fitted = 99.5;     ///< ends once the best exceeds this training accuracy, %

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> start = co_await judge(space.start(), Move::start);
    judge.incumbent(start);
    Judged<Space> best = co_await (*this)(space, judge, start);
    co_return best;
  }

  /// From a network that was judged before, for strategies that order the phases otherwise.
  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge, Judged<Space> start) const {
    Judged<Space> best = start;
    auto grown = best.architecture;
    for (int failures = 0; failures < patience && space.can_deepen(grown) && !ended(best);) {
      grown = space.deeper(grown);
      Judged<Space> candidate = co_await judge(grown, Move::deeper);
      if (candidate.beats(best, gain)) {
        best = candidate;
        failures = 0;
        judge.incumbent(best);
      } else if (!candidate.within(best, free_pass)) {
        ++failures;
      }
    }
    co_return best;
  }

  template <class Field>
  void options(Field&& field) const {
    field("gain", gain);
    field("free_pass", free_pass);
    field("patience", patience);
    field("saturated", saturated);
    field("fitted", fitted);
  }

 private:
  template <class Space>
  bool ended(const Judged<Space>& best) const {
    return best.accuracy().at_least(Accuracy::of_percent(saturated)) ||
           best.judgement.train_accuracy.more_than(Accuracy::of_percent(fitted));
  }
};

/// Second phase: one width step less at a time, at the depth that Grow found.
struct Prune {
  /// What a narrower network is compared with.
  enum class Reference : std::uint8_t {
    best,   ///< the best so far, which every acceptance replaces (paper)
    grown,  ///< what Grow returned, throughout (TRG-NAS)
  };
  Reference reference = Reference::best;  ///< what candidates are compared with
  double tolerance = 0;                   ///< points below the reference that are still accepted
  int patience = 3;                       ///< consecutive failures that end the phase

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge, Judged<Space> grown) const {
    Judged<Space> best = grown;
    auto pruned = grown.architecture;
    for (int failures = 0; failures < patience && space.can_narrow(pruned);) {
      pruned = space.narrower(pruned);
      Judged<Space> candidate = co_await judge(pruned, Move::narrower);
      if (candidate.within(reference == Reference::best ? best : grown, tolerance)) {
        best = candidate;
        failures = 0;
        judge.incumbent(best);
      } else {
        ++failures;
      }
    }
    co_return best;
  }

  template <class Field>
  void options(Field&& field) const {
    field("reference", reference == Reference::best ? "best" : "grown");
    field("tolerance", tolerance);
    field("patience", patience);
  }
};

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
