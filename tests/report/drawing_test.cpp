#include "nascent/report/drawing.hpp"

#include <gtest/gtest.h>

namespace nascent {
namespace {

TEST(Drawing, PutsEachStageOnALineWithItsResolutionAndChannels) {
  const Architecture architecture = parse_architecture("d6 w16 ops=ssccss kernels=335333");
  EXPECT_EQ(draw(architecture, 32),
            "  32x32   16   | s3 s3\n"
            "  16x16   32   | c5 c3\n"
            "  8x8     64   | s3 s3\n");
}

TEST(Drawing, RoundsOddResolutionsUpAsAStrideOfTwoDoes) {
  const Architecture architecture = parse_architecture("d3 w4 ops=scs kernels=357");
  EXPECT_EQ(draw(architecture, 7),
            "  7x7     4    | s3\n"
            "  4x4     8    | c5\n"
            "  2x2     16   | s7\n");
}

TEST(Drawing, CountsOperationsAndKernelsInWords) {
  EXPECT_EQ(in_words(parse_architecture("d4 w1 ops=sscs kernels=3353")),
            "4 layers, 1 channel in the first stage; 3 separable convolutions, 1 plain convolution; "
            "kernels 3x3 (3), 5x5 (1)");
  EXPECT_EQ(in_words(parse_architecture("d3 w8 ops=mms kernels=333")),
            "3 layers, 8 channels in the first stage; 2 x operation 'm', 1 separable convolution; "
            "kernels 3x3 (3)");
}

}  // namespace
}  // namespace nascent
