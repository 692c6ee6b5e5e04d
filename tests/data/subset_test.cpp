#include "nascent/data/subset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

/// 8x8, of random classes; noise around two greys.
ImageSet images(int count, int classes = 5) {
  ImageSet set{{1, 8, 8}, classes, {}, {}};
  Random random(7);
  std::vector<std::uint8_t> bytes(64);
  for (int i = 0; i < count; ++i) {
    const int grey = random.below(20) == 0 ? 220 : 40;  // a few are far from the others
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(grey + random.below(30));
    set.append(bytes, random.below(classes));
  }
  return set;
}

/// The largest distance of any image to the chosen ones.
float cover(const ImageSet& set, const std::vector<int>& chosen) {
  const ImageFeatures features(set);
  float largest = 0;
  for (int i = 0; i < set.size(); ++i) {
    float nearest = 1e30F;
    for (const int c : chosen) nearest = std::min(nearest, features.distance(i, features[c]));
    largest = std::max(largest, nearest);
  }
  return largest;
}

constexpr Subset kAll[] = {Subset::random, Subset::stratified, Subset::k_centre};

TEST(Subset, HasItsShareOfTheImagesEachOnce) {
  const ImageSet set = images(333);
  for (const Subset kind : kAll)
    for (const double share : {1e-9, .1, .25, .5, 1.}) {
      const std::vector<int> chosen = share_of(set, share, kind);
      EXPECT_EQ(std::ssize(chosen), std::max(1L, std::lround(share * 333)));
      EXPECT_TRUE(std::ranges::is_sorted(chosen));
      EXPECT_EQ(std::set<int>(chosen.begin(), chosen.end()).size(), chosen.size());
      EXPECT_GE(chosen.front(), 0);
      EXPECT_LT(chosen.back(), 333);
      EXPECT_EQ(share_of(set, share, kind), chosen);
    }
}

TEST(Subset, ASmallerShareIsAPartOfALargerOne) {
  const ImageSet set = images(200);
  for (const Subset kind : {Subset::random, Subset::k_centre}) {
    const std::vector<int> small = share_of(set, .1, kind), large = share_of(set, .4, kind);
    EXPECT_TRUE(std::ranges::includes(large, small));
  }
}

TEST(Subset, StratifiedKeepsTheClassesProportions) {
  const ImageSet set = images(1000), half = set.subset(share_of(set, .5, Subset::stratified));
  for (int c = 0; c < set.classes; ++c)
    EXPECT_LE(std::abs(2 * std::ranges::count(half.labels, c) - std::ranges::count(set.labels, c)),
              2);
}

TEST(Subset, CentresCoverTheImagesBetterThanADraw) {
  const ImageSet set = images(400);
  for (const double share : {.02, .05, .2}) {
    const float centres = cover(set, share_of(set, share, Subset::k_centre));
    EXPECT_LT(centres, cover(set, share_of(set, share, Subset::random)));
    EXPECT_LT(centres, cover(set, share_of(set, share, Subset::stratified)));
  }
}

// By hand: features 0, 10, 4, 30 with mean 11; 10 is nearest, then 30 and 0 are farthest.
TEST(Subset, CentresAreTheNearestToTheMeanThenEverTheFarthest) {
  ImageSet set{{1, 1, 1}, 1, {0, 10, 4, 30}, {0, 0, 0, 0}};
  EXPECT_EQ(k_centres(ImageFeatures(set), 4), (std::vector<int>{1, 3, 0, 2}));
}

TEST(Subset, EqualImagesAreChosenOnceEach) {
  ImageSet set{{1, 1, 1}, 1, {5, 5, 5}, {0, 0, 0}};
  EXPECT_EQ(share_of(set, 1, Subset::k_centre), (std::vector<int>{0, 1, 2}));
}

// By hand: a 5x1 image of two channels has cells of 1, 1, 1 and 2 rows.
TEST(Subset, FeaturesAreMeansOfCells) {
  const ImageSet set{{2, 5, 1}, 1, {1, 2, 3, 4, 6, 10, 20, 30, 40, 60}, {0}};
  EXPECT_EQ(ImageFeatures(set).values, (std::vector<float>{1, 2, 3, 5, 10, 20, 30, 50}));
}

TEST(Subset, OfNothingOrMoreThanAllIsRefused) {
  for (const double share : {0., -1., 1.01, std::nan("")})
    EXPECT_EQ(
        message_of<std::invalid_argument>([&] { share_of(images(3), share, Subset::random); }),
        "a share of the training images must be above 0 and at most 1, not " +
            std::to_string(share));
}

TEST(Subset, IsMadeOnce) {
  ImageShares shares;
  const ImageSet set = images(50);
  const auto first = shares.of(set, .5, Subset::k_centre);
  EXPECT_EQ(first->size(), 25);
  EXPECT_EQ(shares.of(set, .5, Subset::k_centre), first);
  EXPECT_NE(shares.of(set, .5, Subset::random), first);
}

}  // namespace
}  // namespace nascent
