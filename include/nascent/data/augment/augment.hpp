// From the bytes of an image to the numbers of a training batch, in steps that are policies.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nascent/data/augment/augmentation_policy.hpp"
#include "nascent/data/augment/cutout.hpp"
#include "nascent/data/augment/horizontal_flip.hpp"
#include "nascent/data/augment/image_view.hpp"
#include "nascent/data/augment/random_crop.hpp"
#include "nascent/data/normalizer.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Steps in their order, the image normalised after the last that works on bytes. The steps'
/// options are members: `augmentation.pad`. `Augment<>` only normalises.
///
/// Every step draws from one stream that depends on the seed, the epoch and the image alone.
template <class... Ops>
struct Augment : Ops... {
  static_assert((detail::explain_augmentation<Ops>() && ...));
  static_assert(!(AugmentationPolicy<Ops> && ...) || detail::bytes_before_floats<Ops...>(),
                "nascent: your Augment<...> needs its steps on bytes before those on normalised "
                "numbers, since the image is normalised between them - "
                "docs/concepts.md#augmentation");

  template <class Field>
  void options(Field&& field) const {
    [[maybe_unused]] const auto of = [&](const auto& op) {
      if constexpr (requires { op.options(field); }) op.options(field);
    };
    (of(static_cast<const Ops&>(*this)), ...);
  }

  void check() const {
    [[maybe_unused]] const auto of = [](const auto& op) {
      if constexpr (requires { op.check(); }) op.check();
    };
    (of(static_cast<const Ops&>(*this)), ...);
  }

  /// Tells the steps whether the data set allows mirrored images.
  void allow_mirroring(bool allowed) {
    [[maybe_unused]] const auto of = [&](auto& op) {
      if constexpr (requires { op.allow_mirroring(allowed); }) op.allow_mirroring(allowed);
    };
    (of(static_cast<Ops&>(*this)), ...);
  }

  /// Shape of a training image made from one of shape `raw`.
  Shape output(Shape raw) const {
    [[maybe_unused]] const auto of = [&](const auto& op) {
      if constexpr (requires { op.output(raw); }) raw = op.output(raw);
    };
    (of(static_cast<const Ops&>(*this)), ...);
    return raw;
  }

  /// Room for the images between two steps.
  struct Workspace {
    std::vector<std::uint8_t> bytes, next;  ///< an image of bytes
  };

  /// Writes the augmented image `raw` to `out`, [channels, height, width] as `output` says.
  void operator()(ImageView<const std::uint8_t> raw, const Normalizer& normalizer, Random& random,
                  std::span<float> out, Workspace& workspace) const {
    ImageView<const std::uint8_t> current = raw;
    (on_bytes(static_cast<const Ops&>(*this), current, random, workspace), ...);
    normalizer.apply(current.values, current.shape, out);
    [[maybe_unused]] const ImageView<float> floats{current.shape, out};
    (on_floats(static_cast<const Ops&>(*this), floats, random), ...);
  }

 private:
  template <class Op>
  static void on_bytes(const Op& op, ImageView<const std::uint8_t>& current, Random& random,
                       Workspace& workspace) {
    if constexpr (ReshapingAugmentation<Op>) {
      const ImageView<std::uint8_t> next = room(op.output(current.shape), workspace.next);
      op(current, next, random);
      workspace.bytes.swap(workspace.next);
      current = {next.shape, next.values};
    } else if constexpr (ByteAugmentation<Op>) {
      const ImageView<std::uint8_t> copy = room(current.shape, workspace.bytes);
      if (copy.values.data() != current.values.data())
        std::ranges::copy(current.values, copy.values.begin());
      op(copy, random);
      current = {copy.shape, copy.values};
    }
  }

  template <class Op>
  static void on_floats(const Op& op, ImageView<float> image, Random& random) {
    if constexpr (!ReshapingAugmentation<Op> && !ByteAugmentation<Op>) op(image, random);
  }

  static ImageView<std::uint8_t> room(Shape shape, std::vector<std::uint8_t>& memory) {
    const auto size = static_cast<std::size_t>(shape.size());
    if (memory.size() < size) memory.resize(size);
    return {shape, std::span(memory).first(size)};
  }
};

/// The stream of one image in one epoch; depends on neither the order of images nor on threads.
constexpr Random augmentation_stream(std::uint64_t seed, int epoch, int image) {
  const auto e = static_cast<std::uint64_t>(epoch), i = static_cast<std::uint64_t>(image);
  constexpr std::string_view kPurpose = "augmentation";  // measured here: no GPU has strlen
  return Random(mix(mix(seed + e) + i), kPurpose);
}

/// The paper's (4.1; the authors' scripts).
using PaperAugment = Augment<RandomCrop<32, 4>, HorizontalFlip, Cutout<16>>;

}  // namespace nascent
