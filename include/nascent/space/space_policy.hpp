// What a space must offer, and what it may.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/search/recipe_changes.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Where an architecture lies, counted from the start of a macro search (smallest depth, largest
/// width): what rankers need to give epochs to a candidate that was drawn.
struct Position {
  int deeper = 0;    ///< layers more than the smallest depth
  int narrower = 0;  ///< width steps below the largest width
};

namespace requirement {

template <class P>
concept names_architecture = requires {
  typename P::Architecture;
};

template <class P>
concept architecture_is_regular = names_architecture<P> &&
    std::copyable<typename P::Architecture> && std::equality_comparable<typename P::Architecture>;

template <class P>
concept architecture_has_text = names_architecture<P> &&
    requires(const typename P::Architecture& architecture) {
  { to_string(architecture) } -> std::convertible_to<std::string>;
};

template <class P>
concept samples = names_architecture<P> && requires(const P& space, Random& random) {
  { space.sample(random) } -> std::convertible_to<typename P::Architecture>;
};

}  // namespace requirement

/// A space is the set of architectures that a search may propose.
///
/// Minimal complete definition: `using Architecture = ...` (copyable, ==, and a free function
/// `std::string to_string(const Architecture&)` beside it, which tells any two apart) and
/// `Architecture sample(Random&) const`.
/// Optional, each asked for by what needs it:
/// `NetworkDescription describe(const Architecture&) const` (TorchEvaluator),
/// `std::int64_t parameters(const Architecture&) const`,
/// `std::vector<Architecture> neighbours(const Architecture&) const` (LocalSearch),
/// `Architecture mutate(const Architecture&, Random&) const` (AgingEvolution; else a neighbour),
/// `choices`, `encode` and `decode` (EncodedSpace: Tpe and others),
/// `Position position(const Architecture&) const` (DynamicEpochRanker on drawn candidates),
/// `void require(const Architecture&) const` (throws when it lies outside),
/// `bool admits(const Architecture&) const` (false for what is judged worse than all without being
/// trained),
/// `Architecture parse(std::string_view) const` (reads `to_string` back; for workers in other
/// processes), `void check() const` (throws when the bounds contradict each other),
/// `void fit_to(const Problem&)` (called with the evaluator's problem when a search begins),
/// `RecipeChanges recipe_changes(const Architecture&) const` (what a candidate is trained by),
/// `void options(auto&& field) const`, and the moves of MacroMicroSpace.
/// Models: ChainSpace, JointSpace, Constrained, NasBench201Space, TransNasMacroSpace, TableSpace.
/// See docs/concepts.md#space.
template <class P>
concept SpacePolicy = std::copy_constructible<P> && requirement::architecture_is_regular<P> &&
    requirement::architecture_has_text<P> && requirement::samples<P>;

/// A space with the moves of Algorithm 1, which GreedyMacroMicro makes.
template <class P>
concept MacroMicroSpace = SpacePolicy<P> &&
    requires(const P& space, const typename P::Architecture& architecture, int layer, int choice,
             int width) {
  { space.start() } -> std::same_as<typename P::Architecture>;
  { space.can_deepen(architecture) } -> std::convertible_to<bool>;
  { space.deeper(architecture) } -> std::same_as<typename P::Architecture>;
  { space.can_narrow(architecture) } -> std::convertible_to<bool>;
  { space.narrower(architecture) } -> std::same_as<typename P::Architecture>;
  { space.depth_of(architecture) } -> std::convertible_to<int>;
  { space.width_of(architecture) } -> std::convertible_to<int>;
  { space.with_width(architecture, width) } -> std::same_as<typename P::Architecture>;
  { space.operation_choices() } -> std::convertible_to<int>;
  { space.with_operation(architecture, layer, choice) } -> std::same_as<typename P::Architecture>;
  { space.kernel_choices() } -> std::convertible_to<int>;
  { space.with_kernel(architecture, layer, choice) } -> std::same_as<typename P::Architecture>;
  { space.parameters(architecture) } -> std::convertible_to<std::int64_t>;
};

/// A space whose architectures say by what they are trained.
template <class P>
concept ChangesRecipe = SpacePolicy<P> &&
    requires(const P& space, const typename P::Architecture& architecture) {
  { space.recipe_changes(architecture) } -> std::same_as<RecipeChanges>;
};

/// A space whose recipes a strategy can change step by step, which Protocol does.
template <class P>
concept RecipeSpace = ChangesRecipe<P> &&
    requires(const P& space, const typename P::Architecture& architecture, int variable,
             int choice) {
  { space.recipe_variables() } -> std::convertible_to<int>;
  { space.recipe_choices(variable) } -> std::convertible_to<int>;
  {
    space.with_recipe_choice(architecture, variable, choice)
    } -> std::same_as<typename P::Architecture>;
};

namespace detail {

template <class P>
consteval bool explain_space() {
  static_assert(std::copy_constructible<P>,
                "nascent: your Space must be copyable, since every run has its own copy - "
                "docs/concepts.md#space");
  static_assert(requirement::names_architecture<P>,
                "nascent: your Space needs `using Architecture = ...;` - docs/concepts.md#space");
  if constexpr (requirement::names_architecture<P>) {
    static_assert(requirement::architecture_is_regular<P>,
                  "nascent: your Space's Architecture must be copyable and comparable by == - "
                  "docs/concepts.md#space");
    static_assert(requirement::architecture_has_text<P>,
                  "nascent: your Space's Architecture needs a free function `std::string "
                  "to_string(const Architecture&)` beside it - docs/concepts.md#space");
    static_assert(requirement::samples<P>,
                  "nascent: your Space needs `Architecture sample(Random&) const` - "
                  "docs/concepts.md#space");
  }
  return true;
}

template <class P, class A>
concept describes_networks = requires(const P& space, const A& architecture) {
  { space.describe(architecture) } -> std::same_as<NetworkDescription>;
};

template <class P, class A>
concept counts_parameters = requires(const P& space, const A& architecture) {
  { space.parameters(architecture) } -> std::convertible_to<std::int64_t>;
};

template <class P, class A>
concept counts_macs = requires(const P& space, const A& architecture) {
  { space.macs(architecture) } -> std::convertible_to<std::int64_t>;
};

template <class P, class A>
concept gives_position = requires(const P& space, const A& architecture) {
  { space.position(architecture) } -> std::same_as<Position>;
};

template <class P, class A>
concept gives_neighbours = requires(const P& space, const A& architecture) {
  { space.neighbours(architecture) } -> std::same_as<std::vector<A>>;
};

template <class P, class A>
concept requires_membership = requires(const P& space, const A& architecture) {
  space.require(architecture);
};

template <class P, class A>
concept admits = requires(const P& space, const A& architecture) {
  { space.admits(architecture) } -> std::same_as<bool>;
};

template <class P>
concept parses_text = requires(const P& space, std::string_view text) {
  { space.parse(text) } -> std::same_as<typename P::Architecture>;
};

template <class P>
concept checks_itself = requires(const P& space) {
  space.check();
};

template <class P>
concept fits_problem = requires(P& space, const Problem& problem) {
  space.fit_to(problem);
};

}  // namespace detail
}  // namespace nascent
