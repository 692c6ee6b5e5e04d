// Algorithm 1 of the paper: macro search (grow depth, prune width), then micro search (operations,
// kernels), and, for spaces that vary it, the training protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/protocol.hpp"
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

/// Third phase: layer by layer, other operations (Replace), then other kernels (Update). A change
/// that costs parameters is paid for by width.
struct Micro {
  double gain = 0;               ///< points that a change must exceed the best by, strictly
  std::int64_t extra = 10'000;   ///< parameters allowed beyond the baseline's
  bool retrain_baseline = true;  ///< train the macro network again under the micro budget
  bool compensate_width = true;  ///< lower the width until the parameters fit the budget
  int layers_numerator = 1;      ///< only the first numerator / denominator of the layers
  int layers_denominator = 1;    ///< are visited (integer division)

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge, Judged<Space> macro) const {
    Judged<Space> best = macro;
    if (retrain_baseline) {
      best = co_await judge(macro.architecture, Move::baseline);
      judge.incumbent(best);
      judge.milestone("baseline", best);
    }
    best = co_await sweep(space, judge, best, Move::operation);
    judge.milestone("replace", best);
    best = co_await sweep(space, judge, best, Move::kernel);
    judge.milestone("update", best);
    co_return best;
  }

  template <class Field>
  void options(Field&& field) const {
    field("gain", gain);
    field("extra", extra);
    field("retrain_baseline", retrain_baseline);
    field("compensate_width", compensate_width);
    field("layers_numerator", layers_numerator);
    field("layers_denominator", layers_denominator);
  }

 private:
  /// Every layer in order, every other choice in its listed order; kept if better, else undone.
  template <MacroMicroSpace Space>
  Task<Judged<Space>> sweep(Space space, Judge<Space> judge, Judged<Space> best, Move what) const {
    const bool operations = what == Move::operation;
    const std::int64_t budget = space.parameters(best.architecture) + extra;
    const int first_width = space.width_of(best.architecture);
    const int layers = space.depth_of(best.architecture) * layers_numerator / layers_denominator;
    const int choices = operations ? space.operation_choices() : space.kernel_choices();
    for (int layer = 0; layer < layers; ++layer) {
      for (int choice = 0; choice < choices; ++choice) {
        auto changed = operations ? space.with_operation(best.architecture, layer, choice)
                                  : space.with_kernel(best.architecture, layer, choice);
        if (changed == best.architecture) continue;
        auto fitted = fit(space, std::move(changed), first_width, budget);
        if (!fitted) continue;  // no width fits: the layer stays as it is
        Judged<Space> candidate = co_await judge(*fitted, what);
        if (candidate.exceeds(best, gain)) {
          best = candidate;
          judge.incumbent(best);
        }
      }
    }
    co_return best;
  }

  /// From `width` down by one until the parameters fit; nothing if they do not even at width 1.
  template <MacroMicroSpace Space>
  std::optional<typename Space::Architecture> fit(const Space& space,
                                                  typename Space::Architecture changed, int width,
                                                  std::int64_t budget) const {
    if (!compensate_width) return changed;
    for (; width >= 1; --width) {
      changed = space.with_width(std::move(changed), width);
      if (space.parameters(changed) <= budget) return changed;
    }
    return std::nullopt;
  }
};

/// Greedy macro-micro search (paper, Algorithm 1): Grow, Prune, Micro. All rules are options with
/// the paper's values. Where the space has recipe variables, Protocol follows.
struct GreedyMacroMicro {
  Grow grow{};              ///< first phase
  Prune prune{};            ///< second phase
  Micro micro{};            ///< third phase
  Protocol protocol{};      ///< fourth phase, where the space has recipe variables
  bool macro_only = false;  ///< end after Prune, as for face recognition (paper 4.2)

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> grown = co_await grow(space, judge);
    judge.milestone("grow", grown);
    Judged<Space> pruned = co_await prune(space, judge, grown);
    judge.milestone("prune", pruned);
    if (macro_only) co_return pruned;
    Judged<Space> found = co_await micro(space, judge, pruned);
    if constexpr (RecipeSpace<Space>) {
      Judged<Space> tuned = co_await protocol(space, judge, found);
      co_return tuned;
    }
    co_return found;
  }

  template <class Space>
  static consteval bool explain() {
    constexpr bool has_the_moves = MacroMicroSpace<Space>;  // a bool: the compiler lists no notes
    static_assert(has_the_moves,
                  "nascent: GreedyMacroMicro needs a Space with the moves of Algorithm 1: start, "
                  "deeper, narrower, with_width, with_operation, with_kernel and parameters, as in "
                  "ChainSpace - docs/concepts.md#macro-micro-space");
    return true;
  }

  template <class Field>
  void options(Field&& field) const {
    field("grow", grow);
    field("prune", prune);
    field("micro", micro);
    // Left out by default, so that journals from before these options go on.
    if (protocol.gain != 0) field("protocol", protocol);
    if (macro_only) field("macro_only", macro_only);
  }
};

/// TRG-NAS (CAIP 2023), the predecessor, is the same template with other values: use it with
/// FixedEpochRanker and TrgSpace.
constexpr GreedyMacroMicro trg_nas() {
  constexpr double kNever = 101;  // no accuracy reaches it
  return {.grow = {.gain = 0.25,
                   .free_pass = 0.15,
                   .patience = 1,
                   .saturated = kNever,
                   .fitted = kNever},
          .prune = {.reference = Prune::Reference::grown, .tolerance = 0.5, .patience = 1},
          .micro = {.gain = 0.10,
                    .retrain_baseline = false,
                    .compensate_width = false,
                    .layers_numerator = 2,
                    .layers_denominator = 3}};
}

}  // namespace nascent
