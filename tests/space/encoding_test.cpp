#include "nascent/space/encoding.hpp"

#include "../support/support.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

struct Share {
  static constexpr std::string_view name = "share";
  int count() const { return 3; }
  double value(int index) const { return 0.1 * index; }
};
using Shared = JointSpace<SepConvSpace, Share>;

/// Depths 4 to 6, widths 16, 14, 12, 10.
SepConvSpace small() {
  SepConvSpace space;
  space.depth = {4, 6};
  space.width = {10, 16, 2};
  return space;
}

static_assert(EncodedSpace<SepConvSpace> && EncodedSpace<Shared>);

TEST(Encoding, OfAChainIsDepthWidthAndTwoValuesForEachLayerThatThereCanBe) {
  EXPECT_THAT(small().choices(), ElementsAre(3, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2));
  EXPECT_THAT(small().encode(parse_architecture("d5 w14 ops=sscsc kernels=33553")),
              ElementsAre(1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0));
}

TEST(Encoding, OfAWidthOffTheGridIsTheNearestStep) {
  SepConvSpace space = small();
  space.width.step = 3;  // 16, 13, 10
  const auto width_code = [&](int width) { return space.encode(Architecture(4, width))[1]; };
  EXPECT_EQ(width_code(16), 0);
  EXPECT_EQ(width_code(15), 0);
  EXPECT_EQ(width_code(14), 1);
  EXPECT_EQ(width_code(11), 2);
  EXPECT_EQ(width_code(1), 2);
}

TEST(Encoding, DecodesToWhatWasEncoded) {
  const Shared joint{small()};
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const auto architecture = joint.sample(random);
    EXPECT_EQ(joint.decode(joint.encode(architecture)), architecture);
    EXPECT_EQ(joint.base.decode(joint.base.encode(architecture.base)), architecture.base);
  }
}

TEST(Encoding, EveryListOfValuesThatExistIsAnArchitecture) {
  const Shared joint{small()};
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    std::vector<int> code;
    for (const int count : joint.choices()) code.push_back(random.below(count));
    const auto architecture = detail::decoded(joint, code);
    ASSERT_TRUE(architecture);
    EXPECT_TRUE(joint.contains(*architecture));
    for (std::size_t p = 2 + 2 * static_cast<std::size_t>(architecture->base.depth());
         p + 1 < code.size(); ++p)
      code[p] = 0;  // layers that are not there
    EXPECT_EQ(joint.encode(*architecture), code);
  }
}

TEST(Encoding, OfJointSpacesEndsWithTheFurtherVariables) {
  const Shared joint{small()};
  auto architecture = Shared::Architecture(Architecture(4, 16));
  architecture.choices[0] = 2;
  EXPECT_EQ(joint.choices().back(), 3);
  EXPECT_EQ(joint.encode(architecture).back(), 2);
  architecture.choices[0] = 3;
  EXPECT_FALSE(joint.contains(architecture));
  architecture.choices[0] = 2;
  architecture.base.width = 17;
  EXPECT_FALSE(joint.contains(architecture));
}

TEST(Encoding, RefusesListsThatTheSpaceHasNot) {
  const auto refusal = [](std::size_t position, int value) {
    std::vector<int> code(14);
    code[position] = value;
    return message_of<std::invalid_argument>([&] { small().decode(code); });
  };
  EXPECT_EQ(refusal(1, 4), "position 1 of an encoding of this space is from 0 to 3, not 4");
  EXPECT_EQ(refusal(0, -1), "position 0 of an encoding of this space is from 0 to 2, not -1");
  EXPECT_EQ(message_of<std::invalid_argument>([] {
              small().decode({1, 2});
            }),
            "an encoding of this space has 14 positions, not 2");
  EXPECT_EQ(message_of<std::invalid_argument>([] {
              Shared{small()}.decode({1, 2});
            }),
            "an encoding of this space has 15 positions, not 2");
}

}  // namespace
}  // namespace nascent
