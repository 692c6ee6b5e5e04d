// States of trainings that have ended, in memory.
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "nascent/data/safetensors.hpp"

namespace nascent {

/// Keeps what was used last, up to a number of bytes; any thread may use it.
class RecentStates {
 public:
  /// A state, shared with whoever uses it.
  using Kept = std::shared_ptr<const Safetensors>;

  /// Keeps up to so many bytes.
  explicit RecentStates(std::size_t most_bytes) : most_(most_bytes) {}

  /// What was kept under that name, unless it is gone.
  Kept find(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(name);
    if (found == places_.end()) return nullptr;
    states_.splice(states_.begin(), states_, found->second);
    return found->second->state;
  }

  /// In place of what was kept under that name.
  void keep(const std::string& name, Safetensors state) {
    std::size_t bytes = 0;
    for (const auto& [tensor_name, tensor] : state.tensors()) bytes += tensor.bytes.size();
    if (bytes > most_) return;
    auto kept = std::make_shared<const Safetensors>(std::move(state));
    const std::scoped_lock lock(mutex_);
    if (const auto found = places_.find(name); found != places_.end()) forget(found->second);
    states_.push_front({name, std::move(kept), bytes});
    places_[name] = states_.begin();
    bytes_ += bytes;
    while (bytes_ > most_) forget(std::prev(states_.end()));
  }

 private:
  struct Entry {
    std::string name;
    Kept state;
    std::size_t bytes;
  };
  using Place = std::list<Entry>::iterator;

  void forget(Place place) {
    bytes_ -= place->bytes;
    places_.erase(place->name);
    states_.erase(place);
  }

  std::size_t most_, bytes_ = 0;
  std::list<Entry> states_;  // the one used last first
  std::map<std::string, Place> places_;
  std::mutex mutex_;
};

}  // namespace nascent
