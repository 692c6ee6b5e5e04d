#include "nascent/data/image_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace nascent {
namespace {

using testing::ElementsAre;

ImageSet three_images() { return {{1, 1, 2}, 3, {1, 2, 3, 4, 5, 6}, {0, 1, 2}}; }

TEST(ImageSet, TakesASubsetInTheOrderAsked) {
  const ImageSet chosen = three_images().subset(std::vector{2, 0});
  EXPECT_THAT(chosen.pixels, ElementsAre(5, 6, 1, 2));
  EXPECT_THAT(chosen.labels, ElementsAre(2, 0));
  EXPECT_EQ(chosen.classes, 3);
  EXPECT_EQ(chosen.image, (Shape{1, 1, 2}));
}

TEST(ImageSet, HasAChecksumOfEveryByteAndLabel) {
  const ImageSet set = three_images();
  ImageSet other_pixel = set, other_label = set;
  ++other_pixel.pixels.back();
  other_label.labels.back() = 0;
  EXPECT_EQ(set.checksum(), three_images().checksum());
  EXPECT_NE(set.checksum(), other_pixel.checksum());
  EXPECT_NE(set.checksum(), other_label.checksum());
}

}  // namespace
}  // namespace nascent
