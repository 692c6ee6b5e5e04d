#include "nascent/data/augment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <set>
#include <stdexcept>
#include <vector>

namespace nascent {
namespace {

using testing::Each;

constexpr Shape kGrey{1, 28, 28}, kColour{3, 32, 32};

const Normalizer& normalizer() {
  static const Normalizer three(std::vector{.25, .5, .75}, std::vector{.5, .25, .125});
  return three;
}

/// Bytes that differ from pixel to pixel and from channel to channel.
std::vector<std::uint8_t> gradient(Shape shape) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return bytes;
}

std::vector<float> augmented(Shape shape, const Augmentation& augmentation,
                             const AugmentationDraw& draw) {
  std::vector<float> out(static_cast<std::size_t>(augmentation.output(shape).size()), -99.0F);
  augment(gradient(shape), shape, augmentation, draw, normalizer(), out);
  return out;
}

/// What the paper's transform gives at one place, pixel by pixel.
float expected(Shape shape, const Augmentation& augmentation, const AugmentationDraw& draw, int c,
               int y, int x) {
  const Shape out = augmentation.output(shape);
  const int half = augmentation.cutout / 2;
  if (y >= draw.cutout_y - half && y < draw.cutout_y + half && x >= draw.cutout_x - half &&
      x < draw.cutout_x + half)
    return 0;
  const int row = draw.crop_y + y - augmentation.pad;
  const int column = draw.crop_x + (draw.flip ? out.width - 1 - x : x) - augmentation.pad;
  const bool inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
  const auto index = static_cast<std::size_t>((c * shape.height + row) * shape.width + column);
  const float raw = inside ? static_cast<float>(gradient(shape)[index]) : 0.0F;
  const float mean[] = {.25F, .5F, .75F}, deviation[] = {.5F, .25F, .125F};
  return (raw / 255.0F - mean[c]) / deviation[c];
}

void expect_exact(Shape shape, const Augmentation& augmentation, const AugmentationDraw& draw) {
  const std::vector<float> out = augmented(shape, augmentation, draw);
  const Shape size = augmentation.output(shape);
  std::size_t k = 0, wrong = 0;
  for (int c = 0; c < size.channels; ++c)
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x, ++k)
        wrong += out[k] != expected(shape, augmentation, draw, c, y, x);
  EXPECT_EQ(wrong, 0U);
}

TEST(Augment, IsPadCropFlipNormaliseAndCutOutToTheBit) {
  for (const Shape shape : {kGrey, kColour})
    for (int k = 0; k < 12; ++k) expect_exact(shape, {}, draw_augmentation({}, shape, 5, 1, k));
}

TEST(Augment, CutsOffTheCutoutAtTheBorder) {
  for (const int y : {0, 31})
    for (const int x : {0, 31})
      expect_exact(kColour, {}, {.crop_y = 4, .crop_x = 4, .cutout_y = y, .cutout_x = x});
}

TEST(Augment, LeavesEverythingInPlaceWithoutACutout) {
  expect_exact(kColour, {.cutout = 0}, {.crop_y = 8, .crop_x = 0, .flip = true});
}

TEST(Augment, PadsWithRawZeroAndCutsOutWithNormalisedZero) {
  const std::vector<float> out =
      augmented(kGrey, {}, {.crop_y = 0, .crop_x = 0, .cutout_y = 31, .cutout_x = 31});
  EXPECT_EQ(out.front(), -.25F / .5F);
  EXPECT_EQ(out.back(), 0.0F);
}

TEST(Augment, CropsTo32WhereThePadAllowsAndKeepsLargerImages) {
  const Augmentation paper;
  EXPECT_EQ(paper.output(kGrey), (Shape{1, 32, 32}));
  EXPECT_EQ(paper.output(kColour), kColour);
  EXPECT_EQ(paper.output({1, 16, 40}), (Shape{1, 24, 40}));
  EXPECT_EQ((Augmentation{.pad = 2, .crop = 28}).output(kGrey), kGrey);
}

TEST(Augment, DrawsEveryOffsetCentreAndSide) {
  for (const auto& [shape, offsets] : {std::pair{kGrey, 5U}, std::pair{kColour, 9U}}) {
    std::set<int> crop_y, crop_x, cutout_y, cutout_x;
    int flips = 0;
    for (int image = 0; image < 2000; ++image) {
      const AugmentationDraw draw = draw_augmentation({}, shape, 1, 0, image);
      crop_y.insert(draw.crop_y), crop_x.insert(draw.crop_x);
      cutout_y.insert(draw.cutout_y), cutout_x.insert(draw.cutout_x);
      flips += draw.flip;
    }
    EXPECT_EQ(crop_y.size(), offsets);
    EXPECT_EQ(crop_x.size(), offsets);
    EXPECT_EQ(cutout_y.size(), 32U);
    EXPECT_EQ(cutout_x.size(), 32U);
    EXPECT_NEAR(flips, 1000, 100);
    EXPECT_EQ(*crop_y.begin(), 0);
    EXPECT_EQ(*crop_y.rbegin(), static_cast<int>(offsets) - 1);
  }
}

TEST(Augment, DrawsByTheSeedTheEpochAndTheImage) {
  const auto drawn = [](std::uint64_t seed, int epoch, int image) {
    std::vector<int> numbers;
    for (int k = 0; k < 20; ++k) {
      const AugmentationDraw draw = draw_augmentation({}, kColour, seed, epoch, image + 100 * k);
      numbers.push_back(draw.cutout_y);
    }
    return numbers;
  };
  EXPECT_EQ(drawn(1, 2, 3), drawn(1, 2, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(2, 2, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(1, 3, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(1, 2, 4));
}

TEST(Augment, MirrorsNothingWhereFlipsAreOff) {
  for (int image = 0; image < 100; ++image)
    EXPECT_FALSE(draw_augmentation({.flip = false}, kGrey, 1, 0, image).flip);
}

TEST(Normalizer, TakesEachChannelByItsOwnMeanAndDeviation) {
  const Shape shape{3, 1, 2};
  const std::vector<std::uint8_t> bytes{0, 255, 0, 255, 0, 255};
  std::vector<float> out(6);
  normalizer().apply(bytes, shape, out);
  EXPECT_EQ(out, (std::vector{-.5F, 1.5F, -2.F, 2.F, -6.F, 2.F}));
}

TEST(Normalizer, RefusesMeansWithoutDeviations) {
  EXPECT_THROW(Normalizer(std::vector{.1}, std::vector<double>{}), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
