#include "nascent/space/joint_space.hpp"

#include <array>
#include <set>

#include "../support/support.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

struct Rate {
  static constexpr std::string_view name = "rate";
  double first = 0.1;
  int values = 3;
  int count() const { return values; }
  double value(int index) const { return first / (1 << index); }
};

struct Activation {
  static constexpr std::string_view name = "activation";
  static constexpr int count() { return 2; }
  std::string value(int index) const { return index == 0 ? "relu" : "swish"; }
};

using Space = JointSpace<SepConvSpace, Rate, Activation>;
static_assert(SpacePolicy<Space> && MacroMicroSpace<Space>);
static_assert(SpacePolicy<JointSpace<Space, Rate>>);  // they nest

TEST(JointSpace, KnowsTheValueOfEachVariable) {
  Space space;
  std::get<Rate>(space.variables).first = 0.4;
  Space::Architecture architecture = space.start();
  EXPECT_EQ(to_string(architecture), to_string(space.base.start()) + " rate=0 activation=0");
  EXPECT_DOUBLE_EQ(space.value<Rate>(architecture), 0.4);
  architecture.choices = {2, 1};
  EXPECT_EQ(architecture.choice<Rate>(), 2);
  EXPECT_EQ(architecture.choice<Activation>(), 1);
  EXPECT_DOUBLE_EQ(space.value<Rate>(architecture), 0.1);
  EXPECT_EQ(space.value<Activation>(architecture), "swish");
  EXPECT_EQ(to_string(architecture), to_string(space.base.start()) + " rate=2 activation=1");
}

TEST(JointSpace, SamplesAndNeighboursVaryEveryVariable) {
  Space space;
  Random random(1);
  std::set<std::pair<int, int>> seen;
  for (int i = 0; i < 100; ++i) {
    const Space::Architecture drawn = space.sample(random);
    space.require(drawn);
    seen.insert({drawn.choice<Rate>(), drawn.choice<Activation>()});
    const auto neighbours = space.neighbours(drawn);
    EXPECT_EQ(neighbours.size(), space.base.neighbours(drawn.base).size() + 2 + 1);
    std::set<std::string> texts{to_string(drawn)};
    for (const auto& other : neighbours) EXPECT_TRUE(texts.insert(to_string(other)).second);
  }
  EXPECT_EQ(seen.size(), 6u);
}

TEST(JointSpace, AMutationChangesTheBaseOrOneVariable) {
  Space space;
  Random random(2);
  std::array<int, 3> times{};
  std::set<int> rates;
  for (int i = 0; i < 3'000; ++i) {
    const Space::Architecture parent = space.sample(random), child = space.mutate(parent, random);
    space.require(child);
    const bool base = child.base != parent.base;
    const bool rate = child.choices[0] != parent.choices[0];
    const bool activation = child.choices[1] != parent.choices[1];
    ASSERT_EQ(base + rate + activation, 1);
    ++times[base ? 0u : rate ? 1u : 2u];
    if (rate && parent.choices[0] == 1) rates.insert(child.choices[0]);
  }
  for (const int count : times) EXPECT_NEAR(count, 1'000, 5 * 25.8);
  EXPECT_EQ(rates, (std::set<int>{0, 2}));
  std::get<Rate>(space.variables).values = 1;  // has no other value
  for (int i = 0; i < 100; ++i) EXPECT_EQ(space.mutate(space.start(), random).choice<Rate>(), 0);
}

TEST(JointSpace, MovesOfTheBaseKeepTheFurtherVariables) {
  Space space;
  Space::Architecture architecture = space.start();
  architecture.choices = {1, 1};
  for (const auto& moved :
       {space.deeper(architecture), space.narrower(architecture), space.with_width(architecture, 5),
        space.with_operation(architecture, 1, 1), space.with_kernel(architecture, 1, 1)}) {
    EXPECT_NE(moved.base, architecture.base);
    EXPECT_EQ(moved.choices, architecture.choices);
    EXPECT_EQ(space.parameters(moved), space.base.parameters(moved.base));
    EXPECT_EQ(space.describe(moved).macs(), space.base.macs(moved.base));
  }
  EXPECT_EQ(space.depth_of(architecture), 10);
  EXPECT_EQ(space.width_of(architecture), 64);
  EXPECT_TRUE(space.can_deepen(architecture) && space.can_narrow(architecture));
  EXPECT_EQ(space.position(space.deeper(architecture)).deeper, 1);
  space.fit_to({{1, 28, 28}, 47});
  EXPECT_EQ(space.base.problem.classes, 47);
}

TEST(JointSpace, RefusesWhatLiesOutside) {
  Space space;
  space.check();
  Space::Architecture outside = space.start();
  outside.choices = {0, 2};
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.require(outside); }),
              HasSubstr("outside the variables"));
  EXPECT_THAT(message_of<std::invalid_argument>(
                  [&] { space.require(Space::Architecture(Architecture(9, 64))); }),
              HasSubstr("outside the bounds"));
  std::get<Rate>(space.variables).values = 0;
  EXPECT_EQ(message_of<std::invalid_argument>([&] { space.check(); }),
            "variable 'rate' has no values: its count() is 0, and must be at least 1");
}

TEST(JointSpace, ListsTheBaseAndTheVariablesAsOptions) {
  OptionList list;
  append_options(list, "space", Space{});
  EXPECT_EQ(list.front(), (std::pair<std::string, std::string>("space.base.depth_min", "10")));
  EXPECT_EQ(list.back(), (std::pair<std::string, std::string>("space.activation", "2")));
}

}  // namespace
}  // namespace nascent
