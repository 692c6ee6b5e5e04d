#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "nascent/search/accuracy.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {

/// What a ranker makes of a candidate's outcomes.
struct Judgement {
  /// Of the images that guide the search, and of those trained on.
  Accuracy accuracy, train_accuracy;
  int epochs = 0;                       ///< spent on it
  bool failed = false;                  ///< worse than everything
  Measure measure = Measure::accuracy;  ///< what `accuracy` holds
  Metrics metrics;                      ///< measured beside it

  Judgement() = default;
  /// That of a single training.
  Judgement(const Outcome& outcome)  // NOLINT: a ranker may simply return an outcome
      : accuracy(outcome.accuracy),
        train_accuracy(outcome.train_accuracy),
        epochs(outcome.epochs),
        failed(!outcome.ok()),
        metrics(outcome.metrics) {}
};

/// A candidate and its judgement: what `co_await judge(...)` gives a strategy.
template <class Space>
struct Judged {
  typename Space::Architecture architecture;  ///< that was judged
  Move move;                                  ///< how the strategy arrived at it
  Judgement judgement;                        ///< by the ranker
  /// The last training that was told, for strategies whose candidates inherit weights; else null.
  std::shared_ptr<const Trial<typename Space::Architecture>> training;

  /// All three at once.
  Judged(typename Space::Architecture a, Move m, Judgement j)
      : architecture(std::move(a)), move(m), judgement(std::move(j)) {}

  /// As judged.
  Accuracy accuracy() const { return judgement.accuracy; }
  /// A failed candidate is worse than all others.
  bool failed() const { return judgement.failed; }

  /// At least `points` percentage points better than `other`; met exactly counts as met.
  bool beats(const Judged& other, double points) const {
    return comparable(other) ? accuracy().at_least(other.accuracy(), points) : !failed();
  }

  /// More than `points` percentage points better than `other`.
  bool exceeds(const Judged& other, double points = 0) const {
    return comparable(other) ? accuracy().more_than(other.accuracy(), points)
                             : !failed() && other.failed();
  }

  /// At most `points` percentage points worse than `other`; met exactly counts as met.
  bool within(const Judged& other, double points) const { return beats(other, -points); }

 private:
  bool comparable(const Judged& other) const { return !failed() && !other.failed(); }
};

}  // namespace nascent
