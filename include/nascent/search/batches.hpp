// Candidates that are judged together: who waits for whom.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
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
    at(batch).waiting.push_back(std::move(arrival));
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
    int trained;  ///< candidates that are not judged yet
    std::vector<Arrival> waiting;
  };

  Group& at(const Batch& batch) { return groups_[static_cast<std::size_t>(batch.number)]; }

  static std::vector<Arrival> ranked(std::vector<Arrival> met) {
    std::ranges::sort(met, {}, &Arrival::index);
    std::vector<Arrival*> best_first;
    for (Arrival& arrival : met) best_first.push_back(&arrival);
    std::ranges::stable_sort(best_first, [](const Arrival* one, const Arrival* other) {
      const Judgement &a = one->sofar, &b = other->sofar;
      return a.failed || b.failed ? b.failed && !a.failed : a.accuracy.more_than(b.accuracy);
    });
    for (std::size_t rank = 0; rank < best_first.size(); ++rank)
      best_first[rank]->standing = {static_cast<int>(rank), static_cast<int>(met.size())};
    return met;
  }

  std::vector<Group> groups_;
  std::deque<int> touched_;  // batches in which something changed
};

}  // namespace nascent::detail
