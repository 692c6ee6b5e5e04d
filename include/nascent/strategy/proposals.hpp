// What a strategy has proposed, for strategies that propose nothing twice.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent::detail {

/// The architectures proposed so far, told apart by their text.
template <SpacePolicy Space>
class Proposals {
 public:
  using Architecture = typename Space::Architecture;

  /// Whether it is new; from now on it is not.
  bool add(const Architecture& architecture) {
    return texts_.insert(to_string(architecture)).second;
  }

  bool contains(const Architecture& architecture) const {
    return texts_.contains(to_string(architecture));
  }

  /// What `draw` gives, drawn again until it is new; nothing when there seems to be nothing new.
  /// `draw()` gives an architecture or, for what lies outside the space, nothing.
  template <class Draw>
  std::optional<Architecture> fresh(Draw draw) const {
    for (int i = 0; i < kDraws; ++i) {
      std::optional<Architecture> drawn = draw();
      if (drawn && !contains(*drawn)) return drawn;
    }
    return std::nullopt;
  }

  /// At most `size` of what `next()` gives, each proposed from then on; fewer once it gives
  /// nothing.
  template <class Next>
  std::vector<Architecture> group(int size, Next next) {
    std::vector<Architecture> chosen;
    while (std::ssize(chosen) < size) {
      std::optional<Architecture> one = next();
      if (!one) break;
      add(*one);
      chosen.push_back(*std::move(one));
    }
    return chosen;
  }

  /// A new architecture by the space's own measure; nothing when the space seems exhausted.
  std::optional<Architecture> fresh_sample(const Space& space, Random& random) const {
    return fresh([&] { return std::optional<Architecture>(space.sample(random)); });
  }

 private:
  static constexpr int kDraws = 1000;  // misses a last one in a hundred once in 2e4 times

  std::unordered_set<std::string> texts_;
};

}  // namespace nascent::detail
