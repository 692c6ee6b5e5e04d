#include "nascent/search/random_baseline.hpp"

#include <chrono>
#include <thread>

#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using Baseline = RandomBaseline<DynamicEpochRanker, SepConvSpace, testing::Landscape>;
using Sequential = Search<RandomStrategy, DynamicEpochRanker, SepConvSpace>;

// However far it ran ahead, it is cut to what one after the other would have given.
TEST(RandomBaseline, IsRandomSearchAtTheCostOfTheSearch) {
  for (const int ahead : {0, 100, 100'000}) {
    const Scratch scratch;
    Baseline baseline({}, {}, testing::Landscape{5, 6}, 3, scratch / "random");
    baseline.search_spent(ahead);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const auto beside = baseline.finish(900);
    const auto alone = Sequential().run(testing::Landscape{5, 6}, {.seed = 3, .max_epochs = 900});
    EXPECT_EQ(beside.architecture, alone.architecture);
    EXPECT_EQ(beside.summary(), alone.summary());
    EXPECT_LE(beside.cost.epochs, 900);
  }
}

TEST(RandomBaseline, GoesOnInItsDirectory) {
  const Scratch scratch;
  std::string first;
  for (int i = 0; i < 2; ++i) {
    Baseline baseline({}, {}, testing::Landscape{5}, 3, scratch / "random");
    const std::string summary = baseline.finish(600).summary();
    if (i == 0) first = summary;
    EXPECT_EQ(summary, first);
  }
}

TEST(RandomBaseline, ThatIsAbandonedOrFailsEverywhereEnds) {
  const Scratch scratch;
  { Baseline baseline({}, {}, testing::Landscape{}, 1, scratch / "abandoned"); }
  Baseline failing({}, {}, testing::Landscape{1, 1}, 1, scratch / "failing");
  EXPECT_TRUE(failing.finish(500).judgement.failed);
  scratch.write("file", "");
  Baseline nowhere({}, {}, testing::Landscape{}, 1, scratch / "file" / "run");
  EXPECT_THAT(message_of<SearchError>([&] { nowhere.finish(500); }),
              ::testing::HasSubstr("cannot be made"));
}

}  // namespace
}  // namespace nascent
