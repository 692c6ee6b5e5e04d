#pragma once

#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

/// Every candidate is trained for the same number of epochs; 600 in TRG-NAS (CAIP 2023).
struct FixedEpochRanker {
  int epochs = 600;  ///< of every training

  struct State {};

  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{epochs});
    co_return outcome;
  }

  template <class Field>
  void options(Field&& field) const {
    field("epochs", epochs);
  }
};

static_assert(RankerPolicy<FixedEpochRanker>);

}  // namespace nascent
