#pragma once

#include <cstdint>

#include "nascent/ranker/rungs.hpp"

namespace nascent {

/// Hyperband (Li et al. 2018, Algorithm 1): successive halvings in turn, from many candidates that
/// are trained a little to few that are trained to the end, since nobody knows how much a short
/// training tells. Each batch of the strategy is one of them (a bracket).
///
/// A strategy that asks for the size of its batches (RandomStrategy does) is told the bracket's;
/// batches of another size are halved from the same first rung. What stands alone is trained to
/// the end at once.
struct Hyperband {
  static constexpr bool needs_batches = true;

  /// How many candidates a bracket wishes for.
  enum class Sizes : std::uint8_t {
    formula,  ///< ceil((s_max + 1) / (s + 1) eta^s): 81, 34, 15, 8, 5 for most = 81, eta = 3
    table,    ///< floor((s_max + 1) / (s + 1)) eta^s: 81, 27, 9, 6, 5, as in the paper's Table 1
  };

  int most = 81;  ///< epochs, R in the paper; the last rung is the largest power of eta up to it
  int eta = 3;    ///< one in so many goes on from a rung
  Sizes sizes = Sizes::formula;  ///< of the brackets
  Rungs rungs = Rungs::resumed;  ///< whether a rung goes on from the one before

  struct State {
    int begun = -1;    ///< number of the batch that was proposed last
    int bracket = -1;  ///< of it, counted from 0: the one of most candidates
  };

  /// Of the next bracket.
  int batch_size(const State& state) const { return size((state.bracket + 1) % brackets()); }

  Task<Judgement> operator()(State& state, Proposal proposal, Train train) const {
    const int first = epochs(bracket_of(state, proposal.batch));
    const detail::Ladder ladder(first, most, eta, rungs);
    Judgement judgement = co_await detail::halve(train, ladder, proposal.batch.size);
    co_return judgement;
  }

  /// s_max + 1 in the paper.
  int brackets() const {
    detail::require_rungs(1, most, eta);
    int count = 1;
    for (int epochs = most; epochs >= eta; epochs /= eta) ++count;
    return count;
  }

  /// Of the first rung of a bracket; whole powers of eta, so that brackets share their schedule.
  int epochs(int bracket) const { return power(bracket); }

  /// Candidates of a bracket, whose s is counted down in the paper.
  int size(int bracket) const {
    const int s = brackets() - 1 - bracket;
    if (sizes == Sizes::table) return brackets() / (s + 1) * power(s);
    return (brackets() * power(s) + s) / (s + 1);
  }

  template <class Field>
  void options(Field&& field) const {
    field("most", most);
    field("eta", eta);
    field("sizes", sizes == Sizes::formula ? "formula" : "table");
    field("rungs", to_string(rungs));
  }

 private:
  int power(int exponent) const {
    int product = 1;
    for (int i = 0; i < exponent; ++i) product *= eta;
    return product;
  }

  int bracket_of(State& state, const Batch& batch) const {
    if (batch.number < 0) return brackets() - 1;
    if (batch.number != state.begun) {
      state.begun = batch.number;
      state.bracket = (state.bracket + 1) % brackets();
    }
    return state.bracket;
  }
};

static_assert(RankerPolicy<Hyperband>);

}  // namespace nascent
