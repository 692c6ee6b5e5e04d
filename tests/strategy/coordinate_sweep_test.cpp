#include "nascent/strategy/coordinate_sweep.hpp"

#include <set>

#include "encoded_support.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

/// A table of heights over two digits from 0 to 2, each search of which starts at 11.
struct Board {
  struct Architecture {
    int row = 1, column = 1;
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& at) {
      return std::to_string(at.row) + std::to_string(at.column);
    }
  };
  Architecture sample(Random&) const { return {}; }
  std::vector<int> choices() const { return {3, 3}; }
  std::vector<int> encode(const Architecture& at) const { return {at.row, at.column}; }
  Architecture decode(const std::vector<int>& code) const { return {code[0], code[1]}; }
};

struct Heights {
  static constexpr bool pure = false;

  std::map<std::string, int> heights;  // a failure where there is none
  std::vector<std::string> asked{};

  Outcome evaluate(const Trial<Board::Architecture>& trial) {
    asked.push_back(to_string(trial.architecture()));
    const auto at = heights.find(asked.back());
    return at == heights.end() ? Outcome::failed("scripted") : Outcome({at->second, 100}, {}, 1);
  }
};

std::vector<std::string> asked(Heights heights, CoordinateSweep strategy = {},
                               std::string* found = nullptr) {
  const auto end = Search<CoordinateSweep, FixedEpochRanker, Board>(strategy).run(heights);
  EXPECT_TRUE(end.finished());
  if (found) *found = to_string(end.architecture);
  return heights.asked;
}

TEST(CoordinateSweep, GivesEachPositionItsOtherValuesAndKeepsWhatIsStrictlyBetter) {
  std::string found;
  EXPECT_THAT(asked({{{"11", 50}, {"01", 60}, {"21", 55}, {"00", 60}, {"02", 61}}}, {}, &found),
              ElementsAre("11", "01", "21", "00", "02"));
  EXPECT_EQ(found, "02");
  EXPECT_THAT(asked({{{"11", 50}, {"01", 60}, {"21", 60}}}, {}, &found),
              ElementsAre("11", "01", "21", "00", "02"));  // 21 is as good, no better
  EXPECT_EQ(found, "01");
  EXPECT_THAT(asked({{{"11", 50}, {"01", 60}, {"21", 61}, {"20", 62}}}),
              ElementsAre("11", "01", "21", "20", "22"));
}

TEST(CoordinateSweep, FailuresAreLeftBehind) {
  std::string found;
  EXPECT_THAT(asked({{{"21", 1}}}, {}, &found), ElementsAre("11", "01", "21", "20", "22"));
  EXPECT_EQ(found, "21");
}

TEST(CoordinateSweep, FurtherSweepsRepeatNothing) {
  EXPECT_THAT(asked({{{"11", 50}, {"12", 60}, {"22", 70}}}, {.sweeps = 3}),
              ElementsAre("11", "01", "21", "10", "12", "02", "22", "20"));
}

TEST(CoordinateSweep, AsksForNothingTwiceAndNothingOutsideTheSpace) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto trail = asked_of_digits(CoordinateSweep{.sweeps = 5}, seed);
    const std::set<std::string> once(trail.begin(), trail.end());
    EXPECT_EQ(once.size(), trail.size());
  }
}

// Mean and deviation of 1,000 runs, from the same table by another implementation.
TEST(CoordinateSweep, OneSweepOfTheCellsIsAsGoodAsItShouldBe) {
  const Statistic expected{90.784, 0.654, 1000};
  const Statistic found = on_the_cells(CoordinateSweep{}, {25}, 1000).front();
  EXPECT_TRUE(found.reaches(expected) && expected.reaches(found)) << found.mean;
}

TEST(CoordinateSweep, ASweepOfTheCellsIs25Evaluations) {
  const auto found =
      search_of_cells(CoordinateSweep{}).run(TableEvaluator(cell_table(), "validation_accuracy"));
  EXPECT_EQ(found.cost.trials, 25);
  EXPECT_EQ(found.cost.repeats, 0);
}

TEST(CoordinateSweep, KeepsTheLaws) {
  Search<CoordinateSweep, FixedEpochRanker, SepConvSpace> search({.sweeps = 2});
  search.space.depth = {4, 8};
  EXPECT_EQ(testing::broken_law(search), "");
}

TEST(CoordinateSweep, RefusesNoSweep) {
  EXPECT_EQ(refusal(CoordinateSweep{.sweeps = 0}), "CoordinateSweep: sweeps must be at least 1");
}

}  // namespace
}  // namespace nascent
