#include "nascent/study/bootstrap.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "nascent/report/rank_correlation.hpp"

namespace nascent {
namespace {

double mean_of_first(const std::vector<double>& x, const std::vector<double>&) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

TEST(Bootstrap, OfAMeanIsAsWideAsItsStandardErrorSays) {
  std::vector<double> x(400);
  std::iota(x.begin(), x.end(), 0.0);  // mean 199.5, deviation 115.5, so 5.77 for the mean
  const Interval interval = bootstrap(x, x, mean_of_first, {.resamples = 4000});
  EXPECT_NEAR(interval.low, 199.5 - 1.96 * 5.77, 1);
  EXPECT_NEAR(interval.high, 199.5 + 1.96 * 5.77, 1);
}

TEST(Bootstrap, DependsOnItsSeedAlone) {
  const std::vector<double> x{1, 4, 2, 8, 5, 7}, y{2, 3, 1, 9, 9, 4};
  const Interval once = bootstrap(x, y, spearman), again = bootstrap(x, y, spearman);
  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(once.high, again.high);
  EXPECT_NE(once.low, bootstrap(x, y, mean_of_first, {.seed = 2}).low);
}

TEST(Bootstrap, LeavesOutResamplesWithoutAValue) {
  // Half of the resamples of two pairs hold one of them twice, which has no correlation.
  const Interval interval = bootstrap({1, 2}, {1, 2}, spearman);
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, 1);
}

TEST(Bootstrap, OfNothingIsNothing) {
  EXPECT_TRUE(std::isnan(bootstrap({}, {}, spearman).low));
  EXPECT_TRUE(std::isnan(bootstrap({1, 1}, {1, 2}, spearman).low));
  EXPECT_THROW(bootstrap({1}, {}, spearman), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
