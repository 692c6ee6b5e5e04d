// Augmentations that were recorded draw by draw, repeated.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nascent/data/augment/augment.hpp>
#include <nascent/data/normalizer.hpp>
#include <nascent/evaluator/fixture_json.hpp>
#include <span>
#include <string>
#include <vector>

#include "comparison.hpp"
#include "tensors.hpp"

/// Crop, flip, normalise and cutout of every case, from the same bytes and the same draws.
class AugmentationCheck {
 public:
  explicit AugmentationCheck(const std::filesystem::path& directory)
      : path_(directory / "aug.safetensors"),
        file_(read_tensors(path_)),
        params_(nascent::FixtureJson::read(directory / "params.json")),
        cases_(params_.objects("cases")),
        shape_(image_shape()),
        crop_{.pad = params_.count("pad", 0, kMost), .crop = params_.count("size", 1, kMost)},
        target_(crop_.output(shape_)),
        normalizer_(normalizer()) {
    if (cases_.empty()) params_.fail("has no cases");
    const std::int64_t cases = std::int64_t(cases_.size());
    require_shape(file_, path_, "eval", file_.at("raw").shape);
    for (const char* name : {"cropped", "out"})
      require_shape(file_, path_, name, {cases, target_.channels, target_.height, target_.width});
  }

  Comparison compare() const {
    Comparison comparison;
    compare_normalised(comparison);
    compare_cases(comparison);
    return comparison;
  }

 private:
  static constexpr int kMost = 4096;  // pixels of an extent, far above every recorded image

  nascent::Shape image_shape() const {
    const std::vector<std::int64_t>& raw = file_.at("raw").shape;
    const auto is_extent = [](std::int64_t extent) { return extent >= 1 && extent <= kMost; };
    if (raw.size() != 4 || !std::ranges::all_of(raw, is_extent))
      throw nascent::DataError(path_.string() +
                               ": the tensor 'raw' does not have the shape of images; restore it");
    return {int(raw[1]), int(raw[2]), int(raw[3])};
  }

  nascent::Normalizer normalizer() const {
    const std::vector<double> mean = params_.numbers("mean"), deviation = params_.numbers("std");
    const auto channels = std::size_t(shape_.channels);
    if (mean.size() != channels || deviation.size() != channels ||
        !std::ranges::all_of(deviation, [](double value) { return value > 0; }))
      params_.fail("does not have a mean and a std above 0 for each channel");
    return {mean, deviation};
  }

  void compare_normalised(Comparison& comparison) const {
    const auto raw = file_.values<std::uint8_t>("raw");
    const auto expected = file_.values<float>("eval");
    const auto size = std::size_t(shape_.size());
    std::vector<float> got(size);
    for (std::size_t begin = 0; begin < raw.size(); begin += size) {
      normalizer_.apply(std::span(raw).subspan(begin, size), shape_, got);
      for (std::size_t k = 0; k < size; ++k)
        comparison.within("normalised image", got[k], expected[begin + k], Comparison::kExact);
    }
  }

  void compare_cases(Comparison& comparison) const {
    const auto raw = file_.values<std::uint8_t>("raw");
    const auto cropped = file_.values<std::uint8_t>("cropped");
    const auto out = file_.values<float>("out");
    const int images = int(file_.at("raw").shape[0]);
    const auto from = std::size_t(shape_.size()), to = std::size_t(target_.size());
    std::vector<std::uint8_t> bytes(to);
    std::vector<float> got(to);
    std::size_t at = 0;
    for (const nascent::FixtureJson& c : cases_) {
      const auto image = std::size_t(c.count("image", 0, images - 1));
      const int lowest = shape_.height + 2 * crop_.pad - target_.height,
                rightmost = shape_.width + 2 * crop_.pad - target_.width;
      crop_.apply({shape_, std::span(raw).subspan(image * from, from)},
                  {c.count("crop_y", 0, lowest), c.count("crop_x", 0, rightmost)},
                  {target_, bytes});
      nascent::HorizontalFlip{}.apply({target_, bytes}, c.count("flip", 0, 1) != 0);
      for (std::size_t k = 0; k < to; ++k)
        comparison.count("cropped image", bytes[k], cropped[at + k], 0);
      normalizer_.apply(bytes, target_, got);
      const nascent::Cutout<> cutout{.cutout = c.count("cutout_length", 0, kMost)};
      cutout.apply({target_, got}, {c.count("cutout_y", 0, target_.height - 1),
                                    c.count("cutout_x", 0, target_.width - 1)});
      for (std::size_t k = 0; k < to; ++k)
        comparison.within("augmented image", got[k], out[at + k], Comparison::kExact);
      at += to;
    }
  }

  std::filesystem::path path_;
  nascent::Safetensors file_;
  nascent::FixtureJson params_;
  std::vector<nascent::FixtureJson> cases_;
  nascent::Shape shape_;
  nascent::RandomCrop<> crop_;
  nascent::Shape target_;
  nascent::Normalizer normalizer_;
};
