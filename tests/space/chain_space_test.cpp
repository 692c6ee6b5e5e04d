#include "nascent/space/chain_space.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "../support/support.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

// Eq. 1 with the paper's numbers: D = 96 is 5..100, W = 57 is 16..128 by 2, Df = 25.
using Published =
    ChainSpace<Depth<5, 100>, Width<16, 128, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5>>;
static_assert(space_size(Published{}) > 6.155e18 && space_size(Published{}) < 6.165e18);
static_assert(space_size(Published{}, 1) == 4.0 * 96 * 57);

static_assert(tiny().depth.min == 10 && tiny().depth.max == 100 && tiny().width.min == 16 &&
              tiny().width.max == 64 && tiny().width.step == 2);
static_assert(mobile().width.max == 128 && mobile().depth.max == 100);

TEST(Variables, ListTheirValuesFromWhereASearchStarts) {
  constexpr Depth<10, 12> depth;
  static_assert(depth.count() == 3 && depth.value(0) == 10 && depth.value(2) == 12);
  static_assert(depth.contains(11) && !depth.contains(9) && !depth.contains(13));
  constexpr Width<16, 64, 2> width;
  static_assert(width.count() == 25 && width.value(0) == 64 && width.value(24) == 16);
  static_assert(width.contains(16) && !width.contains(17) && !width.contains(66));
  constexpr Width<16, 72, 4> trg;
  static_assert(trg.count() == 15 && trg.value(14) == 16);
  constexpr Width<10, 20, 3> uneven;  // the grid hangs from the largest
  static_assert(uneven.count() == 4 && uneven.value(3) == 11 && !uneven.contains(10));
  using Three = Kernels<3, 5, 7>;
  static_assert(Three::count() == 3 && Three::value(1) == 5 && !Three::contains(9));
  EXPECT_EQ(Three::listed(), "3, 5, 7");
}

