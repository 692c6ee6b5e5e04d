#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "nascent/ranker/rungs.hpp"

namespace nascent {

/// Asynchronous successive halving (Li et al. 2020) as a stopping rule: a candidate goes on from a
/// rung if it is among the best 1/eta (rounded down, at least one) of those that have come through
/// the rung so far, itself included; of equal ones the earlier is better. Nobody waits for a batch,
/// so every strategy can be judged by it; judgements are never revised.
struct Asha {
  int least = 1;                 ///< epochs of the first rung
  int most = 81;                 ///< that no rung exceeds
  int eta = 3;                   ///< the paper's experiments use 4; 3 is Hyperband's
  Rungs rungs = Rungs::resumed;  ///< whether a rung goes on from the one before

  struct State {
    std::vector<std::vector<Accuracy>> best_first;  ///< of those that came through each rung
  };

  Task<Judgement> operator()(State& state, Proposal, Train train) const {
    detail::Ladder ladder(least, most, eta, rungs);
    Judgement judgement;
    for (std::size_t rung = 0;; ++rung) {
      const Outcome outcome = co_await ladder.climb(train);
      judgement = detail::after_rung(outcome, judgement);
      if (judgement.failed || ladder.at_the_end()) co_return judgement;
      if (!goes_on(state, rung, judgement.accuracy)) co_return judgement;
    }
  }

  template <class Field>
  void options(Field&& field) const {
    field("least", least);
    field("most", most);
    field("eta", eta);
    field("rungs", to_string(rungs));
  }

 private:
  bool goes_on(State& state, std::size_t rung, Accuracy mine) const {
    if (state.best_first.size() <= rung) state.best_first.resize(rung + 1);
    auto& all = state.best_first[rung];
    const auto better = [](Accuracy one, Accuracy other) { return one.more_than(other); };
    const auto place = all.insert(std::upper_bound(all.begin(), all.end(), mine, better), mine);
    return place - all.begin() < (std::max)(std::ptrdiff_t{1}, std::ssize(all) / eta);
  }
};

static_assert(RankerPolicy<Asha>);

}  // namespace nascent
