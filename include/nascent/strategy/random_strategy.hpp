#pragma once

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "nascent/space/space_policy.hpp"
#include "nascent/strategy/best.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Random search: candidates drawn by the space's own measure, the most accurate wins. The
/// baseline that every other strategy is to be compared with (Li & Talwalkar 2019).
struct RandomStrategy {
  static constexpr bool batches = true;

  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget
  int batch = 0;  ///< candidates asked for at once; 0: as many as the ranker wishes, else one

  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("random strategy");
    detail::Best<Space> best(judge);
    for (int left = (std::max)(1, trials); left > 0;) {
      const int size = (std::min)(left, batch > 0 ? batch : judge.batch_size(1));
      left -= size;
      std::vector<typename Space::Architecture> drawn;
      for (int i = 0; i < size; ++i) drawn.push_back(space.sample(random));
      for (const auto& ticket : judge.batch(std::move(drawn), Move::sample)) {
        Judged<Space> judged = co_await ticket;
        best.note(judged);
      }
    }
    co_return best.get();
  }

  template <class Field>
  void options(Field&& field) const {
    field("trials", trials);
    field("batch", batch);
  }
};

}  // namespace nascent
