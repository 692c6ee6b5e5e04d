#include "nascent/search/dominance.hpp"

#include <cmath>
#include <set>

#include "../support/support.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

using Fronts = std::vector<std::set<std::size_t>>;

/// By the definition: take what nothing dominates, then again of the rest.
Fronts peeled(const std::vector<ObjectivePoint>& points) {
  std::set<std::size_t> rest;
  for (std::size_t i = 0; i < points.size(); ++i) rest.insert(i);
  Fronts fronts;
  while (!rest.empty()) {
    std::set<std::size_t> front;
    for (const std::size_t i : rest)
      if (std::none_of(rest.begin(), rest.end(),
                       [&](std::size_t j) { return dominates(points[j], points[i]); }))
        front.insert(i);
    for (const std::size_t i : front) rest.erase(i);
    fronts.push_back(front);
  }
  return fronts;
}

std::vector<ObjectivePoint> drawn(int count, int objectives, int values, Random& random) {
  std::vector<ObjectivePoint> points(static_cast<std::size_t>(count));
  for (auto& point : points)
    for (int i = 0; i < objectives; ++i) point.push_back(random.below(values));
  return points;
}

TEST(Dominance, IsNowhereWorseAndSomewhereBetter) {
  EXPECT_TRUE(dominates({1, 2}, {1, 3}));
  EXPECT_TRUE(dominates({0, 2}, {1, 3}));
  EXPECT_FALSE(dominates({1, 2}, {1, 2}));
  EXPECT_FALSE(dominates({0, 3}, {1, 2}));
  EXPECT_FALSE(dominates({1, 3}, {1, 2}));
}

TEST(Dominance, FrontsAreThoseOfTheDefinition) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const int objectives = 1 + random.below(4);
    const auto points = drawn(random.below(40), objectives, 2 + random.below(20), random);
    Fronts fronts;
    for (const auto& front : nondominated_fronts(points))
      fronts.emplace_back(front.begin(), front.end());
    ASSERT_EQ(fronts, peeled(points)) << "round " << round;
    if (fronts.size() < 2) continue;
    const auto first = nondominated_fronts(points, 1);
    ASSERT_EQ(first.size(), 1u);
    ASSERT_EQ(std::set(first[0].begin(), first[0].end()), fronts[0]);
  }
}

TEST(Dominance, AFrontIsInLexicographicOrder) {
  EXPECT_THAT(nondominated_fronts({{3, 1}, {1, 3}, {2, 2}, {3, 3}, {1, 3}}),
              ElementsAre(ElementsAre(1, 4, 2, 0), ElementsAre(3)));
  EXPECT_TRUE(nondominated_fronts({}).empty());
}

TEST(Dominance, CrowdingIsTheShareOfTheFrontBetweenTheNeighbours) {
  const double ends = std::numeric_limits<double>::infinity();
  // Extents 10 and 20; the neighbours of (2, 8) are (0, 20) and (5, 5).
  EXPECT_THAT(crowding_distances({{0, 20}, {2, 8}, {5, 5}, {10, 0}}, {0, 1, 2, 3}),
              ElementsAre(DoubleEq(ends), DoubleEq(5 / 10. + 15 / 20.), DoubleEq(8 / 10. + 8 / 20.),
                          DoubleEq(ends)));
  EXPECT_THAT(crowding_distances({{9, 9}, {1, 2}, {2, 1}}, {1, 2}),
              ElementsAre(DoubleEq(ends), DoubleEq(ends)));
  EXPECT_THAT(crowding_distances({{1, 2}, {1, 2}}, {0, 1}), ElementsAre(0.0, 0.0));
  EXPECT_TRUE(crowding_distances({{1, 2}}, {}).empty());
}

/// For values that differ: by looking for the nearest on either side.
double crowding(const std::vector<ObjectivePoint>& points, std::size_t of) {
  double distance = 0;
  for (std::size_t i = 0; i < points[of].size(); ++i) {
    double below = -INFINITY, above = INFINITY, least = INFINITY, most = -INFINITY;
    for (const auto& point : points) {
      if (point[i] < points[of][i]) below = std::max(below, point[i]);
      if (point[i] > points[of][i]) above = std::min(above, point[i]);
      least = std::min(least, point[i]), most = std::max(most, point[i]);
    }
    distance += (above - below) / (most - least);
  }
  return distance;
}

TEST(Dominance, CrowdingIsThatOfTheDefinition) {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    std::vector<ObjectivePoint> points(static_cast<std::size_t>(2 + random.below(20)));
    std::vector<std::size_t> all;
    for (auto& point : points) {
      for (int i = 0; i < 3; ++i) point.push_back(random.unit());
      all.push_back(all.size());
    }
    const auto distances = crowding_distances(points, all);
    for (const std::size_t i : all) {
      const double expected = crowding(points, i);
      if (std::isinf(expected))
        EXPECT_TRUE(std::isinf(distances[i]));
      else
        EXPECT_NEAR(distances[i], expected, 1e-12);
    }
  }
}

}  // namespace
}  // namespace nascent
