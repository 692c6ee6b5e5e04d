// Rungs: a candidate is trained a little, then eta times as long, and so on, as long as it is among
// the best.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

/// What the rungs of a candidate have in common.
enum class Rungs : std::uint8_t {
  resumed,    ///< parts of one training of the most epochs: a rung goes on where the last paused
  restarted,  ///< trainings of their own, each with a whole schedule
};

/// As the enumerators are called.
constexpr std::string_view to_string(Rungs rungs) {
  return rungs == Rungs::resumed ? "resumed" : "restarted";
}

namespace detail {

/// Throws std::invalid_argument when there are no such rungs.
inline void require_rungs(int least, int most, int eta) {
  if (least < 1 || most < least)
    throw std::invalid_argument("rungs need 1 <= least <= most epochs");
  if (eta < 2) throw std::invalid_argument("eta must be at least 2");
}

/// Rungs of least, eta least, eta^2 least, ... up to `most` epochs.
class Ladder {
 public:
  Ladder(int least, int most, int eta, Rungs rungs) : least_(least), eta_(eta), rungs_(rungs) {
    require_rungs(least, most, eta);
    for (last_ = least; last_ <= most / eta;) last_ *= eta;
  }

  int eta() const { return eta_; }
  int last() const { return last_; }  ///< epochs of the last rung

  /// Trains up to the next rung.
  Train::Ticket climb(const Train& train) {
    const bool goes_on = epochs_ > 0 && rungs_ == Rungs::resumed;
    epochs_ = epochs_ > 0 ? epochs_ * eta_ : least_;
    const Epochs epochs{epochs_, rungs_ == Rungs::resumed ? last_ : epochs_};
    return goes_on ? train.go_on(epochs) : train(epochs);
  }

  bool at_the_end() const { return epochs_ == last_; }

 private:
  int least_, eta_, last_;
  Rungs rungs_;
  int epochs_ = 0;  // of the rung reached
};

/// The judgement of a rung, with all epochs spent so far.
inline Judgement after_rung(const Outcome& outcome, const Judgement& before) {
  Judgement judgement(outcome);
  judgement.epochs += before.epochs;
  return judgement;
}

/// Of `candidates` that begin, the best 1/eta (rounded down, at least one) go on from each rung;
/// those that failed count as the worst.
inline Task<Judgement> halve(Train train, Ladder ladder, int candidates) {
  Judgement judgement;
  for (;;) {
    const Outcome outcome = co_await ladder.climb(train);
    judgement = after_rung(outcome, judgement);
    if (judgement.failed || ladder.at_the_end()) co_return judgement;
    const Standing standing = co_await train.meet(judgement);
    candidates = (std::max)(1, candidates / ladder.eta());
    if (standing.rank >= candidates) co_return judgement;
  }
}

}  // namespace detail
}  // namespace nascent
