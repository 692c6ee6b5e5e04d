#include "nascent/face/scored_images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/face/verification_report.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<ScoredImages> scored(const std::vector<std::pair<bool, double>>& given) {
  std::vector<ScoredImages> all;
  for (const auto& [same, score] : given)
    all.push_back({{static_cast<int>(all.size()), 0, same}, score});
  return all;
}

std::vector<int> firsts(const TellingPairs& group) {
  std::vector<int> found;
  for (const ScoredImages& pair : group.pairs) found.push_back(pair.images.first);
  return found;
}

TEST(ScoredImages, AreEveryTwoOnceWithTheCosinesOfTheirVectors) {
  const Embeddings vectors(2, {1, 0, 0, 2, 3, 0});
  const auto pairs = all_pairs(std::vector<int>{0, 1, 0});
  ASSERT_EQ(pairs.size(), 3u);
  const auto all = scored_pairs(vectors, pairs);
  EXPECT_EQ(all[0].score, 0);
  EXPECT_FALSE(all[0].images.same);
  EXPECT_EQ(all[1].score, 1);  // whatever their lengths
  EXPECT_TRUE(all[1].images.same);
  EXPECT_EQ(comparisons_of(all).positives().size(), 1u);
}

TEST(TellingPairs, AreTheBestAndTheWorstOfEitherKindWithoutThoseThatHaveNoScore) {
  const auto all = scored({{true, .9},
                           {true, kNaN},
                           {true, .1},
                           {false, .2},
                           {false, .8},
                           {true, .9},
                           {false, .8},
                           {false, -.3}});
  const auto groups = telling_pairs(all, 2);
  EXPECT_THAT(firsts(groups[0]), ElementsAre(0, 5));
  EXPECT_THAT(firsts(groups[1]), ElementsAre(2, 0));
  EXPECT_THAT(firsts(groups[2]), ElementsAre(7, 3));
  EXPECT_THAT(firsts(groups[3]), ElementsAre(4, 6));
}

TEST(FirstImageProbes, LookEveryOtherImageUpAmongTheFirstOfEachPerson) {
  const Embeddings vectors(2, {1, 0, .8F, .6F, 0, 1, 1, 0});
  const auto probes = first_image_probes(vectors, std::vector<int>{0, 0, 1, 1});
  ASSERT_EQ(probes.size(), 2u);
  EXPECT_EQ(probes[0].rank(), 1);
  EXPECT_EQ(probes[1].rank(), 2);  // it looks like the other person's
}

TEST(VerificationReport, HasTheRatesTheCurveAndPicturesOfThePairs) {
  ImageSet images{{1, 1, 2}, 1, {}, {}};
  std::vector<std::string> names;
  for (int i = 0; i < 4; ++i) {
    images.append(std::vector<std::uint8_t>{static_cast<std::uint8_t>(i), 9}, 0);
    names.push_back("p/" + std::to_string(i));
  }
  const auto all = scored({{true, .9}, {false, .2}, {true, .3}, {false, .4}});
  const auto report = verification_report("four", all, images, names);
  EXPECT_EQ(report["what"], "four");
  EXPECT_EQ(report["eer"], .5);
  EXPECT_EQ(report["auc"], .75);
  EXPECT_EQ(report["tar_at_far"][0]["tar"], .5);
  EXPECT_EQ(report["roc"].front(), (nlohmann::ordered_json{0, 0}));
  EXPECT_EQ(report["roc"].back(), (nlohmann::ordered_json{1, 1}));
  const auto& image = report["groups"][0]["pairs"][0]["images"][0];
  EXPECT_EQ(image["name"], "p/0");
  EXPECT_EQ(image["picture"], png_uri({images.image, {0, 9}}));
}

TEST(DrawnRoc, HasFewPointsOfManyAndBothEnds) {
  std::vector<ScoredPair> all;
  for (int i = 0; i < 100'000; ++i) all.push_back({i % 2 == 0, (i * 7919 % 100'003) / 1e5});
  const auto drawn = drawn_roc(Comparisons(all));
  EXPECT_LT(drawn.size(), 1000u);
  EXPECT_GT(drawn.size(), 100u);
  EXPECT_EQ(drawn.front().far(), 0);
  EXPECT_EQ(drawn.back().far(), 1);
}

}  // namespace
}  // namespace nascent
