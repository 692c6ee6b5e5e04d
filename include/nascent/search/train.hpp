// What a ranker sees of a search.
#pragma once

#include <cstddef>

#include "nascent/search/judgement.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/slot.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {

/// Candidates that are judged together.
struct Batch {
  int number = -1;  ///< 0, 1, ... in the order of proposal; -1: one that stands alone
  int size = 1;     ///< how many they are
  int index = 0;    ///< of the candidate, 0 .. size-1
};

/// What a ranker knows of a candidate, whatever the space.
struct Proposal {
  Move move;          ///< what the strategy changed
  Position position;  ///< zero where the space does not tell
  Batch batch{};      ///< that it is judged with
};

/// A number of training epochs: the first `count` of a training whose learning rate is scheduled
/// over `schedule` epochs (0: over `count`).
struct Epochs {
  int count;         ///< trained
  int schedule = 0;  ///< spanned by the learning rate's schedule
};

/// Where a candidate stands among those of its batch that are still trained.
struct Standing {
  int rank = 0;  ///< 0 is the best; of equal ones the earlier proposed; failed ones last
  int of = 1;    ///< those compared
};

namespace detail {

/// The engine, as rankers reach it.
class TrainHost {
 public:
  virtual Ticket<Outcome> train(std::size_t judging, Fidelity fidelity, bool goes_on) = 0;
  virtual Ticket<Standing> meet(std::size_t judging, const Judgement& sofar) = 0;

 protected:
  ~TrainHost() = default;
};

}  // namespace detail

/// Trains the candidate that the ranker was called for; `co_await` the ticket for the outcome.
class Train {
 public:
  /// To be awaited for the outcome.
  using Ticket = detail::Ticket<Outcome>;

  /// Made by the engine.
  Train(detail::TrainHost& host, std::size_t judging) : host_(&host), judging_(judging) {}

  /// From scratch, or from the weights that the candidate inherits.
  Ticket operator()(Epochs epochs) const { return start(epochs, false); }

  /// Goes on with the candidate's last training up to `epochs` in all, as if it had never paused:
  /// under the same schedule, which it must have been started with. The outcome's epochs are those
  /// added; its accuracy is the best epoch of all.
  Ticket go_on(Epochs epochs) const { return start(epochs, true); }

  /// A zero-cost proxy; the score stands in the outcome's accuracy. Nothing is trained.
  Ticket score(Measure measure) const {
    Fidelity fidelity = base_;
    fidelity.measure = measure;
    return host_->train(judging_, fidelity, false);
  }

  /// Waits until every other candidate of the batch that is still trained is here too. For rankers
  /// that say `static constexpr bool needs_batches = true`; alone in its batch, none waits.
  detail::Ticket<Standing> meet(const Judgement& sofar) const {
    return host_->meet(judging_, sofar);
  }

  /// The same with seeds of their own for each `number`.
  Train repeated(int number) const {
    Train other = *this;
    other.base_.repeat = number;
    return other;
  }

  /// The same on a share of the training images, in (0, 1].
  Train on_share(double share, Subset subset) const {
    Train other = *this;
    other.base_.share = share;
    other.base_.subset = subset;
    return other;
  }

 private:
  Ticket start(Epochs epochs, bool goes_on) const {
    Fidelity fidelity = base_;
    fidelity.epochs = epochs.count;
    fidelity.schedule = epochs.schedule == epochs.count ? 0 : epochs.schedule;
    return host_->train(judging_, fidelity, goes_on);
  }

  detail::TrainHost* host_;
  std::size_t judging_;
  Fidelity base_{};
};

}  // namespace nascent
