#include "nascent/study/ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace nascent {
namespace {

/// Larger networks are better in the end, and worse at first.
std::vector<RankedNetwork> crossing(int count, int epochs) {
  std::vector<RankedNetwork> networks;
  for (int i = 0; i < count; ++i) {
    RankedNetwork network{"n" + std::to_string(i), 1000 + i, 10 * i, {}};
    for (int e = 1; e <= epochs; ++e)
      network.accuracy.push_back(50 + (i - count / 2.0) * (2.0 * e - epochs) / epochs);
    networks.push_back(network);
  }
  return networks;
}

TEST(RankingStudy, AnEarlyAccuracyMayOrderNetworksTheOtherWayRound) {
  const auto networks = crossing(12, 9);
  EXPECT_EQ(static_ranking(networks, 1).spearman, -1);
  EXPECT_EQ(static_ranking(networks, 9).spearman, 1);
  EXPECT_EQ(static_ranking(networks, 9).spearman_interval.low, 1);
  EXPECT_EQ(static_ranking(networks, 1).kendall_interval.high, -1);
}

TEST(RankingStudy, ADynamicRankingTrainsTheKthSmallestForKEpochs) {
  // By parameters 2, 0, 1; so accuracies 10 after one epoch, 42 after two, 23 after three.
  const std::vector<RankedNetwork> networks{
      {"a", 200, 0, {41, 42, 43}}, {"b", 300, 0, {21, 22, 23}}, {"c", 100, 0, {10, 99, 99}}};
  const DynamicRanking ranking = dynamic_ranking(networks, {0, 1, 2});
  EXPECT_DOUBLE_EQ(ranking.spearman_parameters, 0.5);  // 10, 42, 23 for 100, 200, 300
  EXPECT_DOUBLE_EQ(ranking.spearman_final, -0.5);      // for final 99, 43, 23
}

TEST(RankingStudy, DrawsAsManyDifferentNetworksAsThereAreEpochs) {
  const auto rankings = dynamic_rankings(crossing(40, 5), 100, 7);
  ASSERT_EQ(rankings.size(), 100U);
  std::set<double> values;
  for (const DynamicRanking& ranking : rankings) {
    EXPECT_LE(std::abs(ranking.spearman_final), 1);
    values.insert(ranking.spearman_final);
  }
  EXPECT_GT(values.size(), 1U);
  EXPECT_EQ(dynamic_rankings(crossing(40, 5), 100, 7)[99].spearman_final,
            rankings[99].spearman_final);
}

TEST(RankingStudy, NeedsAsManyNetworksAsEpochs) {
  EXPECT_THROW(dynamic_rankings(crossing(4, 5), 1, 1), std::invalid_argument);
  EXPECT_THROW(dynamic_rankings({}, 1, 1), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
