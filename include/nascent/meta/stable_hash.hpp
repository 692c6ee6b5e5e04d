// A hash that is the same on every machine and in every version: seeds and protocol ids rest on it.
#pragma once

#include <cstdint>
#include <string_view>

namespace nascent {

/// FNV-1a, 64 bits. `seed` continues an earlier hash.
constexpr std::uint64_t stable_hash(std::string_view text,
                                    std::uint64_t seed = 0xcbf29ce484222325ULL) noexcept {
  for (const char c : text) {
    seed ^= static_cast<unsigned char>(c);
    seed *= 0x100000001b3ULL;
  }
  return seed;
}

/// SplitMix64's finaliser (Steele, Lea & Flood 2014): spreads every bit of `x` over the word.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace nascent
