#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "nascent/search/fidelity.hpp"
#include "nascent/search/move.hpp"

namespace nascent {

/// An architecture and how the strategy arrived at it.
template <class Architecture>
struct Candidate {
  Architecture architecture;  ///< that is proposed
  Move move;                  ///< how the strategy arrived at it

  /// Both at once.
  Candidate(Architecture proposed, Move how) : architecture(std::move(proposed)), move(how) {}
};

/// One training to be done; the outcome is a pure function of it and of the evaluator's protocol.
template <class Architecture>
struct Trial {
  int number;                         ///< 0, 1, ... in the order in which the search asked
  Candidate<Architecture> candidate;  ///< what is measured
  Fidelity fidelity;                  ///< how well
  std::uint64_t seed;  ///< derived from the run's seed and the trial itself, never from time
  /// The trial that it goes on from, or null: of the same candidate where `fidelity.resumed` > 0,
  /// else of another, whose weights this one inherits. Known with all its own parents, so that
  /// weights that are lost can be trained again.
  std::shared_ptr<const Trial> parent;

  /// All of it at once.
  Trial(int n, Candidate<Architecture> c, Fidelity f, std::uint64_t s,
        std::shared_ptr<const Trial> goes_on_from = nullptr)
      : number(n), candidate(std::move(c)), fidelity(f), seed(s), parent(std::move(goes_on_from)) {}

  /// Of the candidate.
  const Architecture& architecture() const { return candidate.architecture; }
  /// How the strategy arrived at the candidate.
  Move move() const { return candidate.move; }
  /// Whether it goes on from an earlier trial of the same candidate.
  bool resumes() const { return fidelity.resumed > 0; }
};

/// Whether two trials must have the same outcome, whatever their numbers and how the search arrived
/// at them. Seeds tell parents apart.
template <class Architecture>
bool same_trial(const Trial<Architecture>& one, const Trial<Architecture>& other) {
  return one.seed == other.seed && one.fidelity == other.fidelity &&
         one.architecture() == other.architecture();
}

}  // namespace nascent
