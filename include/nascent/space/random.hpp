// The random numbers of a search: small, exact on every platform, cheap to include.
#pragma once

#include <cstdint>
#include <string_view>

#include "nascent/meta/stable_hash.hpp"

namespace nascent {

/// SplitMix64 (Steele, Lea & Flood 2014). Standard distributions differ between libraries, so the
/// few that a search needs are members here. Models std::uniform_random_bit_generator.
class Random {
 public:
  /// As std::uniform_random_bit_generator asks.
  using result_type = std::uint64_t;

  /// Equal seeds give equal numbers on every machine.
  constexpr explicit Random(std::uint64_t seed) noexcept : state_(mix(seed)) {}

  /// An independent stream: the same `seed` and `purpose` give the same numbers for ever.
  constexpr Random(std::uint64_t seed, std::string_view purpose) noexcept
      : Random(stable_hash(purpose, mix(seed))) {}

  /// Smallest number of operator().
  static constexpr result_type min() noexcept { return 0; }
  /// Largest number of operator().
  static constexpr result_type max() noexcept { return ~result_type{0}; }

  /// The next 64 bits.
  constexpr result_type operator()() noexcept { return mix(state_ += 0x9e3779b97f4a7c15ULL); }

  /// Uniform over 0 .. count-1, without bias (values beyond the last whole multiple are redrawn).
  constexpr int below(int count) noexcept {
    const auto n = static_cast<std::uint64_t>(count);
    std::uint64_t x = (*this)();
    // The first comparison spares nearly every draw the division of the second.
    while (x > max() - n && x >= max() - max() % n) x = (*this)();
    return static_cast<int>(x % n);
  }

  /// Uniform in [0, 1), 53 bits.
  constexpr double unit() noexcept { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace nascent
