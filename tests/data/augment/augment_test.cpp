#include "nascent/data/augment/augment.hpp"

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

/// The random choices of the paper's transform for one image.
struct Draw {
  int crop_y = 0, crop_x = 0;
  bool flip = false;
  int cutout_y = 0, cutout_x = 0;
};

/// In the order of the steps, from the image's stream.
Draw draw(const PaperAugment& augmentation, Shape shape, std::uint64_t seed, int epoch, int image) {
  Random random = augmentation_stream(seed, epoch, image);
  const RandomCrop<32, 4>& crop = augmentation;
  const HorizontalFlip& flip = augmentation;
  const Cutout<16>& cutout = augmentation;
  const auto corner = crop.draw(shape, random);
  const bool mirror = flip.draw(random);
  const auto centre = cutout.draw(crop.output(shape), random);
  return {corner.y, corner.x, mirror, centre.y, centre.x};
}

/// The steps one after another, with these choices.
std::vector<float> augmented(Shape shape, const PaperAugment& augmentation, const Draw& draw) {
  const std::vector<std::uint8_t> raw = gradient(shape);
  const Shape target = augmentation.output(shape);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(target.size()), 77);
  std::vector<float> out(bytes.size(), -99.0F);
  const RandomCrop<32, 4>& crop = augmentation;
  const Cutout<16>& cutout = augmentation;
  crop.apply({shape, raw}, {draw.crop_y, draw.crop_x}, {target, bytes});
  HorizontalFlip{}.apply({target, bytes}, draw.flip);
  normalizer().apply(bytes, target, out);
  cutout.apply({target, out}, {draw.cutout_y, draw.cutout_x});
  return out;
}

/// What the paper's transform gives at one place, pixel by pixel.
float expected(Shape shape, const PaperAugment& augmentation, const Draw& draw, int c, int y,
               int x) {
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

void expect_exact(Shape shape, const PaperAugment& augmentation, const Draw& draw) {
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
    for (int k = 0; k < 12; ++k) expect_exact(shape, {}, draw({}, shape, 5, 1, k));
}

TEST(Augment, GoesThroughItsStepsInOrderWithOneStream) {
  const PaperAugment augmentation;
  PaperAugment::Workspace workspace;
  for (const Shape shape : {kGrey, kColour})
    for (int k = 0; k < 12; ++k) {
      const std::vector<std::uint8_t> raw = gradient(shape);
      std::vector<float> out(static_cast<std::size_t>(augmentation.output(shape).size()));
      Random random = augmentation_stream(5, 1, k);
      augmentation({shape, raw}, normalizer(), random, out, workspace);
      EXPECT_EQ(out, augmented(shape, augmentation, draw(augmentation, shape, 5, 1, k)));
    }
}

TEST(Augment, OnlyNormalisesWithoutSteps) {
  const std::vector<std::uint8_t> raw = gradient(kGrey);
  std::vector<float> out(raw.size()), expected(raw.size());
  Augment<>::Workspace workspace;
  Random random(1);
  Augment<>{}({kGrey, raw}, normalizer(), random, out, workspace);
  normalizer().apply(raw, kGrey, expected);
  EXPECT_EQ(out, expected);
}

/// A user's own step.
struct Negative {
  void operator()(ImageView<std::uint8_t> image, Random&) const {
    for (std::uint8_t& value : image.values) value = static_cast<std::uint8_t>(255 - value);
  }
};

TEST(Augment, LeavesTheImageItselfAlone) {
  const std::vector<std::uint8_t> raw = gradient(kGrey);
  std::vector<std::uint8_t> copy = raw;
  std::vector<float> out(raw.size());
  Augment<Negative>::Workspace workspace;
  Random random(1);
  Augment<Negative>{}({kGrey, copy}, normalizer(), random, out, workspace);
  EXPECT_EQ(copy, raw);
  EXPECT_EQ(out[5], (static_cast<float>(255 - raw[5]) / 255.0F - .25F) / .5F);
}

TEST(Augment, CutsOffTheCutoutAtTheBorder) {
  for (const int y : {0, 31})
    for (const int x : {0, 31})
      expect_exact(kColour, {}, {.crop_y = 4, .crop_x = 4, .cutout_y = y, .cutout_x = x});
}

TEST(Augment, LeavesEverythingInPlaceWithoutACutout) {
  PaperAugment augmentation;
  augmentation.cutout = 0;
  expect_exact(kColour, augmentation, {.crop_y = 8, .crop_x = 0, .flip = true});
}

TEST(Augment, PadsWithRawZeroAndCutsOutWithNormalisedZero) {
  const std::vector<float> out =
      augmented(kGrey, {}, {.crop_y = 0, .crop_x = 0, .cutout_y = 31, .cutout_x = 31});
  EXPECT_EQ(out.front(), -.25F / .5F);
  EXPECT_EQ(out.back(), 0.0F);
}

TEST(Augment, CropsTo32WhereThePadAllowsAndKeepsLargerImages) {
  const PaperAugment paper;
  EXPECT_EQ(paper.output(kGrey), (Shape{1, 32, 32}));
  EXPECT_EQ(paper.output(kColour), kColour);
  EXPECT_EQ(paper.output({1, 16, 40}), (Shape{1, 24, 40}));
  EXPECT_EQ((RandomCrop<28, 2>{}.output(kGrey)), kGrey);
}

TEST(Augment, DrawsEveryOffsetCentreAndSide) {
  for (const auto& [shape, offsets] : {std::pair{kGrey, 5U}, std::pair{kColour, 9U}}) {
    std::set<int> crop_y, crop_x, cutout_y, cutout_x;
    int flips = 0;
    for (int image = 0; image < 2000; ++image) {
      const Draw choice = draw({}, shape, 1, 0, image);
      crop_y.insert(choice.crop_y), crop_x.insert(choice.crop_x);
      cutout_y.insert(choice.cutout_y), cutout_x.insert(choice.cutout_x);
      flips += choice.flip;
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
      numbers.push_back(draw({}, kColour, seed, epoch, image + 100 * k).cutout_y);
    }
    return numbers;
  };
  EXPECT_EQ(drawn(1, 2, 3), drawn(1, 2, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(2, 2, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(1, 3, 3));
  EXPECT_NE(drawn(1, 2, 3), drawn(1, 2, 4));
}

TEST(Augment, MirrorsNothingWhereFlipsAreOff) {
  PaperAugment augmentation;
  augmentation.allow_mirroring(false);
  for (int image = 0; image < 100; ++image)
    EXPECT_FALSE(draw(augmentation, kGrey, 1, 0, image).flip);
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
