// The best so far, for strategies whose result it is.
#pragma once

#include <optional>
#include <utility>

#include "nascent/search/judge.hpp"

namespace nascent::detail {

/// The first of the most accurate candidates; the search is told of each new one.
template <class Space>
class Best {
 public:
  explicit Best(Judge<Space> judge) : judge_(judge) {}

  void note(const Judged<Space>& candidate) {
    if (best_ && !candidate.exceeds(*best_)) return;
    best_ = candidate;
    judge_.incumbent(candidate);
  }

  /// At least one candidate was noted.
  const Judged<Space>& get() const { return *best_; }

 private:
  Judge<Space> judge_;
  std::optional<Judged<Space>> best_;
};

}  // namespace nascent::detail
