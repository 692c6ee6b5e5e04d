// What a data set must offer, and how any of them is parted for a search.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/hold_out.hpp"
#include "nascent/data/image_set.hpp"

namespace nascent {
namespace requirement {

template <class D>
concept dataset_has_name = requires(const D& data) {
  { data.name } -> std::convertible_to<std::string>;
};

template <class D>
concept dataset_has_images = requires(const D& data) {
  { data.train } -> std::convertible_to<const ImageSet&>;
  { data.test } -> std::convertible_to<const ImageSet&>;
};

template <class D>
concept dataset_has_statistics = requires(const D& data) {
  { data.mean } -> std::convertible_to<std::vector<double>>;
  { data.deviation } -> std::convertible_to<std::vector<double>>;
};

template <class D>
concept dataset_says_flip = requires(const D& data) {
  { data.flip } -> std::convertible_to<bool>;
};

}  // namespace requirement

/// A data set gives labelled images to train on and to test on, and how they are normalised.
///
/// Minimal complete definition: `std::string name`, `ImageSet train, test` (one shape, the same
/// classes), `std::vector<double> mean, deviation` (one a channel, of raw / 255) and `bool flip`
/// (a mirrored image keeps its class). `hold_out` then parts it.
/// Models: Dataset. See docs/concepts.md#data-set.
template <class D>
concept DatasetPolicy = requirement::dataset_has_name<D> && requirement::dataset_has_images<D> &&
    requirement::dataset_has_statistics<D> && requirement::dataset_says_flip<D>;

namespace detail {

template <class D>
consteval bool explain_dataset() {
  static_assert(requirement::dataset_has_name<D>,
                "nascent: your data set needs `std::string name` - docs/concepts.md#data-set");
  static_assert(requirement::dataset_has_images<D>,
                "nascent: your data set needs `ImageSet train, test` - docs/concepts.md#data-set");
  static_assert(requirement::dataset_has_statistics<D>,
                "nascent: your data set needs `std::vector<double> mean, deviation`, one a channel "
                "- docs/concepts.md#data-set");
  static_assert(requirement::dataset_says_flip<D>,
                "nascent: your data set needs `bool flip`, whether a mirrored image keeps its "
                "class - docs/concepts.md#data-set");
  return true;
}

/// std::invalid_argument where the parts of a data set do not fit together.
inline void check_images(const std::string& name, const char* part, const ImageSet& images) {
  const std::string who = "the " + std::string(part) + " images of '" + name + "' ";
  const auto bytes = static_cast<std::size_t>(images.image.size());
  if (images.pixels.size() != images.labels.size() * bytes)
    throw std::invalid_argument(who + "have " + std::to_string(images.pixels.size()) +
                                " bytes of pixels for " + std::to_string(images.size()) +
                                " labels; give each label " + std::to_string(bytes) + " bytes");
  for (const int label : images.labels)
    if (label < 0 || label >= images.classes)
      throw std::invalid_argument(who + "have a label " + std::to_string(label) + " outside 0 .. " +
                                  std::to_string(images.classes - 1) +
                                  "; correct the label or `classes`");
}

inline void check_statistics(const std::string& name, const ImageSet& train, const ImageSet& test,
                             const std::vector<double>& mean,
                             const std::vector<double>& deviation) {
  if (test.size() > 0 && (test.image != train.image || test.classes != train.classes))
    throw std::invalid_argument("the test images of '" + name +
                                "' have another shape or number of classes than its training "
                                "images; give both the same");
  const auto channels = static_cast<std::size_t>(train.image.channels);
  if (mean.size() != channels || deviation.size() != channels ||
      std::ranges::any_of(deviation, [](double value) { return !(value > 0); }))
    throw std::invalid_argument("'" + name + "' needs a mean and a deviation above 0 for each of " +
                                std::to_string(channels) + " channels");
}

}  // namespace detail

/// Parts the training images, classes in proportion, and seals the test images.
/// std::invalid_argument where there are too few images, or parts do not fit together.
template <DatasetPolicy Data>
HoldOut hold_out(const Data& data, const HoldOutOptions& options) {
  const ImageSet &train = data.train, &test = data.test;
  detail::check_images(data.name, "training", train);
  detail::check_images(data.name, "test", test);
  detail::check_statistics(data.name, train, test, data.mean, data.deviation);
  auto [kept, held] = part_images(train, options);
  return {data.name,
          std::move(kept),
          std::move(held),
          SealedImages(test),
          data.mean,
          data.deviation,
          static_cast<bool>(data.flip)};
}

/// Chosen when a data set lacks something, and says what.
template <class Data>
requires(!DatasetPolicy<Data>) HoldOut hold_out(const Data&, const HoldOutOptions&) {
  static_assert(detail::explain_dataset<Data>());
  throw std::logic_error("a data set that lacks something was compiled");
}

/// Holds out this share of the training images.
template <class Data>
HoldOut hold_out(const Data& data, double share) {
  return hold_out(data, HoldOutOptions{.share = share});
}

}  // namespace nascent
