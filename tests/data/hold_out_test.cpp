#include "nascent/data/hold_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "../support/support.hpp"
#include "nascent/data/dataset.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Images of two bytes that hold their own number, classes in unequal shares: 60, 30 and 10 %.
ImageSet numbered_images(int count) {
  ImageSet images{{1, 1, 2}, 3, {}, {}};
  for (int i = 0; i < count; ++i) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(i & 255),
                                  static_cast<std::uint8_t>(i >> 8)};
    images.append(bytes, i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
  }
  return images;
}

std::vector<int> numbers_of(const ImageSet& images) {
  std::vector<int> numbers;
  for (int i = 0; i < images.size(); ++i) numbers.push_back(images[i][0] + 256 * images[i][1]);
  return numbers;
}

std::vector<long> class_sizes(const ImageSet& images) {
  std::vector<long> sizes;
  for (int c = 0; c < images.classes; ++c) sizes.push_back(std::ranges::count(images.labels, c));
  return sizes;
}

TEST(HoldOut, KeepsTheProportionsOfTheClasses) {
  const auto [train, held_out] = part_images(numbered_images(1000), {.share = 0.1});
  EXPECT_THAT(class_sizes(held_out), ElementsAre(60, 30, 10));
  EXPECT_THAT(class_sizes(train), ElementsAre(540, 270, 90));
}

TEST(HoldOut, GivesTheLargestRemaindersToReachAnExactCount) {
  const auto [train, held_out] =
      part_images(numbered_images(1000), {.images = 7, .train_images = 9});
  EXPECT_THAT(class_sizes(held_out), ElementsAre(4, 2, 1));  // of 4.2, 2.1, 0.7
  EXPECT_THAT(class_sizes(train), ElementsAre(5, 3, 1));     // of 5.4, 2.7, 0.9
}

TEST(HoldOut, PutsEveryImageInOnePartOnly) {
  const auto [train, held_out] = part_images(numbered_images(500), {.share = 0.3});
  std::set<int> all;
  for (const ImageSet* part : {&train, &held_out})
    for (const int number : numbers_of(*part)) EXPECT_TRUE(all.insert(number).second);
  EXPECT_EQ(all.size(), 500U);
}

TEST(HoldOut, DependsOnItsSeedAlone) {
  const ImageSet images = numbered_images(500);
  const auto once = part_images(images, {.share = 0.2, .seed = 4});
  EXPECT_EQ(once, part_images(images, {.share = 0.2, .seed = 4}));
  EXPECT_NE(once.second, part_images(images, {.share = 0.2, .seed = 5}).second);
}

TEST(HoldOut, HoldsOutTheSameImagesHoweverManyTrain) {
  const ImageSet images = numbered_images(500);
  EXPECT_EQ(part_images(images, {.images = 50}).second,
            part_images(images, {.images = 50, .train_images = 20}).second);
}

TEST(HoldOut, RefusesMoreImagesThanThereAre) {
  const ImageSet images = numbered_images(100);
  const auto complaint = [&](HoldOutOptions options) {
    return message_of<std::invalid_argument>([&] { part_images(images, options); });
  };
  EXPECT_THAT(complaint({.images = 60, .train_images = 41}),
              HasSubstr("100 training images: 60 cannot be held out and 41 trained on; both must"));
  EXPECT_NE(complaint({.share = 0}), "");
  EXPECT_NE(complaint({.share = 1}), "");
  EXPECT_NE(complaint({.share = -0.5}), "");
  EXPECT_EQ(complaint({.images = 60, .train_images = 40}), "");
}

TEST(HoldOut, CountsWhoOpensTheTestImages) {
  Dataset data;
  data.train = numbered_images(100);
  data.test = numbered_images(30);
  data.mean = data.deviation = {.5};
  const HoldOut parts = data.hold_out(0.1);
  const HoldOut copy = parts;
  EXPECT_EQ(parts.test.size(), 30);
  EXPECT_EQ(parts.test.checksum(), data.test.checksum());
  EXPECT_EQ(parts.test.times_opened(), 0);
  EXPECT_EQ(FinalEvaluation::look(copy.test), data.test);
  EXPECT_EQ(parts.test.times_opened(), 1);
}

}  // namespace
}  // namespace nascent
