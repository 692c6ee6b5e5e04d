#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/operation/network_description.hpp"

namespace nascent {

/// Labelled images of one shape, as bytes.
///
/// `pixels` is [images, channels, height, width]; `labels` holds one class, 0 .. classes-1, each.
struct ImageSet {
  Shape image;                       ///< of every image
  int classes = 0;                   ///< labels are 0 .. classes-1
  std::vector<std::uint8_t> pixels;  ///< [images, channels, height, width]
  std::vector<int> labels;           ///< the class of each image

  /// How many images there are.
  int size() const { return static_cast<int>(labels.size()); }

  /// Bytes of image `index`, [channels, height, width].
  std::span<const std::uint8_t> operator[](int index) const {
    const auto bytes = static_cast<std::size_t>(image.size());
    return std::span(pixels).subspan(static_cast<std::size_t>(index) * bytes, bytes);
  }

  /// The class of one image, counted from 0.
  int label(int index) const { return labels[static_cast<std::size_t>(index)]; }

  /// The images at `indices`, in that order.
  ImageSet subset(std::span<const int> indices) const {
    ImageSet chosen{image, classes, {}, {}};
    chosen.pixels.reserve(indices.size() * static_cast<std::size_t>(image.size()));
    chosen.labels.reserve(indices.size());
    for (const int index : indices) chosen.append((*this)[index], label(index));
    return chosen;
  }

  /// Adds an image, [channels, height, width], of a class.
  void append(std::span<const std::uint8_t> bytes, int its_label) {
    pixels.insert(pixels.end(), bytes.begin(), bytes.end());
    labels.push_back(its_label);
  }

  /// Identifies the content: every byte and label, in order.
  std::uint64_t checksum() const {
    const auto* bytes = reinterpret_cast<const char*>(pixels.data());
    std::uint64_t hash = stable_hash(std::string_view(bytes, pixels.size()));
    for (const int its_label : labels) hash = mix(hash ^ static_cast<std::uint64_t>(its_label));
    return hash;
  }

  friend bool operator==(const ImageSet&, const ImageSet&) = default;
};

}  // namespace nascent
