// Candidates that are judged together: who waits for whom.
#pragma once

#include <cstddef>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "nascent/search/train.hpp"

namespace nascent::detail {

/// The batches of one search, and of each those of its candidates that wait for the others.
class Batches {
 public:
  /// A candidate whose ranker waits for its standing.
  struct Arrival {
    std::size_t judging, ticket;
    int index;  ///< within the batch
    Judgement sofar;
    Standing standing{};
  };

  Batch open(int size) {
    groups_.push_back({size, {}});
    return {static_cast<int>(groups_.size()) - 1, size, 0};
  }

  void arrive(const Batch& batch, Arrival arrival) {
    auto& waiting = at(batch).waiting;
    auto place = waiting.end();
    while (place != waiting.begin() && arrival.index < std::prev(place)->index) --place;
    waiting.insert(place, std::move(arrival));
    touched_.push_back(batch.number);
  }

  /// A candidate of the batch has been judged, or never will be.
  void leave(const Batch& batch) {
    --at(batch).trained;
    touched_.push_back(batch.number);
  }

  /// All of the next batch of which everybody who is still trained waits, in the order of their
  /// proposal, with their standings; nobody when there is no such batch.
  std::vector<Arrival> take_met() {
    for (; !touched_.empty(); touched_.pop_front()) {
      Group& group = groups_[static_cast<std::size_t>(touched_.front())];
      if (group.waiting.empty() || static_cast<int>(group.waiting.size()) != group.trained)
        continue;
      return ranked(std::exchange(group.waiting, {}));
    }
    return {};
  }

 private:
  struct Group {
    int trained;                   ///< candidates that are not judged yet
    std::vector<Arrival> waiting;  // in the order of their proposal
  };

  Group& at(const Batch& batch) { return groups_[static_cast<std::size_t>(batch.number)]; }

  /// Whether `one` stands before `other`; of equal ones the earlier proposed does.
  static bool stands_before(const Arrival& one, const Arrival& other) {
    const Judgement &a = one.sofar, &b = other.sofar;
    if (a.failed != b.failed) return b.failed;
    if (!a.failed && a.accuracy.more_than(b.accuracy)) return true;
    if (!a.failed && b.accuracy.more_than(a.accuracy)) return false;
    return one.index < other.index;
  }

  // Counted: to instantiate a sort would be a tenth of what core.hpp costs to include.
  static std::vector<Arrival> ranked(std::vector<Arrival> met) {
    for (Arrival& mine : met) {
      mine.standing = {0, static_cast<int>(met.size())};
      for (const Arrival& other : met) mine.standing.rank += stands_before(other, mine);
    }
    return met;
  }

  std::vector<Group> groups_;
  std::deque<int> touched_;  // batches in which something changed
};

}  // namespace nascent::detail
