// A chain of searched layers, as a value.
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/meta/stable_hash.hpp"

namespace nascent {

/// What is chosen for one searched layer.
struct LayerChoice {
  char operation = 's';     ///< the letter of an OperationPolicy
  std::uint8_t kernel = 3;  ///< side of its window, odd

  friend constexpr auto operator<=>(const LayerChoice&, const LayerChoice&) = default;
};

/// A network of the paper: depth is the number of layers, width the channels of the first stage.
/// Bounds belong to a search, not to an architecture.
struct Architecture {
  /// Of depth and of width: keeps multiply-adds within 64 bits, up to images of 300x300.
  static constexpr int kMost = 10'000;

  int width = 0;                    ///< channels of the first stage
  std::vector<LayerChoice> layers;  ///< operation and kernel of each, first to last

  Architecture() = default;
  /// With these layers.
  Architecture(int first_stage_channels, std::vector<LayerChoice> choices)
      : width(first_stage_channels), layers(std::move(choices)) {}
  /// With `depth` equal layers.
  Architecture(int depth, int first_stage_channels, LayerChoice everywhere = {})
      : width(first_stage_channels), layers(static_cast<std::size_t>(depth), everywhere) {}

  /// How many layers are searched.
  int depth() const { return static_cast<int>(layers.size()); }

  friend auto operator<=>(const Architecture&, const Architecture&) = default;
};

/// The operations' letters, one a layer.
inline std::string operations_of(const Architecture& architecture) {
  std::string text;
  for (const LayerChoice& layer : architecture.layers) text += layer.operation;
  return text;
}

/// The kernels' digits, one a layer.
inline std::string kernels_of(const Architecture& architecture) {
  std::string text;
  for (const LayerChoice& layer : architecture.layers)
    text += static_cast<char>('0' + layer.kernel);
  return text;
}

/// `d4 w16 ops=sscs kernels=3353`; parse_architecture reads it back.
inline std::string to_string(const Architecture& architecture) {
  std::string text;  // every trial is named at least once, so this is worth one allocation
  text.reserve(40 + 2 * architecture.layers.size());
  text += 'd';
  text += std::to_string(architecture.depth());
  text += " w";
  text += std::to_string(architecture.width);
  text += " ops=";
  for (const LayerChoice& layer : architecture.layers) text += layer.operation;
  text += " kernels=";
  for (const LayerChoice& layer : architecture.layers)
    text += static_cast<char>('0' + layer.kernel);
  return text;
}

/// As to_string says it.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                             const Architecture& architecture) {
  return out << to_string(architecture);
}

namespace detail {

[[noreturn]] inline void refuse_text(std::string_view text, std::size_t at, std::string reason) {
  throw std::invalid_argument("architecture '" + std::string(text) + "', position " +
                              std::to_string(at + 1) + ": " + std::move(reason) +
                              "; the form is 'd4 w16 ops=sscs kernels=3353'");
}

inline int parse_count(std::string_view text, std::size_t at, std::string_view digits,
                       std::string_view what, int least) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < least ||
      value > Architecture::kMost)
    refuse_text(text, at,
                std::string(what) + " must be a whole number from " + std::to_string(least) +
                    " to " + std::to_string(Architecture::kMost));
  return value;
}

}  // namespace detail

/// Reads the form of `to_string`: depth >= 3 (the two reductions need three stages), width >= 1,
/// one letter and one odd digit for each layer. Whether a space knows the letter is the space's
/// affair (`ChainSpace::require`).
/// Throws std::invalid_argument with the position of what is wrong.
inline Architecture parse_architecture(std::string_view text) {
  constexpr std::string_view kKeys[] = {"d", "w", "ops=", "kernels="};
  std::string_view values[4];
  std::size_t at_of[4] = {};
  std::size_t at = 0;
  for (int field = 0; field < 4; ++field) {
    const std::string_view key = kKeys[field];
    while (at < text.size() && text[at] == ' ') ++at;
    if (text.substr(at, key.size()) != key)
      detail::refuse_text(text, at, "expected '" + std::string(key) + "...'");
    at += key.size();
    const std::size_t end = (std::min)(text.find(' ', at), text.size());
    values[field] = text.substr(at, end - at);
    at_of[field] = at;
    at = end;
  }
  while (at < text.size() && text[at] == ' ') ++at;
  if (at != text.size()) detail::refuse_text(text, at, "nothing may follow the kernels");

  const int depth = detail::parse_count(text, at_of[0], values[0], "the depth", 3);
  Architecture architecture;
  architecture.width = detail::parse_count(text, at_of[1], values[1], "the width", 1);
  const std::string_view operations = values[2], kernels = values[3];
  const auto layers = static_cast<std::size_t>(depth);
  if (operations.size() != layers)
    detail::refuse_text(
        text, at_of[2],
        std::to_string(operations.size()) + " operations for a depth of " + std::to_string(depth));
  if (kernels.size() != layers)
    detail::refuse_text(
        text, at_of[3],
        std::to_string(kernels.size()) + " kernels for a depth of " + std::to_string(depth));
  for (std::size_t i = 0; i < layers; ++i) {
    const int kernel = kernels[i] - '0';
    if (kernel < 1 || kernel > 9 || kernel % 2 == 0)
      detail::refuse_text(text, at_of[3] + i, "a kernel is an odd digit");
    architecture.layers.push_back({operations[i], static_cast<std::uint8_t>(kernel)});
  }
  return architecture;
}

}  // namespace nascent

template <>
struct std::hash<nascent::Architecture> {
  std::size_t operator()(const nascent::Architecture& architecture) const {
    return static_cast<std::size_t>(nascent::stable_hash(nascent::to_string(architecture)));
  }
};
