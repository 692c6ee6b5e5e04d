#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "nascent/operation/network_description.hpp"

namespace nascent {

/// (raw / 255 - mean) / deviation, as three operations in single precision, tabulated per channel:
/// exactly what the usual Python pipeline computes.
class Normalizer {
 public:
  /// One mean and one deviation a channel; std::invalid_argument otherwise.
  Normalizer(std::span<const double> mean, std::span<const double> deviation) {
    if (mean.empty() || mean.size() != deviation.size())
      throw std::invalid_argument("a data set needs one mean and one deviation for each channel");
    for (std::size_t c = 0; c < mean.size(); ++c)
      tables_.push_back(tabulate(static_cast<float>(mean[c]), static_cast<float>(deviation[c])));
  }

  /// The normalised number of each byte, for one channel.
  const std::array<float, 256>& table(int channel) const {
    return tables_.at(static_cast<std::size_t>(channel));
  }

  /// Evaluation: normalise only. `out` has as many values as `raw`, [channels, height, width].
  void apply(std::span<const std::uint8_t> raw, Shape shape, std::span<float> out) const {
    const auto map = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    for (int c = 0; c < shape.channels; ++c) {
      const auto& values = table(c);
      const std::size_t begin = static_cast<std::size_t>(c) * map;
      std::ranges::transform(raw.subspan(begin, map), out.subspan(begin, map).begin(),
                             [&](std::uint8_t byte) { return values[byte]; });
    }
  }

 private:
  static std::array<float, 256> tabulate(float mean, float deviation) {
    std::array<float, 256> values{};
    for (std::size_t raw = 0; raw < values.size(); ++raw) {
      const float scaled = static_cast<float>(raw) / 255.0F;
      const float centred = scaled - mean;
      values[raw] = centred / deviation;
    }
    return values;
  }

  std::vector<std::array<float, 256>> tables_;
};

}  // namespace nascent
