#include "nascent/tournament/statistics.hpp"

#include "../support/support.hpp"

namespace nascent {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsNan;

PairedTest test_differences(const std::vector<double>& differences) {
  return test_pairs(differences, std::vector<double>(differences.size(), 0));
}

// NumPy, x.std(ddof=1) and scipy.stats.sem(x) of SciPy 1.17.1.
TEST(Statistics, ASummaryIsThatOfNumPy) {
  const Summary summary = summarise({90.1, 91.3, 89.9, 92.0});
  EXPECT_NEAR(summary.mean, 90.825, 1e-12);
  EXPECT_NEAR(summary.deviation, 0.997914491994846, 1e-12);
  EXPECT_NEAR(summary.standard_error, 0.498957245997423, 1e-12);
}

TEST(Statistics, ASampleOfOneHasNoSpreadAndOfNoneNoMean) {
  EXPECT_EQ(summarise({3}).mean, 3);
  EXPECT_THAT(summarise({3}).standard_error, IsNan());
  EXPECT_THAT(summarise({}).mean, IsNan());
  EXPECT_THAT(summarise({3, kNone}).mean, IsNan());
}

// Darwin's maize, 15 pairs, in eighths of an inch (Fisher 1935, The Design of Experiments, sections
// 15 to 17: t = 2.148). P-values: SciPy 1.17.1, ttest_1samp(d, 0), wilcoxon(d, method='exact').
TEST(Statistics, DarwinsMaizeHasFishersT) {
  const PairedTest test =
      test_differences({49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48});
  EXPECT_NEAR(test.t, 2.1479874613311205, 1e-12);
  EXPECT_NEAR(test.t_p, 0.049702944021800866, 1e-12);
  EXPECT_EQ(test.rank_sum, 120 - 24);
  EXPECT_TRUE(test.exact);
  EXPECT_NEAR(test.wilcoxon_p, 0.041259765625, 1e-15);
}

// SciPy 1.17.1, as above. Of five pairs, no exact p-value is below 2 / 2^5.
TEST(Statistics, FivePairsWithOneSignHaveTheLeastExactP) {
  const PairedTest test = test_differences({0.5, 0.25, 0.75, 1, 0.125});
  EXPECT_NEAR(test.t_p, 0.030510812580331614, 1e-12);
  EXPECT_EQ(test.wilcoxon_p, 0.0625);
}

// scipy.stats.permutation_test over all 2^8 signs of the mean ranks (permutation_type='samples',
// statistic |W+ - mean|), SciPy 1.17.1. wilcoxon(method='exact') does not know ties.
TEST(Statistics, TiesShareRanksAndTheExactPIsThatOfThem) {
  const PairedTest test = test_differences({1, 1, -1, 2, 2, 0, 3, -2, 0, 4});
  EXPECT_EQ(test.pairs, 10);
  EXPECT_EQ(test.rank_sum, 29);
  EXPECT_TRUE(test.exact);
  EXPECT_EQ(test.wilcoxon_p, 0.1640625);
  EXPECT_NEAR(test.t_p, 0.11730680301423826, 1e-12);
}

// SciPy 1.17.1: wilcoxon(d, method='exact') and, for 80 pairs with ties,
// wilcoxon(d, method='asymptotic', correction=False).
TEST(Statistics, UpToFiftyPairsThePIsExactAndBeyondNormal) {
  std::vector<double> fifty, eighty;
  for (int i = 1; i <= 50; ++i) fifty.push_back(i * i * 37 % 101 + i / 100.0 - 45);
  for (int i = 1; i <= 80; ++i) eighty.push_back((7 * i * i + 3 * i) % 41 - 17);
  EXPECT_TRUE(test_differences(fifty).exact);
  EXPECT_NEAR(test_differences(fifty).wilcoxon_p, 0.1781010477908609, 1e-12);
  EXPECT_FALSE(test_differences(eighty).exact);
  EXPECT_NEAR(test_differences(eighty).wilcoxon_p, 0.0007026264385206584, 1e-12);
  EXPECT_NEAR(test_differences(eighty).t_p, 0.0006044423018626217, 1e-12);
}

TEST(Statistics, EqualPairsHaveAPOfOne) {
  const PairedTest test = test_pairs({90, 91, 92}, {90, 91, 92});
  EXPECT_EQ(test.difference, 0);
  EXPECT_EQ(test.t_p, 1);
  EXPECT_EQ(test.wilcoxon_p, 1);
}

TEST(Statistics, OneDifferenceThroughoutIsNoEvidence) {
  const PairedTest test = test_pairs({90.3, 91.3, 92.3, 93.3}, {90.1, 91.1, 92.1, 93.1});
  EXPECT_NEAR(test.difference, 0.2, 1e-9);
  EXPECT_THAT(test.t_p, IsNan());
  EXPECT_THAT(test.wilcoxon_p, IsNan());
}

TEST(Statistics, RoundingMakesNoDifferenceAndBreaksNoTie) {
  EXPECT_EQ(test_pairs({0.1 + 0.2, 1}, {0.3, 1}).t_p, 1);
  // 0.2 three times, but for rounding: the ranks 1 to 3 are shared, so 4 is the fourth's.
  EXPECT_EQ(test_pairs({0.3, 90.3, 91.1, 5}, {0.1, 90.1, 91.3, 4}).rank_sum, 2 + 2 + 4);
}

TEST(Statistics, WithoutTwoPairsOrWithAMissingValueThereIsNoTest) {
  for (const PairedTest& test : {test_pairs({1}, {2}), test_pairs({1, kNone, 3}, {3, 1, 1})}) {
    EXPECT_THAT(test.t_p, IsNan());
    EXPECT_THAT(test.wilcoxon_p, IsNan());
  }
}

TEST(Statistics, TheSeedsPairAndNotTheRanks) {
  const std::vector<double> reference{10, 20, 30, 40, 50, 60};
  EXPECT_LT(test_pairs({11, 22, 31, 42, 51, 62}, reference).t_p, 0.01);
  EXPECT_GT(test_pairs({62, 11, 42, 22, 51, 31}, reference).t_p, 0.5);  // the same in other pairs
}

// statsmodels 0.15.0, multipletests(p, method='holm').
TEST(Statistics, HolmsCorrectionIsThatOfStatsmodels) {
  const auto near = [](double x) { return DoubleNear(x, 1e-12); };
  EXPECT_THAT(holm({0.01, 0.04, 0.03, 0.005, 0.2}),
              ElementsAre(near(0.04), near(0.09), near(0.09), near(0.025), near(0.2)));
}

TEST(Statistics, HolmLeavesOutWhatWasNotTested) {
  EXPECT_THAT(holm({0.01, kNone, 0.6, 0.9}), ElementsAre(DoubleNear(0.03, 1e-12), IsNan(), 1, 1));
}

}  // namespace
}  // namespace nascent