TEST(ChainSpace, CountsParametersLikeThePaper) {
  SepConvSpace space;
  EXPECT_EQ(space.parameters(Architecture(10, 64)), 309'450);
  space.problem = {{1, 28, 28}, 10};
  EXPECT_EQ(space.parameters(Architecture(18, 54)), 368'506);
}

// By hand: stem 1 to 8; layers 8 to 4 at 7x7, 4 to 8 at 4x4, 8 to 16 at 2x2; 16 to 2.
TEST(ChainSpace, CountsASmallNetworkLikeAPersonWouldByHand) {
  SepConvSpace space;
  space.problem = {{1, 7, 7}, 2};
  const Architecture separable(3, 4);
  EXPECT_EQ(space.parameters(separable), 88 + 112 + 84 + 232 + 34);
  EXPECT_EQ(space.macs(separable), 3528 + (3528 + 1568) + (576 + 512) + (288 + 512) + 32);
  const Architecture plain = parse_architecture("d3 w4 ops=csc kernels=355");
  EXPECT_EQ(space.parameters(plain), 88 + (288 + 8) + (100 + 32 + 16) + (8 * 16 * 25 + 32) + 34);
  EXPECT_EQ(space.macs(plain), 3528 + 288 * 49 + (1600 + 512) + 8 * 16 * 25 * 4 + 32);
}

TEST(ChainSpace, ChannelsDoubleAndMapsHalveAtOneAndTwoThirdsOfTheLayers) {
  SepConvSpace space;
  for (const int depth : {3, 4, 5, 9, 10, 11, 12, 20, 23}) {
    const NetworkDescription network = space.describe(Architecture(depth, 6));
    int channels = 6, extent = 32;
    for (int i = 0; i < depth; ++i) {
      if (i == depth / 3 || i == 2 * depth / 3) channels *= 2, extent /= 2;
      const auto last = std::find_if(network.layers.rbegin(), network.layers.rend(),
                                     [&](const auto& layer) { return layer.block == i; });
      EXPECT_EQ(last->out, (Shape{channels, extent, extent})) << "layer " << i << " of " << depth;
    }
    EXPECT_EQ(network.layers.front().block, LayerDescription::kStem);
    EXPECT_EQ(network.layers.front().out.channels, 12);
    EXPECT_EQ(network.layers.back().block, LayerDescription::kHead);
    EXPECT_EQ(network.layers.back().out, (Shape{10, 1, 1}));
  }
}

TEST(ChainSpace, MovesChangeOneThing) {
  SepConvSpace space;
  const Architecture start = space.start();
  EXPECT_EQ(to_string(start), "d10 w64 ops=ssssssssss kernels=3333333333");
  EXPECT_EQ(space.deeper(start), Architecture(11, 64));
  EXPECT_EQ(space.narrower(start), Architecture(10, 62));
  EXPECT_TRUE(space.can_deepen(Architecture(99, 16)));
  EXPECT_FALSE(space.can_deepen(Architecture(100, 16)));
  EXPECT_TRUE(space.can_narrow(Architecture(10, 18)));
  EXPECT_FALSE(space.can_narrow(Architecture(10, 17)));
  EXPECT_EQ(operations_of(space.with_operation(start, 2, 1)), "sscsssssss");
  EXPECT_EQ(kernels_of(space.with_kernel(start, 9, 1)), "3333333335");
  EXPECT_NE(message_of([&] { (void)space.with_kernel(start, 10, 1); }), "");
  EXPECT_EQ(space.position(Architecture(12, 60)).deeper, 2);
  EXPECT_EQ(space.position(Architecture(12, 60)).narrower, 2);
}

TEST(ChainSpace, SamplesLieInTheSpaceAndReachItsEnds) {
  TrgSpace space;
  Random random(1);
  std::set<int> depths, widths, kernels;
  for (int i = 0; i < 500; ++i) {
    const Architecture drawn = space.sample(random);
    EXPECT_TRUE(space.contains(drawn));
    EXPECT_TRUE(space.width.contains(drawn.width));
    depths.insert(drawn.depth()), widths.insert(drawn.width);
    kernels.insert(drawn.layers[0].kernel);
  }
  EXPECT_EQ(depths.size(), 11u);
  EXPECT_EQ(widths.size(), 15u);
  EXPECT_EQ(kernels, (std::set<int>{3, 5, 7}));
}

// Layers more or less, width steps, and layers that differ.
int distance(const Architecture& a, const Architecture& b, int step) {
  int changes = std::abs(a.depth() - b.depth()) + std::abs(a.width - b.width) / step;
  for (int i = 0; i < (std::min)(a.depth(), b.depth()); ++i) {
    const auto n = static_cast<std::size_t>(i);
    changes += (a.layers[n].operation != b.layers[n].operation) +
               (a.layers[n].kernel != b.layers[n].kernel);
  }
  return changes;
}

TEST(ChainSpace, NeighboursAreAllArchitecturesOneChangeAway) {
  TrgSpace space;
  Random random(2);
  for (int i = 0; i < 20; ++i) {
    const Architecture centre = space.sample(random);
    const std::vector<Architecture> neighbours = space.neighbours(centre);
    for (const Architecture& other : neighbours) {
      EXPECT_TRUE(space.contains(other));
      EXPECT_EQ(distance(centre, other, space.width.step), 1);
    }
    const int by_depth = (centre.depth() < 20) + (centre.depth() > 10);
    const int by_width = (centre.width < 72) + (centre.width > 16);
    EXPECT_EQ(static_cast<int>(neighbours.size()), by_depth + by_width + 3 * centre.depth());
    EXPECT_EQ((std::set<Architecture>(neighbours.begin(), neighbours.end()).size()),
              neighbours.size());
  }
}

/// What is left of the layers of either when those at both ends that agree are taken away.
std::pair<int, int> differing_layers(const Architecture& a, const Architecture& b) {
  const auto [i, j] =
      std::mismatch(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end());
  const auto [k, l] = std::mismatch(a.layers.rbegin(), std::make_reverse_iterator(i),
                                    b.layers.rbegin(), std::make_reverse_iterator(j));
  return {static_cast<int>(k.base() - i), static_cast<int>(l.base() - j)};
}

TEST(ChainSpace, AMutationIsAnotherValueOfOneVariable) {
  TrgSpace space;
  space.depth = {10, 13};
  Random random(3);
  std::map<std::string, int> times;
  for (int i = 0; i < 4'000; ++i) {
    const Architecture parent = space.sample(random), child = space.mutate(parent, random);
    ASSERT_TRUE(space.contains(child));
    ASSERT_NE(child, parent);
    const int layers = child.depth() - parent.depth(), width = child.width - parent.width;
    const auto [was, is] = differing_layers(parent, child);
    if (width != 0) {
      ASSERT_EQ(std::abs(width), space.width.step);
      ASSERT_EQ(std::pair(was, is), std::pair(0, 0));
      ++times["width"];
    } else if (layers != 0) {
      ASSERT_EQ(std::pair(was, is), layers > 0 ? std::pair(0, 1) : std::pair(1, 0));
      ++times["depth"];
    } else {
      ASSERT_EQ(std::pair(was, is), std::pair(1, 1));
      ++times[operations_of(child) != operations_of(parent) ? "operation" : "kernel"];
      ASSERT_EQ(distance(parent, child, 1), 1);
    }
  }
  EXPECT_EQ(times.size(), 4u);
  for (const auto& [variable, count] : times) EXPECT_NEAR(count, 1'000, 5 * 27.4) << variable;
}

TEST(ChainSpace, AMutationReachesEveryLayerAndEitherDirection) {
  SepConvSpace space;
  space.depth = {4, 6};
  const Architecture parent = parse_architecture("d5 w32 ops=scscc kernels=35533");
  Random random(4);
  std::set<Architecture> children;
  for (int i = 0; i < 20'000; ++i) children.insert(space.mutate(parent, random));
  for (const Architecture& other : space.neighbours(parent))
    EXPECT_TRUE(children.contains(other)) << other;
  EXPECT_TRUE(children.contains(parse_architecture("d6 w32 ops=cscscc kernels=335533")));
  EXPECT_TRUE(children.contains(parse_architecture("d4 w32 ops=cscc kernels=5533")));
}

TEST(ChainSpace, AMutationLeavesAloneWhatHasNoOtherValue) {
  Random random(5);
  ChainSpace<Depth<4, 4>, Width<8, 8, 2>, Operations<Conv>, Kernels<3, 5>> kernels;
  for (int i = 0; i < 100; ++i)
    EXPECT_NE(kernels_of(kernels.mutate(kernels.start(), random)), "3333");
  ChainSpace<Depth<4, 4>, Width<8, 10, 2>, Operations<Conv>, Kernels<3>> widths;
  EXPECT_EQ(widths.mutate(widths.start(), random).width, 8);
  ChainSpace<Depth<4, 5>, Width<8, 8, 2>, Operations<Conv>, Kernels<3>> depths;
  EXPECT_EQ(depths.mutate(depths.start(), random).depth(), 5);
  ChainSpace<Depth<4, 4>, Width<8, 8, 2>, Operations<Conv>, Kernels<3>> one;
  EXPECT_EQ(one.mutate(one.start(), random), one.start());
}

TEST(ChainSpace, ContainsWhatASearchMayPropose) {
  SepConvSpace space;
  EXPECT_TRUE(space.contains(Architecture(10, 64)));
  EXPECT_TRUE(space.contains(Architecture(100, 1)));  // micro widths leave the grid
  EXPECT_TRUE(space.contains(Architecture(100, 37)));
  EXPECT_FALSE(space.contains(Architecture(9, 64)));
  EXPECT_FALSE(space.contains(Architecture(101, 64)));
  EXPECT_FALSE(space.contains(Architecture(10, 65)));
  EXPECT_FALSE(space.contains(Architecture(10, 0)));
  EXPECT_FALSE(space.contains(Architecture(10, 64, {'x', 3})));
  EXPECT_FALSE(space.contains(Architecture(10, 64, {'s', 7})));
  EXPECT_TRUE(TrgSpace{}.contains(Architecture(10, 64, {'s', 7})));
}

TEST(ChainSpace, RefusesWithAReason) {
  const SepConvSpace space;
  const auto refusal = [&](const Architecture& architecture) {
    return message_of<std::invalid_argument>([&] { space.require(architecture); });
  };
  EXPECT_EQ(refusal(Architecture(10, 63)), "");
  Architecture unknown(10, 64);
  unknown.layers[4].operation = 'x';
  EXPECT_EQ(refusal(unknown),
            "layer 4: unknown operation 'x'; this space has 's' (separable convolution), 'c' "
            "(plain convolution)");
  EXPECT_EQ(message_of([&] { space.describe(unknown); }), refusal(unknown));
  EXPECT_EQ(refusal(Architecture(10, 64, {'s', 7})),
            "layer 0: unknown kernel 7; this space has 3, 5");
  EXPECT_THAT(
      refusal(Architecture(9, 64)),
      HasSubstr("lies outside the bounds of this space: depth 10 to 100, width 1 to 64; give"));
  EXPECT_THAT(refusal(Architecture(10, 65)), HasSubstr("lies outside the bounds"));
}

TEST(ChainSpace, BoundsThatMakeNoSpaceAreRefused) {
  const auto refusal = [](auto change) {
    SepConvSpace space;
    change(space);
    return message_of<std::invalid_argument>([&] { space.check(); });
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_THAT(refusal([](auto& s) { s.depth.min = 2; }),
              HasSubstr("the smallest depth must be at least 3, not 2; raise `depth.min`"));
  EXPECT_THAT(refusal([](auto& s) { s.depth.max = 9; }),
              HasSubstr("largest depth is below the smallest, 9 below 10; raise `depth.max`"));
  EXPECT_THAT(refusal([](auto& s) { s.width.min = 0; }), HasSubstr("at least 1"));
  EXPECT_THAT(refusal([](auto& s) { s.width.max = 15; }), HasSubstr("largest width is below"));
  EXPECT_THAT(refusal([](auto& s) { s.width.step = 0; }), HasSubstr("width step"));
  EXPECT_THAT(refusal([](auto& s) { s.width.max = 2'000'000'000; }), HasSubstr("at most 10000"));
  EXPECT_THAT(refusal([](auto& s) { s.depth.max = 2'000'000'000; }), HasSubstr("at most 10000"));
  for (const Problem& wrong : {Problem{{3, 32, 32}, 1}, Problem{{0, 32, 32}, 10},
                               Problem{{-1, -1, 1}, 10}, Problem{{3, 32, 0}, 10}})
    EXPECT_THAT(refusal([&](auto& s) { s.problem = wrong; }), HasSubstr("the problem needs"));
  SepConvSpace closed;
  closed.depth = {10, 10};
  closed.width = {64, 64, 2};
  EXPECT_EQ(refusal([&](auto& s) { s = closed; }), "");
  EXPECT_FALSE(closed.can_deepen(closed.start()));
  EXPECT_FALSE(closed.can_narrow(closed.start()));
}

// A user's own operation takes part without any change here.
struct Bottleneck {
  static constexpr char letter = 'b';
  static constexpr std::string_view name = "bottleneck";
  static void describe(NetworkBuilder& net, LayerTarget target) {
    net.relu()
        .convolution({.channels = (target.channels + 3) / 4, .kernel = 1, .stride = target.stride})
        .convolution({.channels = target.channels, .kernel = target.kernel})
        .batch_norm();
  }
};
static_assert(OperationPolicy<Bottleneck>);

TEST(ChainSpace, TakesAnOperationOfYourOwn) {
  ChainSpace<Depth<3, 5>, Width<4, 8, 2>, Operations<Bottleneck, SeparableConv, Conv>, Kernels<7>>
      space;
  const Architecture start = space.start();
  EXPECT_EQ(to_string(start), "d3 w8 ops=bbb kernels=777");
  EXPECT_EQ(space.operation_choices(), 3);
  EXPECT_GT(space.parameters(start), 0);
  EXPECT_THAT(message_of([&] { space.require(Architecture(3, 8, {'s', 3})); }), HasSubstr("7"));
}

}  // namespace
}  // namespace nascent
