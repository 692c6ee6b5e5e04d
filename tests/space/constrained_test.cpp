#include "nascent/space/constrained.hpp"
#include "nascent/strategy/nsga2.hpp"

#include "../support/support.hpp"
#include "nascent/strategy/coordinate_sweep.hpp"
#include "nascent/strategy/tpe.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using namespace nascent::objectives;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kMost = 120'000;  // parameters; of Small, about a quarter has at most so many

/// The paper's operations and kernels in small networks.
struct Small
    : ChainSpace<Depth<4, 16>, Width<16, 48, 4>, Operations<SeparableConv, Conv>, Kernels<3, 5>> {};

using Tight = Constrained<Small>;
static_assert(SpacePolicy<Tight> && MacroMicroSpace<Tight> && NeighbourSpace<Tight>);
static_assert(MutableSpace<Tight> && EncodedSpace<Tight> && detail::mutates<Tight, Architecture>);
static_assert(detail::admits<Tight, Architecture> && detail::parses_text<Tight>);
static_assert(detail::describes_networks<Tight, Architecture> && detail::fits_problem<Tight>);
static_assert(detail::gives_position<Tight, Architecture> && detail::checks_itself<Tight>);

Tight tight() {
  Tight space;
  return space.constrain(parameters <= kMost);
}

/// A number, as an architecture; a space that counts nothing.
struct Plain {
  struct Architecture {
    int at = 0;
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& a) { return std::to_string(a.at); }
  };
  Architecture sample(Random& random) const { return {random.below(10)}; }
};

/// The same with parameters and a crossover.
struct Counted : Plain {
  std::int64_t parameters(const Architecture& a) const { return a.at; }
  Architecture mutate(const Architecture&, Random& random) const { return sample(random); }
  Architecture crossover(const Architecture&, const Architecture&, Random& random) const {
    return sample(random);
  }
};
static_assert(!MutableSpace<Constrained<Plain>> && !NeighbourSpace<Constrained<Plain>>);
static_assert(CrossoverSpace<Constrained<Counted>> && !EncodedSpace<Constrained<Counted>>);

TEST(Constrained, WhatIsDrawnChangedOrNearKeepsToTheLimit) {
  const Tight space = tight();
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const Architecture drawn = space.sample(random);
    EXPECT_LE(space.parameters(drawn), kMost);
    EXPECT_LE(space.parameters(space.mutate(drawn, random)), kMost);
    for (const Architecture& near : space.neighbours(drawn))
      EXPECT_LE(space.parameters(near), kMost);
  }
}

TEST(Constrained, OnlyNeighboursThatBreakALimitAreMissing) {
  const Tight space = tight();
  const Small base;
  Random random(2);
  std::size_t missing = 0;
  for (int i = 0; i < 100; ++i) {
    const Architecture drawn = space.sample(random);
    std::vector<Architecture> expected;
    for (const Architecture& near : base.neighbours(drawn))
      if (base.parameters(near) <= kMost)
        expected.push_back(near);
      else
        ++missing;
    EXPECT_EQ(space.neighbours(drawn), expected);
  }
  EXPECT_GT(missing, 0u);
}

TEST(Constrained, ALimitMetExactlyIsKept) {
  Constrained<Counted> space;
  space.constrain(parameters <= 5).constrain(parameters >= 3);
  std::string admitted;
  for (int at = 0; at < 10; ++at)
    if (space.admits({at})) admitted += std::to_string(at);
  EXPECT_EQ(admitted, "345");
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(space.contains(space.crossover({3}, {4}, random)));
    EXPECT_TRUE(space.contains(space.mutate({3}, random)));
  }
}

TEST(Constrained, WithoutConstraintsItIsTheBase) {
  const Tight open;
  Random one(4), other(4);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(open.sample(one), Small().sample(other));
  EXPECT_EQ(open.start(), Small().start());
}

TEST(Constrained, AnImpossibleConstraintSaysSo) {
  Tight space;
  space.constrain(parameters <= 500'000).constrain(flops <= 10);
  Random random(5);
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.sample(random); }),
              HasSubstr("keeps to 'parameters <= 500000, flops <= 10'; loosen the constraints"));
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.start(); }),
              HasSubstr("no width of the smallest depth keeps to"));
}

TEST(Constrained, WhatOnlyTrainingTellsIsRefused) {
  Tight space;
  EXPECT_EQ(message_of<std::invalid_argument>([&] { space.constrain(latency <= 2.5); }),
            "the constraint 'latency_ms <= 2.5' cannot be kept to before an architecture is "
            "trained; this space counts parameters and flops, and what is measured can be an "
            "objective instead");
  Constrained<Plain> plain;
  EXPECT_THAT(message_of<std::invalid_argument>([&] { plain.constrain(parameters <= 5); }),
              HasSubstr("this space counts nothing"));
}

