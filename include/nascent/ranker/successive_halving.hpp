#pragma once

#include "nascent/ranker/rungs.hpp"

namespace nascent {

/// Successive halving (Jamieson & Talwalkar 2016; Li et al. 2018): all candidates of a batch are
/// trained a little, the best 1/eta of them eta times as long, and so on.
///
/// By default a candidate's rungs are parts of one training whose learning rate is scheduled over
/// the epochs of the last rung, so what is paused and goes on equals a training that never paused.
/// A candidate that stands alone passes through all rungs.
struct SuccessiveHalving {
  static constexpr bool needs_batches = true;

  int least = 1;                 ///< epochs of the first rung, r in the paper
  int most = 81;                 ///< that no rung exceeds, R in the paper
  int eta = 3;                   ///< one in so many goes on (Li et al. 2018, section 2.2)
  Rungs rungs = Rungs::resumed;  ///< whether a rung goes on from the one before

  struct State {};

  /// So many that one of them comes to the last rung.
  int batch_size(const State&) const { return ladder().last() / least; }

  Task<Judgement> operator()(State&, Proposal proposal, Train train) const {
    Judgement judgement = co_await detail::halve(train, ladder(), proposal.batch.size);
    co_return judgement;
  }

  template <class Field>
  void options(Field&& field) const {
    field("least", least);
    field("most", most);
    field("eta", eta);
    field("rungs", to_string(rungs));
  }

 private:
  detail::Ladder ladder() const { return {least, most, eta, rungs}; }
};

static_assert(RankerPolicy<SuccessiveHalving>);

}  // namespace nascent
