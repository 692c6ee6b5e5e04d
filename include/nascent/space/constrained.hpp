// A space within limits that are known before any training.
#pragma once

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/space/crossover.hpp"
#include "nascent/space/neighbourhood.hpp"
#include "nascent/space/objective.hpp"

namespace nascent {

/// A limit of a quantity: `parameters <= 500'000`.
struct Constraint {
  /// Which side of the bound is allowed.
  enum class Limit : std::uint8_t {
    at_most,  ///< not above the bound
    at_least  ///< not below the bound
  };

  std::string quantity;          ///< name of an objective
  Limit limit = Limit::at_most;  ///< side of the bound
  double bound = 0;              ///< met exactly counts as met

  /// Whether a quantity of this value is within the limit.
  bool allows(double value) const {
    return limit == Limit::at_most ? value <= bound : value >= bound;
  }
};

/// At most so much.
inline Constraint operator<=(const Objective& quantity, double bound) {
  return {quantity.name, Constraint::Limit::at_most, bound};
}
/// At least so much.
inline Constraint operator>=(const Objective& quantity, double bound) {
  return {quantity.name, Constraint::Limit::at_least, bound};
}

/// "parameters <= 500000"
inline std::string to_string(const Constraint& constraint) {
  char bound[32];
  std::snprintf(bound, sizeof bound, "%.15g", constraint.bound);
  return constraint.quantity + (constraint.limit == Constraint::Limit::at_most ? " <= " : " >= ") +
         bound;
}

/// The architectures of `Base` that keep to the constraints of a run:
///
///     Search<AgingEvolution, FixedEpochRanker, Constrained<SepConvSpace>> search;
///     search.space.constrain(parameters <= 500'000).constrain(flops <= 50e6);
///
/// What breaks one is never trained. It is neither drawn nor among neighbours and mutations, and
/// what a strategy's own moves make of an architecture is judged worse than all if it breaks one.
/// All else is the base's.
template <SpacePolicy Base>
struct Constrained : Base {
  using typename Base::Architecture;

  Constrained() = default;
  /// A base with options of one's own, without any constraint yet.
  explicit Constrained(Base base) : Base(std::move(base)) {}

  /// Throws std::invalid_argument for a quantity that the space does not count.
  Constrained& constrain(Constraint constraint) {
    if (!detail::counts<Base>(constraint.quantity))
      throw std::invalid_argument(
          "the constraint '" + to_string(constraint) +
          "' cannot be kept to before an architecture is trained; this space counts " +
          detail::counted_names<Base>() + ", and what is measured can be an objective instead");
    constraints_.push_back(std::move(constraint));
    return *this;
  }

  /// In the order in which they were given.
  const std::vector<Constraint>& constraints() const { return constraints_; }

  /// Whether it keeps to the constraints.
  bool admits(const Architecture& architecture) const {
    if constexpr (detail::admits<Base, Architecture>)
      if (!Base::admits(architecture)) return false;
    for (const Constraint& constraint : constraints_)
      if (!constraint.allows(*detail::counted<Base>(constraint.quantity, *this, architecture)))
        return false;
    return true;
  }

  bool contains(const Architecture& architecture) const {
    if constexpr (detail::tells_membership<Base, Architecture>)
      if (!Base::contains(architecture)) return false;
    return admits(architecture);
  }

  /// The base's measure, on what is admitted. Throws std::invalid_argument when that seems to be
  /// nothing.
  Architecture sample(Random& random) const {
    for (int i = 0; i < kSamples; ++i) {
      Architecture drawn = Base::sample(random);
      if (admits(drawn)) return drawn;
    }
    refuse("none of " + std::to_string(kSamples) + " architectures drawn");
  }

  /// The base's mutation, on what is admitted. What seems to have none is drawn afresh.
  Architecture mutate(const Architecture& architecture,
                      Random& random) const requires detail::mutates<Base, Architecture> {
    for (int i = 0; i < kChanges; ++i) {
      Architecture other = Base::mutate(architecture, random);
      if (admits(other)) return other;
    }
    return sample(random);
  }

  std::vector<Architecture> neighbours(const Architecture& architecture)
      const requires detail::gives_neighbours<Base, Architecture> {
    auto found = Base::neighbours(architecture);
    std::erase_if(found, [this](const Architecture& other) { return !admits(other); });
    return found;
  }

  /// The base's crossover, on what is admitted. What seems to have none is drawn afresh.
  Architecture crossover(const Architecture& one, const Architecture& other,
                         Random& random) const requires detail::crosses<Base, Architecture> {
    for (int i = 0; i < kChanges; ++i) {
      Architecture child = Base::crossover(one, other, random);
      if (admits(child)) return child;
    }
    return sample(random);
  }

  /// The base's, as much narrower as the constraints ask for. Throws std::invalid_argument when no
  /// width is admitted.
  Architecture start() const requires MacroMicroSpace<Base> {
    Architecture architecture = Base::start();
    while (!admits(architecture)) {
      if (!Base::can_narrow(architecture)) refuse("no width of the smallest depth");
      architecture = Base::narrower(architecture);
    }
    return architecture;
  }

  template <class Field>
  void options(Field&& field) const {
    if constexpr (requires(const Base& base) { base.options(field); }) Base::options(field);
    field("constraints", listed());
  }

 private:
  static constexpr int kSamples = 10'000;  // finds one in a thousand, but for 1 in 2e4
  static constexpr int kChanges = 1'000;   // finds one in a hundred, but for 1 in 2e4

  std::string listed() const {
    std::string text;
    for (const Constraint& constraint : constraints_)
      text += (text.empty() ? "" : ", ") + to_string(constraint);
    return text;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(what + " keeps to '" + listed() +
                                "'; loosen the constraints, or the bounds of the space");
  }

  std::vector<Constraint> constraints_;
};

}  // namespace nascent
