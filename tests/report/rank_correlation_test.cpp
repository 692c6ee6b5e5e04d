#include "nascent/report/rank_correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace nascent {
namespace {

using Values = std::vector<double>;

TEST(RankCorrelation, IsOneForTheSameOrderAndMinusOneForTheOpposite) {
  const Values x{3, 1, 2, 10}, same{30, 10, 20, 21000}, opposite{-3, -1, -2, -10};
  EXPECT_EQ(spearman(x, same), 1);
  EXPECT_EQ(kendall(x, same), 1);
  EXPECT_EQ(spearman(x, opposite), -1);
  EXPECT_EQ(kendall(x, opposite), -1);
}

// The examples of SciPy's documentation: scipy.stats.spearmanr and scipy.stats.kendalltau.
TEST(RankCorrelation, GivesEqualValuesTheMeanOfTheirRanks) {
  EXPECT_NEAR(spearman({1, 2, 3, 4, 5}, {5, 6, 7, 8, 7}), 0.82078268166812329, 1e-15);
  EXPECT_NEAR(kendall({12, 2, 1, 12, 2}, {1, 4, 7, 1, 0}), -0.47140452079103173, 1e-15);
}

TEST(RankCorrelation, TakesInfinityForAValue) {
  EXPECT_EQ(spearman({-INFINITY, 1, 2}, {0, 1, 2}), 1);
  EXPECT_EQ(kendall({-INFINITY, 1, 2}, {0, 1, 2}), 1);
}

TEST(RankCorrelation, IsNoNumberWhereOneSideIsAllTheSame) {
  EXPECT_TRUE(std::isnan(spearman({1, 1, 1}, {1, 2, 3})));
  EXPECT_TRUE(std::isnan(kendall({1, 2, 3}, {1, 1, 1})));
}

TEST(RankCorrelation, RefusesSidesOfDifferentLengths) {
  EXPECT_THROW(spearman({1, 2}, {1}), std::invalid_argument);
  EXPECT_THROW(kendall({1, 2}, {1}), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
