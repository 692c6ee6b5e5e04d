// What a ranker sees of a search.
#pragma once

#include <cstddef>

#include "nascent/search/outcome.hpp"
#include "nascent/search/slot.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {

/// What a ranker knows of a candidate, whatever the space.
struct Proposal {
  Move move;
  Position position;  ///< zero where the space does not tell
};

/// A number of training epochs.
struct Epochs {
  int count;
};

namespace detail {

/// The engine, as rankers reach it.
class TrainHost {
 public:
  virtual Ticket<Outcome> train(std::size_t judging, Fidelity fidelity) = 0;

 protected:
  ~TrainHost() = default;
};

}  // namespace detail

/// Trains the candidate that the ranker was called for, from scratch; `co_await` the ticket for
/// the outcome.
class Train {
 public:
  using Ticket = detail::Ticket<Outcome>;

  Train(detail::TrainHost& host, std::size_t judging) : host_(&host), judging_(judging) {}

  Ticket operator()(Epochs epochs) const {
    return host_->train(judging_, Fidelity{.epochs = epochs.count});
  }

 private:
  detail::TrainHost* host_;
  std::size_t judging_;
};

}  // namespace nascent
