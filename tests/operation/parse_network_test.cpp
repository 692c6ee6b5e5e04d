#include "nascent/operation/parse_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "../support/support.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

std::string text_of_a_cell() {
  NasBench201Space space;
  space.cells = 1;
  return to_string(space.describe(space.parse("124302")));
}

TEST(ParseNetwork, ReadsWhatToStringWrites) {
  const std::string chain = to_string(
      SepConvSpace().describe(parse_architecture("d10 w16 ops=scscsscssc kernels=3535335533")));
  for (const std::string& text : {text_of_a_cell(), chain})
    EXPECT_EQ(to_string(parse_network(text)), text);
}

TEST(ParseNetwork, NamesTheLineThatIsNoLayer) {
  const auto complaint = [](const std::string& from, const std::string& to) {
    std::string text = text_of_a_cell();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return message_of<std::invalid_argument>([&] { parse_network(text); });
  };
  EXPECT_THAT(complaint("3x32x32, 10", "3x32, 10"),
              HasSubstr("line 1 of the network: expected a shape such as 3x32x32"));
  EXPECT_THAT(complaint("10 classes", "0 classes"),
              HasSubstr("expected the image and the classes"));
  EXPECT_THAT(complaint("batch_norm", "batchnorm"),
              HasSubstr("line 3 of the network: unknown layer"));
  EXPECT_THAT(complaint("convolution 3x32x32", "convolution 4x32x32"),
              HasSubstr("line 2 of the network: its input has another shape"));
  EXPECT_THAT(complaint("3 1 1\n", "3 1\n"), HasSubstr("expected six numbers"));
  EXPECT_THAT(complaint("3 1 1\n", "3 0 1\n"), HasSubstr("must be positive"));
  EXPECT_THAT(complaint("3 1 1\n", "3 1 2\n"), HasSubstr("groups divide the channels"));
  EXPECT_THAT(complaint("16x32x32 -1 0", "16x32x32 -1 99"),
              HasSubstr("reads a layer that does not come before it"));
}

TEST(ParseNetwork, RefusesATextWithoutLayers) {
  for (const std::string text : {"", "\n", "3x32x32, 10 classes\n", "3x32x32, 10 classes\n\n"})
    EXPECT_NE(message_of<std::invalid_argument>([&] { parse_network(text); }), "") << text;
}

}  // namespace
}  // namespace nascent