TEST(Constrained, ConstraintsStandInTheProtocol) {
  OptionList list;
  append_options(list, "space", tight());
  EXPECT_EQ(list.front(), (std::pair<std::string, std::string>("space.depth_min", "4")));
  EXPECT_EQ(list.back(),
            (std::pair<std::string, std::string>("space.constraints", "parameters <= 120000")));
}

TEST(Constrained, CountsAreForTheProblemThatIsSearchedFor) {
  Tight space = tight();
  const Architecture a = space.start();
  space.fit_to({{1, 28, 28}, 1'000'000});  // the linear layer alone is beyond the limit
  EXPECT_FALSE(space.admits(a));
}

TEST(Constrained, AMacroSearchBeginsAsWideAsIsAdmitted) {
  Tight space;
  space.constrain(parameters <= 20'000);
  const Architecture start = space.start();
  EXPECT_EQ(start.depth(), 4);
  EXPECT_LT(start.width, 48);
  EXPECT_TRUE(space.admits(start));
  EXPECT_FALSE(space.admits(space.with_width(start, start.width + 4)));
}

TEST(Constrained, NothingThatBreaksALimitIsTrained) {
  Search<GreedyMacroMicro, DynamicEpochRanker, Tight> search;
  search.space.constrain(parameters <= 60'000);
  testing::Probe<Tight> probe;
  const auto found = search.run(testing::Landscape{}, {}, probe);
  EXPECT_TRUE(found.finished());
  EXPECT_THAT(probe.trials, Not(IsEmpty()));
  for (const auto& trial : probe.trials)
    EXPECT_LE(search.space.parameters(trial.architecture()), 60'000);

  // Its own moves went beyond the limit, since the base's search trains such networks.
  testing::Probe<Small> unlimited;
  Search<GreedyMacroMicro, DynamicEpochRanker, Small>().run(testing::Landscape{}, {}, unlimited);
  EXPECT_TRUE(std::any_of(unlimited.trials.begin(), unlimited.trials.end(), [](const auto& trial) {
    return Small().parameters(trial.architecture()) > 60'000;
  }));
}

struct Flip {
  static constexpr std::string_view name = "flip";
  int count() const { return 2; }
  bool value(int index) const { return index == 1; }
};

TEST(Constrained, AFurtherVariableKeepsTheConstraint) {
  JointSpace<Tight, Flip> joint{tight()};
  Random random(6);
  auto drawn = joint.sample(random);
  EXPECT_TRUE(joint.admits(drawn));
  while (joint.can_deepen(drawn)) drawn = joint.deeper(drawn);
  EXPECT_FALSE(joint.admits(joint.with_width(drawn, 48)));
}

/// Whether a search asks only for what keeps to the limit.
template <class Strategy>
void expect_within_the_limit(const Strategy& strategy) {
  const Search<Strategy, FixedEpochRanker, Tight> search(strategy, {.epochs = 2}, tight());
  struct Largest {
    std::int64_t parameters = 0;
    int trials = 0;
    void on_trial(const Trial<Architecture>& trial) {
      parameters = (std::max)(parameters, tight().parameters(trial.architecture()));
      ++trials;
    }
  } largest;
  search.run(testing::Landscape{}, {.max_trials = 200}, largest);
  EXPECT_GT(largest.trials, 0);
  EXPECT_LE(largest.parameters, kMost);
}

TEST(Constrained, EveryStrategyKeepsToTheLimit) {
  expect_within_the_limit(RandomStrategy{});
  expect_within_the_limit(AgingEvolution{.population = 10, .sample = 3});
  expect_within_the_limit(LocalSearch{});
  expect_within_the_limit(GreedyMacroMicro{});
  expect_within_the_limit(Nsga2{.population = 10});
  expect_within_the_limit(Tpe{});
  expect_within_the_limit(CoordinateSweep{});
}

TEST(Constrained, TheLawsAreKept) {
  const Search<GreedyMacroMicro, DynamicEpochRanker, Tight> greedy({}, {}, tight());
  EXPECT_EQ(testing::broken_law(greedy), "");
  const Search<Nsga2, FixedEpochRanker, Tight> nsga2({.population = 10}, {.epochs = 2}, tight());
  EXPECT_EQ(testing::broken_law(nsga2, testing::Landscape{}, {.max_trials = 60}), "");
}

}  // namespace
}  // namespace nascent
