// What an evaluator must offer.
#pragma once

#include <concepts>
#include <memory>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/search/monitor.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/recipe_changes.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A trial of any space whose architectures describe a network: all that a training needs to know.
struct NetworkTrial {
  NetworkDescription network;                    ///< to be trained
  Fidelity fidelity;                             ///< how well it is to be measured
  std::uint64_t seed = 0;                        ///< of every random choice
  std::shared_ptr<const NetworkTrial> parent{};  ///< as of Trial
  /// For each searched layer, the one of the parent's that it goes on from, or -1 for a new one;
  /// empty where nothing is inherited.
  std::vector<int> origin{};
  RecipeChanges recipe{};  ///< what the candidate is trained by, beside the evaluator's own recipe

  /// Whether it goes on from an earlier trial of the same candidate.
  bool resumes() const { return fidelity.resumed > 0; }
};

namespace requirement {

template <class E, class Architecture>
concept evaluates = requires(E& e, const Trial<Architecture>& trial) {
  { e.evaluate(trial) } -> std::same_as<Outcome>;
};

template <class E, class Architecture>
concept evaluates_monitored = requires(E& e, const Trial<Architecture>& trial, Monitor& monitor) {
  { e.evaluate(trial, monitor) } -> std::same_as<Outcome>;
};

template <class E>
concept evaluates_networks = requires(E& e, const NetworkTrial& trial, Monitor& monitor) {
  { e.evaluate(trial, monitor) } -> std::same_as<Outcome>;
};

}  // namespace requirement

/// An evaluator measures a trial: by training, from a table, by formula.
///
/// Minimal complete definition: `Outcome evaluate(const Trial<Architecture>&)`, or with a second
/// parameter `Monitor&` to report epochs and to learn that the search stops. An evaluator of
/// networks takes `(const NetworkTrial&, Monitor&)` instead and so serves every space that offers
/// `NetworkDescription describe(const Architecture&) const`.
/// Optional: `Problem problem() const` (image and classes, which the space then counts parameters
/// for); `void options(auto&& field) const` (what the protocol is, for the journal);
/// `std::string caveat() const` (what every result must be stamped with, or nothing);
/// `std::string machine() const` (device and instruction set, as far as rounding depends on it);
/// `void serve_as(int worker)` (which of several workers, counted from 0, this copy evaluates for:
/// it may choose a device by it, and no outcome may depend on it);
/// `static constexpr bool heeds_recipe = true` (it trains a candidate by the recipe that its space
/// gives it: NetworkTrial::recipe, or read from the architecture).
/// Law: the outcome depends on the trial, without its number, and on the evaluator's options alone.
/// An evaluator that keeps it only trial by trial, such as a record that is told again, says
/// `static constexpr bool pure = false;`, and equal trials are evaluated each time. An exception
/// other than Cancelled and SearchError becomes a failed outcome and the search goes on.
template <class E, class Architecture>
concept EvaluatorPolicy = requirement::evaluates<E, Architecture> ||
    requirement::evaluates_monitored<E, Architecture> || requirement::evaluates_networks<E>;

namespace detail {

template <class E, class Architecture>
consteval bool explain_evaluator() {
  static_assert(EvaluatorPolicy<E, Architecture>,
                "nascent: your Evaluator needs `Outcome evaluate(const Trial<Architecture>&)`, "
                "with or without a second parameter `Monitor&` - docs/concepts.md#evaluator");
  return true;
}

template <class E>
concept heeds_recipe = requires {
  requires E::heeds_recipe;
};

/// Of an evaluator and the space whose candidates it is given.
template <class E, class Space>
consteval bool explain_recipe() {
  constexpr bool heard = heeds_recipe<E> || !ChangesRecipe<Space>;
  static_assert(heard,
                "nascent: this Space varies the training recipe, and your Evaluator does not say "
                "that it trains by it; take TorchEvaluator, or write `static constexpr bool "
                "heeds_recipe = true;` in yours, or leave out the recipe variables - "
                "docs/concepts.md#recipe-variables");
  return true;
}

template <class E>
concept states_problem = requires(const E& e) {
  { e.problem() } -> std::convertible_to<Problem>;
};

template <class E>
concept states_caveat = requires(const E& e) {
  { e.caveat() } -> std::convertible_to<std::string>;
};

template <class E>
concept states_machine = requires(const E& e) {
  { e.machine() } -> std::convertible_to<std::string>;
};

template <class E>
concept serves_as_worker = requires(E& e, int worker) {
  e.serve_as(worker);
};

/// Tells an evaluator, a worker's own, which worker it serves.
template <class E>
void serve_as(E& evaluator, int worker) {
  if constexpr (serves_as_worker<E>) evaluator.serve_as(worker);
}

template <class E>
consteval bool is_pure() {
  if constexpr (requires { E::pure; })
    return E::pure;
  else
    return true;
}

}  // namespace detail
}  // namespace nascent
