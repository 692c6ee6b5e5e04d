#pragma once

#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

/// Training epochs follow the candidate (paper 3.2): one more for a layer more, two more for a
/// width step less, a constant number for candidates of equal size.
struct DynamicEpochRanker {
  int start = 10;    ///< of the smallest, widest network (E_min, paper 4.1)
  int deeper = 1;    ///< more for one more layer
  int narrower = 2;  ///< more for one width step down
  int micro = 2;     ///< for baseline, operations, kernels and protocols at one size, and morphs

  struct State {
    int epochs = 0;  ///< of the last macro candidate, accepted or not
  };

  Task<Judgement> operator()(State& state, Proposal proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{epochs_for(state, proposal)});
    co_return outcome;
  }

  template <class Field>
  void options(Field&& field) const {
    field("start", start);
    field("deeper", deeper);
    field("narrower", narrower);
    field("micro", micro);
  }

 private:
  int epochs_for(State& state, Proposal proposal) const {
    switch (proposal.move) {
      case Move::start:
        return state.epochs = start;
      case Move::deeper:
        return state.epochs += deeper;
      case Move::narrower:
        return state.epochs += narrower;
      case Move::baseline:
      case Move::operation:
      case Move::kernel:
      case Move::protocol:
      case Move::morph:  // it inherits what its parent has learnt
        return micro;
      // Drawn at any size: what a macro search that went straight there would have given.
      case Move::sample:
        return start + deeper * proposal.position.deeper + narrower * proposal.position.narrower;
    }
    return start;
  }
};

static_assert(RankerPolicy<DynamicEpochRanker>);

}  // namespace nascent
