#pragma once

#include <vector>

#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {

/// Callback: keeps every trial with its outcome, in order.
template <class Space>
struct History {
  struct Entry {
    Trial<typename Space::Architecture> trial;
    Outcome outcome;
  };
  std::vector<Entry> entries;

  void on_outcome(const Trial<typename Space::Architecture>& trial, const Outcome& outcome) {
    entries.push_back({trial, outcome});
  }
};

}  // namespace nascent
