#pragma once

#include <vector>

#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {

/// Callback: keeps every trial with its outcome, in order.
template <class Space>
struct History {
  /// A trial and what it gave.
  struct Entry {
    Trial<typename Space::Architecture> trial;  ///< as it was asked for
    Outcome outcome;                            ///< as it was delivered
  };
  std::vector<Entry> entries;  ///< in the order of their delivery

  void on_outcome(const Trial<typename Space::Architecture>& trial, const Outcome& outcome) {
    entries.push_back({trial, outcome});
  }
};

}  // namespace nascent
