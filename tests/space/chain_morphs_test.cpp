#include <set>

#include "../support/support.hpp"
#include "nascent/space/joint_space.hpp"
#include "nascent/space/morphs.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

static_assert(MorphSpace<SepConvSpace>);

struct SmallSpace
    : ChainSpace<Depth<3, 30>, Width<2, 20, 2>, Operations<SeparableConv, Conv>, Kernels<5, 3, 7>> {
};

int reductions(const NetworkDescription& net, int block) {
  int found = 0;
  for (const LayerDescription& layer : net.layers)
    found += layer.block == block && layer.stride == 2;
  return found;
}

// By hand: stages of 5 layers are 1, 2, 2 long, of 6 layers 2, 2, 2; of 8 layers 2, 3, 3; ...
TEST(ChainMorphs, ANewLayerStandsInTheStageThatIsLonger) {
  EXPECT_THAT(detail::places_of_new_layer(3), IsEmpty());
  EXPECT_THAT(detail::places_of_new_layer(4), ElementsAre(2));
  EXPECT_THAT(detail::places_of_new_layer(5), ElementsAre(1));
  EXPECT_THAT(detail::places_of_new_layer(6), ElementsAre(5));
  EXPECT_THAT(detail::places_of_new_layer(7), ElementsAre(3, 4));
  EXPECT_THAT(detail::places_of_new_layer(8), ElementsAre(1, 2));
  EXPECT_THAT(detail::places_of_new_layer(9), ElementsAre(7, 8));
}

TEST(ChainMorphs, EveryLayerKeepsItsRoleAndGrows) {
  const SmallSpace space;
  Random random(3);
  for (int i = 0; i < 60; ++i) {
    const Architecture parent = space.sample(random);
    std::set<std::string> texts{to_string(parent)};
    for (const Architecture& child : space.morphs(parent)) {
      EXPECT_TRUE(texts.insert(to_string(child)).second) << child;
      space.require(child);
      EXPECT_GT(space.parameters(child), space.parameters(parent));
      EXPECT_GE(child.depth(), parent.depth());
      EXPECT_GE(child.width, parent.width);
      const std::vector<int> origin = space.origin(parent, child);
      const NetworkDescription small = space.describe(parent), large = space.describe(child);
      int next = 0;
      for (int layer = 0; layer < child.depth(); ++layer) {
        const int from = origin[static_cast<std::size_t>(layer)];
        if (from < 0) {
          EXPECT_EQ(reductions(large, layer), 0);
          continue;
        }
        EXPECT_EQ(from, next++);
        EXPECT_EQ(reductions(large, layer), reductions(small, from));
        EXPECT_EQ(child.layers[std::size_t(layer)].operation,
                  parent.layers[std::size_t(from)].operation);
        EXPECT_GE(child.layers[std::size_t(layer)].kernel, parent.layers[std::size_t(from)].kernel);
      }
      EXPECT_EQ(next, parent.depth());
    }
  }
}

TEST(ChainMorphs, ListDepthWidthAndKernels) {
  const SmallSpace space;
  const Architecture small(4, 2, {'s', 3});
  // One place, two operations, three kernels; one width; four layers, two larger kernels.
  EXPECT_EQ(space.morphs(small).size(), 2U * 3 + 1 + 4 * 2);
  const Architecture largest(30, 20, {'c', 7});
  EXPECT_THAT(space.morphs(largest), IsEmpty());
  Random random(1);
  EXPECT_EQ(space.morph(largest, random), largest);
}

TEST(ChainMorphs, EachKindIsDrawnAsOften) {
  const SmallSpace space;
  const Architecture small(9, 10, {'s', 3});
  Random random(5);
  int deeper = 0, wider = 0;
  for (int i = 0; i < 3000; ++i) {
    const Architecture child = space.morph(small, random);
    deeper += child.depth() > small.depth();
    wider += child.width > small.width;
  }
  EXPECT_NEAR(deeper, 1000, 100);  // 4 standard deviations of 26
  EXPECT_NEAR(wider, 1000, 100);
}

TEST(ChainMorphs, AnOriginIsFoundAfterManySteps) {
  const SmallSpace space;
  Random random(9);
  for (int i = 0; i < 300; ++i) {
    const Architecture parent = i % 2 ? space.sample(random) : space.seedling(random);
    const Architecture child = grown(space, parent, 1 + i % 12, random);
    const auto origin = space.origin(parent, child);
    EXPECT_EQ(growth(space.describe(parent), space.describe(child), origin).obstacle, "");
  }
}

TEST(ChainMorphs, ASeedlingIsTheSmallestNetwork) {
  const SmallSpace space;
  Random random(2);
  std::set<std::string> operations;
  for (int i = 0; i < 50; ++i) {
    const Architecture small = space.seedling(random);
    EXPECT_EQ(small.depth(), 3);
    EXPECT_EQ(small.width, 2);
    EXPECT_EQ(kernels_of(small), "333");
    operations.insert(operations_of(small));
  }
  EXPECT_EQ(operations.size(), 8U);
}

TEST(ChainMorphs, WhatHasNotGrownHasNoOrigin) {
  const Architecture base = parse_architecture("d4 w4 ops=scsc kernels=3333");
  for (const char* other :
       {"d4 w2 ops=scsc kernels=3333", "d4 w4 ops=sscc kernels=3333", "d3 w4 ops=scs kernels=333",
        "d5 w4 ops=scscs kernels=33333", "d4 w4 ops=scsc kernels=1333"})
    EXPECT_THAT(message_of<std::invalid_argument>(
                    [&] { SmallSpace::origin(base, parse_architecture(other)); }),
                HasSubstr("is not 'd4 w4 ops=scsc kernels=3333' grown"))
        << other;
}

/// Behind a convolution instead of a rectifier, a new layer changes the function.
struct Reversed {
  static constexpr char letter = 'r';
  static constexpr std::string_view name = "convolution, then rectifier";
  static void describe(NetworkBuilder& net, LayerTarget target) {
    net.convolution({.channels = target.channels, .kernel = target.kernel, .stride = target.stride})
        .batch_norm()
        .relu();
  }
};

/// With a branch: nothing is inherited.
struct Residual {
  static constexpr char letter = 'b';
  static constexpr std::string_view name = "with a branch";
  static void describe(NetworkBuilder& net, LayerTarget target) {
    net.relu().convolution(
        {.channels = target.channels, .kernel = target.kernel, .stride = target.stride});
    const int here = net.here();
    net.batch_norm().add(here);
  }
};

TEST(ChainMorphs, OperationsDecideWhatCanBeInherited) {
  const ChainSpace<Depth<3, 9>, Width<2, 8, 2>, Operations<SeparableConv, Reversed>, Kernels<3>>
      own;
  for (const Architecture& child : own.morphs(Architecture(5, 2, {'s', 3})))
    EXPECT_THAT(operations_of(child), Not(HasSubstr("r")));
  EXPECT_EQ(own.morphs(Architecture(5, 2, {'r', 3})).size(), 1U) << "wider only";
  const ChainSpace<Depth<3, 9>, Width<2, 8, 2>, Operations<Residual>, Kernels<3, 5>> branching;
  EXPECT_THAT(branching.morphs(Architecture(5, 2, {'b', 3})), IsEmpty());
}

}  // namespace
}  // namespace nascent
