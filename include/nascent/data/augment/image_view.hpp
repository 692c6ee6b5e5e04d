#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// One image in memory that belongs to somebody else: bytes as they were read, or floats once they
/// are normalised. `values` is [channels, height, width].
template <class Value>
struct ImageView {
  Shape shape;              ///< of the image
  std::span<Value> values;  ///< all of them, row by row, channel by channel

  /// The `shape.width` values of one row.
  std::span<Value> row(int channel, int y) const {
    const auto width = static_cast<std::size_t>(shape.width);
    return values.subspan(static_cast<std::size_t>(channel * shape.height + y) * width, width);
  }
};

}  // namespace nascent
