#pragma once

#include <stdexcept>

#include "nascent/ranker/fixed_epoch_ranker.hpp"

namespace nascent {

/// Judges candidates on a share of the training images, the same for all of a run (the future work
/// that the paper names in its conclusion); how long they are trained is the inner ranker's to say.
template <RankerPolicy Ranker = FixedEpochRanker>
struct DataSubset {
  static constexpr bool needs_batches = requires { requires Ranker::needs_batches; };

  double share = .25;                  ///< of the training images, in (0, 1]
  Subset subset = Subset::stratified;  ///< how it is chosen
  Ranker ranker{};                     ///< judges, on the share

  /// That of the ranker inside.
  using State = typename Ranker::State;

  Task<Judgement> operator()(State& state, Proposal proposal, Train train) const {
    if (!(share > 0 && share <= 1))
      throw std::invalid_argument("DataSubset: the share must be above 0 and at most 1");
    Judgement judgement = co_await ranker(state, proposal, train.on_share(share, subset));
    co_return judgement;
  }

  int batch_size(const State& state) const requires requires(const Ranker& inner) {
    inner.batch_size(state);
  }
  { return ranker.batch_size(state); }

  template <class Field>
  void options(Field&& field) const {
    field("share", share);
    field("subset", to_string(subset));
    field("ranker", ranker);
  }
};

static_assert(RankerPolicy<DataSubset<>>);

}  // namespace nascent
