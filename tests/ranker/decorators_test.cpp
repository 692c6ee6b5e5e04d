// Repeat, DataSubset and ZeroCost.
#include <cmath>

#include "../support/support.hpp"
#include "nascent/ranker/asha.hpp"
#include "nascent/ranker/data_subset.hpp"
#include "nascent/ranker/repeat.hpp"
#include "nascent/ranker/zero_cost.hpp"
#include "nascent/search/history.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

/// One architecture alone, so that all that varies is the seed.
struct Alone : SepConvSpace {
  Alone() { depth = {3, 3}, width = {8, 8, 2}; }
};

/// An accuracy of 5,000 of 10,000 with a noise of the trial's seed.
struct Noisy {
  Outcome evaluate(const Trial<Architecture>& trial) const {
    Random random(trial.seed, "noise");
    return Outcome({5000 + random.below(1001) - 500, 10'000}, {}, trial.fidelity.epochs);
  }
};

/// Standard deviation of the first judgement over many seeds, in points.
template <int k>
double deviation() {
  constexpr int kRuns = 2000;
  double sum = 0, squares = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    Search<RandomStrategy, Repeat<k>, Alone> search({.trials = 1}, {.ranker = {.epochs = 1}});
    const double x = search.run(Noisy{}, {.seed = seed}).judgement.accuracy.percent();
    sum += x, squares += x * x;
  }
  return std::sqrt((squares - sum * sum / kRuns) / (kRuns - 1));
}

TEST(Repeat, HasTheNoiseFallAsOneByTheRootOfK) {
  const double one = deviation<1>();
  EXPECT_NEAR(one, 10.0 / std::sqrt(12), .15);  // of a uniform distribution 10 points wide
  // The standard error of a standard deviation from 2,000 runs is about 1.6 %.
  EXPECT_NEAR(deviation<4>() / one, .5, .04);
  EXPECT_NEAR(deviation<9>() / one, 1.0 / 3, .03);
}

TEST(Repeat, IsOneStepOfTheInnerRanker) {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> plain;
  Search<GreedyMacroMicro, Repeat<3, DynamicEpochRanker>, SepConvSpace> thrice;
  plain.space.depth = thrice.space.depth = {3, 6};
  plain.space.width = thrice.space.width = {8, 12, 2};
  History<SepConvSpace> once, three;
  struct Depth {
    Outcome evaluate(const Trial<Architecture>& trial) const {
      return Outcome({trial.architecture().depth(), 100}, {}, trial.fidelity.epochs);
    }
  };
  plain.run(Depth{}, {}, once);
  thrice.run(Depth{}, {}, three);
  ASSERT_EQ(three.entries.size(), 3 * once.entries.size());
  for (std::size_t i = 0; i < three.entries.size(); ++i) {
    EXPECT_EQ(three.entries[i].trial.fidelity.repeat, static_cast<int>(i % 3));
    EXPECT_EQ(three.entries[i].trial.fidelity.epochs, once.entries[i / 3].trial.fidelity.epochs);
    EXPECT_EQ(three.entries[i].trial.architecture(), once.entries[i / 3].trial.architecture());
  }
}

TEST(Repeat, KeepsTheLaws) {
  Search<RandomStrategy, Repeat<2, Asha>, SepConvSpace> search({.trials = 20},
                                                               {.ranker = {.most = 9}});
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{1, 9}, {.max_trials = 60}), "");
}

TEST(DataSubset, TrainsOnTheShareForAsLongAsTheInnerRankerSays) {
  Search<RandomStrategy, DataSubset<Asha>, SepConvSpace> search({.trials = 5});
  search.ranker.ranker.most = 9;
  search.ranker.subset = Subset::k_centre;
  History<SepConvSpace> history;
  search.run(testing::Landscape{}, {}, history);
  for (const auto& entry : history.entries) {
    EXPECT_EQ(entry.trial.fidelity.share, .25);
    EXPECT_EQ(entry.trial.fidelity.subset, Subset::k_centre);
  }
  EXPECT_EQ(history.entries.front().trial.fidelity.scheduled(), 9);
}

TEST(DataSubset, RefusesAShareThatIsNone) {
  Search<RandomStrategy, DataSubset<>, SepConvSpace> search({.trials = 5});
  search.ranker.share = 0;
  EXPECT_THAT(message_of([&] { search.run(testing::Landscape{}); }),
              ::testing::HasSubstr("the share must be above 0 and at most 1"));
}

/// Knows no training: what it is asked for is a mistake.
struct Untrained {
  Outcome evaluate(const Trial<Architecture>& trial) const {
    return Outcome(Accuracy::of_percent(trial.fidelity.measure == Measure::synflow ? 12.5 : 0));
  }
};

TEST(ZeroCost, CountsParametersAndFlopsWithoutAnEvaluator) {
  Search<RandomStrategy, ZeroCost<Parameters>, SepConvSpace> search({.trials = 20});
  const auto found = search.run(Untrained{}, {.seed = 3});
  EXPECT_NEAR(found.judgement.accuracy.percent(),
              1e-6 * static_cast<double>(found.space.parameters(found.architecture)), 1e-6);
  EXPECT_EQ(found.cost.epochs, 0);
  for (const auto& judged : found.judged)
    EXPECT_LE(found.space.parameters(judged.architecture),
              found.space.parameters(found.architecture));
  EXPECT_THAT(found.summary(), ::testing::StartsWith("parameters "));
}

TEST(ZeroCost, HasParametersAndFlopsBesideTheScore) {
  Search<RandomStrategy, ZeroCost<SynFlow>, SepConvSpace> search({.trials = 1});
  const auto found = search.run(Untrained{});
  EXPECT_EQ(found.judgement.accuracy.percent(), 12.5);
  EXPECT_EQ(found.judgement.measure, Measure::synflow);
  EXPECT_EQ(metric(found.judgement.metrics, "flops"),
            static_cast<double>(found.space.describe(found.architecture).flops()));
  EXPECT_EQ(metric(found.judgement.metrics, "parameters"),
            static_cast<double>(found.space.parameters(found.architecture)));
  EXPECT_THAT(found.summary(), ::testing::StartsWith("synflow 12.5; 1 trials, 0 epochs"));
}

TEST(ZeroCost, KeepsTheLaws) {
  Search<AgingEvolution, ZeroCost<Flops>, SepConvSpace> search({.population = 5, .sample = 2});
  EXPECT_EQ(testing::broken_law(search, testing::Landscape{}, {.max_trials = 30}), "");
}

}  // namespace
}  // namespace nascent
