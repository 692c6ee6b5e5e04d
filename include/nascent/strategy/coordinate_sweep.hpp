#pragma once

#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nascent/space/encoding.hpp"
#include "nascent/strategy/proposals.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Coordinate search: from a drawn start, each position of the encoding in order is given its other
/// values, ascending, and what is strictly better than the best so far is kept. On a table of
/// networks it is what the micro phase of Algorithm 1 does.
///
/// The values of one position are asked for at once: which they are does not depend on their
/// judgements. What was proposed before is not proposed again; it cannot be strictly better.
struct CoordinateSweep {
  static constexpr bool batches = true;

  int sweeps = 1;  ///< over all positions (paper, Algorithm 1: one)

  template <EncodedSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    if (sweeps < 1) throw std::invalid_argument("CoordinateSweep: sweeps must be at least 1");
    Random random = judge.random("coordinate sweep");
    const std::vector<int> choices = space.choices();
    detail::Proposals<Space> proposed;
    Judged<Space> best = co_await judge(space.sample(random), Move::sample);
    judge.incumbent(best);
    proposed.add(best.architecture);
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (std::size_t position = 0; position < choices.size(); ++position) {
        std::vector<typename Space::Architecture> others;
        std::vector<int> code = space.encode(best.architecture);
        for (code[position] = 0; code[position] < choices[position]; ++code[position]) {
          auto changed = detail::decoded(space, code);
          if (changed && proposed.add(*changed)) others.push_back(std::move(*changed));
        }
        const auto asked = judge.batch(std::move(others), Move::sample);
        for (const auto& ticket : asked) {
          Judged<Space> candidate = co_await ticket;
          if (!candidate.exceeds(best)) continue;
          best = candidate;
          judge.incumbent(best);
        }
      }
    co_return best;
  }

  template <class Space>
  static consteval bool explain() {
    return detail::explain_encoding<Space>();
  }

  template <class Field>
  void options(Field&& field) const {
    field("sweeps", sweeps);
  }
};

}  // namespace nascent
