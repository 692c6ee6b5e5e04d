// A search that you drive yourself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/search/search.hpp"

namespace nascent {

/// Ask and tell: for those whose evaluator is a cluster, a robot or a person.
///
///     Session session(Search<RandomStrategy, FixedEpochRanker, SepConvSpace>{});
///     while (auto trial = session.ask()) session.tell(trial->number, measure(*trial));
///
/// Several trials may be out at once, and outcomes may come in any order; the search sees them in
/// the order of their numbers, so its course does not depend on it.
template <class Strategy, class Ranker, class Space>
class Session {
 public:
  using Architecture = typename Space::Architecture;

  /// Begins the search, of which it has a copy.
  explicit Session(const Search<Strategy, Ranker, Space>& search, std::uint64_t seed = 1)
      : trajectory_(search.strategy, search.ranker, search.space, seed) {
    trajectory_.start();
  }

  /// The next trial to be evaluated; nothing when the search has finished, or has to be told an
  /// outcome first.
  std::optional<Trial<Architecture>> ask() {
    if (finished()) return std::nullopt;
    for (const Trial<Architecture>& trial : trajectory_.asked())
      if (trial.number == next_) {
        ++next_;
        return trial;
      }
    return std::nullopt;
  }

  /// Brings the outcome of the trial with this number. std::invalid_argument when it was not asked
  /// for or has one already.
  void tell(int number, Outcome outcome) {
    if (number < delivered_ || number >= next_ || waiting_.contains(number))
      throw std::invalid_argument("trial " + std::to_string(number) +
                                  " was not asked for, or has been told already");
    waiting_.emplace(number, std::move(outcome));
    for (auto first = waiting_.begin();
         !finished() && first != waiting_.end() && first->first == delivered_;
         first = waiting_.erase(first), ++delivered_)
      trajectory_.tell(std::move(first->second));
  }

  /// Whether the strategy has come to its end.
  bool finished() const { return trajectory_.finished(); }

  /// The result, or the best so far; nothing before the first judgement.
  std::optional<Judged<Space>> best() { return trajectory_.best(); }

 private:
  detail::Trajectory<Strategy, Ranker, Space> trajectory_;
  std::map<int, Outcome> waiting_;
  int next_ = 0, delivered_ = 0;
};

}  // namespace nascent
