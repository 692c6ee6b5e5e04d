// What a step of an augmentation must offer.
#pragma once

#include <concepts>
#include <cstdint>

#include "nascent/data/augment/image_view.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace requirement {

template <class Op>
concept augmentation_changes_shape = requires(const Op& op, Shape shape) {
  { op.output(shape) } -> std::same_as<Shape>;
};

template <class Op>
concept augmentation_writes_new_image =
    std::invocable<const Op&, ImageView<const std::uint8_t>, ImageView<std::uint8_t>, Random&>;

}  // namespace requirement

/// Changes the bytes of an image and its shape: `Shape output(Shape)` and a call with the image,
/// the new image and a `Random`.
template <class Op>
concept ReshapingAugmentation =
    requirement::augmentation_changes_shape<Op> && requirement::augmentation_writes_new_image<Op>;

/// Changes the bytes of an image where they are.
template <class Op>
concept ByteAugmentation = std::invocable<const Op&, ImageView<std::uint8_t>, Random&>;

/// Changes the normalised numbers of an image where they are.
template <class Op>
concept FloatAugmentation = std::invocable<const Op&, ImageView<float>, Random&>;

/// A step of `Augment<...>`.
///
/// Minimal complete definition: one of the three forms above.
/// Optional: `void options(auto&& field) const`, `void check() const`, `void
/// allow_mirroring(bool)`. Models: RandomCrop, HorizontalFlip, Cutout. See
/// docs/concepts.md#augmentation.
template <class Op>
concept AugmentationPolicy =
    ReshapingAugmentation<Op> || ByteAugmentation<Op> || FloatAugmentation<Op>;

namespace detail {

template <class Op>
consteval bool explain_augmentation() {
  if constexpr (requirement::augmentation_changes_shape<Op>)
    static_assert(requirement::augmentation_writes_new_image<Op>,
                  "nascent: your augmentation step has an `output` and so needs `void "
                  "operator()(ImageView<const std::uint8_t> in, ImageView<std::uint8_t> out, "
                  "Random& random) const` - docs/concepts.md#augmentation");
  else
    static_assert(AugmentationPolicy<Op>,
                  "nascent: your augmentation step needs `void operator()(ImageView<std::uint8_t> "
                  "image, Random& random) const`, or one of the other two forms - "
                  "docs/concepts.md#augmentation");
  return true;
}

template <class... Ops>
consteval bool bytes_before_floats() {
  bool floats = false, sorted = true;
  [[maybe_unused]] const auto look = [&](bool of_bytes) {
    if (of_bytes && floats) sorted = false;
    floats = floats || !of_bytes;
  };
  (look(ReshapingAugmentation<Ops> || ByteAugmentation<Ops>), ...);
  return sorted;
}

}  // namespace detail
}  // namespace nascent
