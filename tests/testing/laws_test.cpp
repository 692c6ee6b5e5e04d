#include "nascent/testing/laws.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string_view>

#include "nascent/core.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

struct Rate {
  static constexpr std::string_view name = "rate";
  int count() const { return 3; }
  double value(int index) const { return 0.1 / (1 + index); }
};

// Bounds small enough for a search to meet all of them.
template <class Search>
Search small(Search search) {
  auto set = [](auto& space) {
    space.depth = {4, 9};
    space.width = {8, 16, 3};
  };
  if constexpr (requires { search.space.base; })
    set(search.space.base);
  else
    set(search.space);
  if constexpr (requires { search.strategy.trials; }) search.strategy.trials = 30;
  if constexpr (requires { search.strategy.population; }) {
    search.strategy.population = 8;
    search.strategy.sample = 3;
  }
  if constexpr (requires { search.strategy.lookahead; }) search.strategy.lookahead = 2;
  return search;
}

template <class Strategy, class Ranker, class Space>
struct Paper {
  using Search = nascent::Search<Strategy, Ranker, Space>;
  static Search search() { return {}; }
};

template <class Ranker, class Space>
struct Trg {
  using Search = nascent::Search<GreedyMacroMicro, Ranker, Space>;
  static Search search() { return Search(trg_nas()); }
};

using RatedSpace = JointSpace<SepConvSpace, Rate>;

template <class Case>
class Laws : public ::testing::Test {};

using Cases =
    ::testing::Types<Paper<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>,
                     Paper<GreedyMacroMicro, DynamicEpochRanker, TrgSpace>,
                     Paper<GreedyMacroMicro, DynamicEpochRanker, RatedSpace>,
                     Paper<GreedyMacroMicro, FixedEpochRanker, SepConvSpace>,
                     Paper<GreedyMacroMicro, FixedEpochRanker, TrgSpace>,
                     Paper<GreedyMacroMicro, FixedEpochRanker, RatedSpace>,
                     Paper<RandomStrategy, DynamicEpochRanker, SepConvSpace>,
                     Paper<RandomStrategy, DynamicEpochRanker, TrgSpace>,
                     Paper<RandomStrategy, DynamicEpochRanker, RatedSpace>,
                     Paper<RandomStrategy, FixedEpochRanker, SepConvSpace>,
                     Paper<RandomStrategy, FixedEpochRanker, TrgSpace>,
                     Paper<RandomStrategy, FixedEpochRanker, RatedSpace>,
                     Paper<AgingEvolution, DynamicEpochRanker, SepConvSpace>,
                     Paper<AgingEvolution, DynamicEpochRanker, TrgSpace>,
                     Paper<AgingEvolution, DynamicEpochRanker, RatedSpace>,
                     Paper<AgingEvolution, FixedEpochRanker, SepConvSpace>,
                     Paper<AgingEvolution, FixedEpochRanker, TrgSpace>,
                     Paper<AgingEvolution, FixedEpochRanker, RatedSpace>,
                     Paper<LocalSearch, DynamicEpochRanker, SepConvSpace>,
                     Paper<LocalSearch, DynamicEpochRanker, TrgSpace>,
                     Paper<LocalSearch, DynamicEpochRanker, RatedSpace>,
                     Paper<LocalSearch, FixedEpochRanker, SepConvSpace>,
                     Paper<LocalSearch, FixedEpochRanker, TrgSpace>,
                     Paper<LocalSearch, FixedEpochRanker, RatedSpace>,
                     Trg<DynamicEpochRanker, SepConvSpace>, Trg<DynamicEpochRanker, TrgSpace>,
                     Trg<DynamicEpochRanker, RatedSpace>, Trg<FixedEpochRanker, SepConvSpace>,
                     Trg<FixedEpochRanker, TrgSpace>, Trg<FixedEpochRanker, RatedSpace>>;
TYPED_TEST_SUITE(Laws, Cases);

TYPED_TEST(Laws, HoldInManyWorlds) {
  for (std::uint64_t world = 1; world <= 4; ++world)
    EXPECT_EQ(testing::broken_law(small(TypeParam::search()), testing::Landscape{world, 8},
                                  {.seed = world, .max_trials = 200}),
              "")
        << "in world " << world;
}

TYPED_TEST(Laws, HoldInTheBoundsOfThePaper) {
  EXPECT_EQ(testing::broken_law(TypeParam::search(), testing::Landscape{7, 6}, {.max_trials = 25}),
            "");
}

// Policies that break the laws are found out.

template <class Body>
struct Draws {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("draws");
    Judged<Space> best = co_await judge(Body::first(space, random), Move::sample);
    for (int i = 0; i < 5; ++i) {
      Judged<Space> drawn = co_await judge(space.sample(random), Move::sample);
      if (drawn.failed()) Body::meet_failure();
      if (drawn.exceeds(best)) best = drawn;
    }
    Body::spoil(best);
    co_return best;
  }
};
struct Lawful {
  static auto first(const auto& space, Random& random) { return space.sample(random); }
  static void meet_failure() {}
  static void spoil(auto&) {}
};
struct Clocked : Lawful {
  static auto first(const auto& space, Random&) {
    static std::uint64_t time = 0;
    Random random(++time);
    return space.sample(random);
  }
};
struct Spoils : Lawful {
  static void spoil(auto& best) { best.architecture.width = 16 + best.architecture.width % 2; }
};
struct Fragile : Lawful {
  static void meet_failure() { throw std::runtime_error("a candidate failed"); }
};
struct Wordless : SepConvSpace {
  struct Architecture : nascent::Architecture {
    using nascent::Architecture::Architecture;
    explicit Architecture(nascent::Architecture a) : nascent::Architecture(std::move(a)) {}
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& a) { return "d" + std::to_string(a.depth()); }
  };
  Architecture sample(Random& random) const { return Architecture(SepConvSpace::sample(random)); }
};

template <class Body, class Space = SepConvSpace>
std::string broken() {
  return testing::broken_law(Search<Draws<Body>, FixedEpochRanker, Space>{});
}

TEST(BrokenLaw, IsNamedInASentence) {
  EXPECT_EQ(broken<Lawful>(), "");
  EXPECT_THAT(broken<Clocked>(), HasSubstr("the same seed gave another trajectory: 'sample d"));
  EXPECT_THAT((broken<Lawful, Wordless>()), HasSubstr("texts do not tell architectures apart: d"));
  EXPECT_THAT(broken<Spoils>(), HasSubstr("was never tried: d"));
  EXPECT_EQ(broken<Fragile>(), "the search threw: a candidate failed");
}

}  // namespace
}  // namespace nascent
