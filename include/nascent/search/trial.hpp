#pragma once

#include <cstdint>
#include <utility>

#include "nascent/search/move.hpp"

namespace nascent {

/// How well a candidate is measured: more costs more and tells more.
struct Fidelity {
  int epochs = 0;

  friend constexpr bool operator==(const Fidelity&, const Fidelity&) = default;
};

/// An architecture and how the strategy arrived at it.
template <class Architecture>
struct Candidate {
  Architecture architecture;
  Move move;

  Candidate(Architecture proposed, Move how) : architecture(std::move(proposed)), move(how) {}
};

/// One training to be done; the outcome is a pure function of it and of the evaluator's protocol.
template <class Architecture>
struct Trial {
  int number;  ///< 0, 1, ... in the order in which the search asked
  Candidate<Architecture> candidate;
  Fidelity fidelity;
  std::uint64_t seed;  ///< derived from the run's seed and the trial itself, never from time

  Trial(int n, Candidate<Architecture> c, Fidelity f, std::uint64_t s)
      : number(n), candidate(std::move(c)), fidelity(f), seed(s) {}

  const Architecture& architecture() const { return candidate.architecture; }
  Move move() const { return candidate.move; }
};

/// Whether two trials must have the same outcome, whatever their numbers and how the search arrived
/// at them.
template <class Architecture>
bool same_trial(const Trial<Architecture>& one, const Trial<Architecture>& other) {
  return one.seed == other.seed && one.fidelity == other.fidelity &&
         one.architecture() == other.architecture();
}

}  // namespace nascent
