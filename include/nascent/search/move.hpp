#pragma once

#include <cstdint>
#include <string_view>

namespace nascent {

/// What a strategy changed to arrive at a candidate; rankers turn it into epochs.
enum class Move : std::uint8_t {
  start,      ///< the first candidate
  deeper,     ///< one layer more than the candidate before
  narrower,   ///< one width step less than the candidate before
  baseline,   ///< a network trained again under another budget
  operation,  ///< another operation in one layer, size kept
  kernel,     ///< another kernel in one layer, size kept
  sample,     ///< drawn, or unrelated to the candidate before
  morph,      ///< grown from another candidate, whose weights it inherits
  protocol    ///< another training recipe, the network kept
};

/// How many kinds of move there are.
inline constexpr int kMoves = 9;

/// The stage of the search that the move belongs to, in the words of the published logs.
constexpr std::string_view stage_of(Move move) {
  switch (move) {
    case Move::start:
    case Move::deeper:
      return "grow";
    case Move::narrower:
      return "prune";
    case Move::baseline:
      return "baseline";
    case Move::operation:
      return "replace";
    case Move::kernel:
      return "update";
    case Move::sample:
      return "sample";
    case Move::morph:
      return "morph";
    case Move::protocol:
      return "protocol";
  }
  return "unknown";
}

}  // namespace nascent
