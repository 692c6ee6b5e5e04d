#pragma once

#include <limits>
#include <optional>

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Random search: candidates drawn by the space's own measure, the most accurate wins. The
/// baseline that every other strategy is to be compared with (Li & Talwalkar 2019).
struct RandomStrategy {
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("random strategy");
    std::optional<Judged<Space>> best;
    for (int i = 0; i < trials || !best; ++i) {
      Judged<Space> drawn = co_await judge(space.sample(random), Move::sample);
      if (!best || drawn.exceeds(*best)) {
        best = drawn;
        judge.incumbent(drawn);
      }
    }
    co_return *best;
  }

  template <class Field>
  void options(Field&& field) const {
    field("trials", trials);
  }
};

}  // namespace nascent
