// The steps that vary faces: RandomAffine and BrightnessContrast.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nascent/data/augment/brightness_contrast.hpp"
#include "nascent/data/augment/random_affine.hpp"

namespace nascent {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes mapped(Bytes bytes, Shape shape, const RandomAffine::Draw& map) {
  RandomAffine{}.apply({shape, bytes}, map);
  return bytes;
}

TEST(RandomAffine, LeavesAnImageWhereNothingMoves) {
  const Bytes image{1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(mapped(image, {1, 3, 3}, {}), image);
}

TEST(RandomAffine, ShiftsEveryChannelAndRepeatsTheBorder) {
  const Bytes image{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};  // two channels of 2x3
  EXPECT_EQ(mapped(image, {2, 2, 3}, {.x = 1}), (Bytes{1, 1, 2, 4, 4, 5, 10, 10, 20, 40, 40, 50}));
  EXPECT_EQ(mapped(image, {2, 2, 3}, {.y = -1}), (Bytes{4, 5, 6, 4, 5, 6, 40, 50, 60, 40, 50, 60}));
}

TEST(RandomAffine, TurnsAboutTheCentre) {
  const Bytes image{1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(mapped(image, {1, 3, 3}, {.cosine = 0, .sine = 1}), (Bytes{7, 4, 1, 8, 5, 2, 9, 6, 3}));
}

TEST(RandomAffine, InterpolatesBetweenPixels) {
  EXPECT_EQ(mapped({0, 100, 200}, {1, 1, 3}, {.x = .5}), (Bytes{0, 50, 150}));
  EXPECT_EQ(mapped({0, 100, 200}, {1, 1, 3}, {.cosine = .5}), (Bytes{50, 100, 150}));
}

TEST(RandomAffine, DrawsWithinItsBounds) {
  const RandomAffine affine{.shift = .25, .scale = .1, .angle = .2};
  Random random(1);
  double least = 0, most = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto map = affine.draw({1, 8, 16}, random);
    EXPECT_LE(std::abs(map.y), 2);
    least = std::min(least, map.x);
    most = std::max(most, map.x);
    const double over_scale = std::hypot(map.cosine, map.sine);
    EXPECT_GE(1 / over_scale, .9 - 1e-12);
    EXPECT_LE(1 / over_scale, 1.1 + 1e-12);
    EXPECT_LE(std::abs(std::atan2(map.sine, map.cosine)), .2 + 1e-12);
  }
  EXPECT_LT(least, -3.9);
  EXPECT_GT(most, 3.9);
  EXPECT_LE(std::max(-least, most), 4);
}

TEST(RandomAffine, RefusesWhatIsNoMap) {
  EXPECT_THROW(RandomAffine{.scale = 1}.check(), std::invalid_argument);
  EXPECT_THROW(RandomAffine{.shift = -.1}.check(), std::invalid_argument);
  RandomAffine{}.check();
}

TEST(BrightnessContrast, MultipliesFromMidGreyAddsAndStaysWithinBytes) {
  Bytes image{0, 100, 127, 155, 250};
  BrightnessContrast{}.apply({{1, 1, 5}, image}, {.factor = 1.2, .more = 10});
  EXPECT_EQ(image, (Bytes{0, 105, 137, 171, 255}));
}

TEST(BrightnessContrast, ChangesNothingWithoutVariation) {
  Bytes image{0, 17, 128, 255};
  const Bytes before = image;
  Random random(3);
  BrightnessContrast{.brightness = 0, .contrast = 0}({{1, 2, 2}, image}, random);
  EXPECT_EQ(image, before);
  EXPECT_THROW(BrightnessContrast{.contrast = 1}.check(), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
