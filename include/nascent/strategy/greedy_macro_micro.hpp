// Algorithm 1 of the paper: macro search (grow depth, prune width: greedy_macro.hpp), then micro
// search (operations, kernels), and, for spaces that vary it, the training protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/greedy_macro.hpp"
#include "nascent/strategy/protocol.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

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
  Grow grow{};          ///< first phase
  Prune prune{};        ///< second phase
  Micro micro{};        ///< third phase
  Protocol protocol{};  ///< fourth phase, where the space has recipe variables

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    const GreedyMacro macro{grow, prune};
    Judged<Space> pruned = co_await macro(space, judge);
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
    // Left out by default, so that journals from before this phase go on.
    if (protocol.gain != 0) field("protocol", protocol);
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
