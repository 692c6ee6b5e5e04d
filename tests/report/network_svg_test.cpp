#include "nascent/report/network_svg.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/report/known_spaces.hpp"

namespace nascent {
namespace {

NetworkDescription chain(const std::string& text) {
  return describe_known("chain", text, {{3, 32, 32}, 10});
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

std::vector<DrawnBlock> searched(const NetworkDescription& network) {
  std::vector<DrawnBlock> blocks = drawn_blocks(network);
  std::erase_if(blocks, [](const DrawnBlock& block) { return block.block < 0; });
  return blocks;
}

TEST(NetworkBlocks, AreTheLayersWithTheirOperationsAndSizes) {
  const auto blocks = searched(chain("d4 w16 ops=sscs kernels=3573"));
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].operations.front().name, "separable convolution 3x3");
  EXPECT_EQ(blocks[1].operations.front().name, "separable convolution 5x5");
  EXPECT_EQ(blocks[2].operations.front().name, "convolution 7x7");
  EXPECT_EQ(blocks[0].channels, 16);
  EXPECT_EQ(blocks[0].height, 32);
  EXPECT_EQ(blocks[3].channels, 64);
  EXPECT_EQ(blocks[3].height, 8);
}

TEST(NetworkBlocks, OfACellHoldAllItsOperations) {
  const auto blocks = searched(describe_known("nasbench201", "433323", {{3, 32, 32}, 10}));
  ASSERT_EQ(blocks.size(), 17u);  // three stages of five cells and two reductions
  EXPECT_EQ(blocks[0].operations.size(), 6u);
  EXPECT_EQ(blocks[0].operations[0].name, "average pooling 3x3");
}

TEST(NetworkBlocks, OfAResidualNetworkHoldItsConvolutions) {
  const std::string text = "b1-1-2-1 w32 ops=cccccccccs kernels=3353333335";
  const auto faces = searched(describe_known("residual-face", text, {{3, 112, 112}, 2}));
  ASSERT_EQ(faces.size(), 5u);
  EXPECT_EQ(faces[0].height, 56);
  EXPECT_EQ(faces[1].channels, 64);
  EXPECT_EQ(faces[1].operations[0].name, "convolution 5x5");
  EXPECT_EQ(faces[1].operations[2].name, "convolution 1x1");  // beside, where channels double
  EXPECT_EQ(faces[3].operations.size(), 2u);
  EXPECT_EQ(faces[4].operations[1].name, "separable convolution 5x5");
  const auto modules = searched(describe_known("transnas-macro", "131214", {{3, 224, 224}, 75}));
  ASSERT_EQ(modules.size(), 6u);
  EXPECT_EQ(modules[0].operations.size(), 4u);
  EXPECT_EQ(modules[5].operations.size(), 5u);
  EXPECT_EQ(modules[5].channels, 256);
  EXPECT_EQ(modules[5].height, 14);
}

TEST(NetworkBlocks, AreThereForEveryKnownSpaceAndNoOther) {
  for (const char* space : kKnownSpaces) EXPECT_GT(usual_problem(space).classes, 1) << space;
  EXPECT_THAT([] { (void)usual_problem("cells"); },
              ::testing::ThrowsMessage<std::invalid_argument>(::testing::HasSubstr(
                  "there is no space 'cells': say one of chain, nasbench201")));
}

TEST(NetworkSvg, HasABlockWithATitleForEachLayer) {
  const std::string drawn = svg({{"found", chain("d4 w16 ops=sscs kernels=3353")}});
  EXPECT_NE(drawn.find("layer 1: separable convolution 3x3, 16 channels, 32x32"),
            std::string::npos);
  EXPECT_NE(drawn.find("layer 3: convolution 5x5, 64 channels, 8x8"), std::string::npos);
  EXPECT_EQ(count(drawn, "<title>layer "), 4u);
}

TEST(NetworkSvg, GivesHeightToResolutionAndWidthToChannels) {
  const std::string drawn = svg({{"found", chain("d3 w16 ops=sss kernels=333")}});
  // 32, 16 and 8 pixels; 16, 32 and 64 channels at the largest scale of 6 pixels or less.
  EXPECT_EQ(count(drawn, "height=\"120.0\""), 2u);  // the stem, too
  EXPECT_EQ(count(drawn, "height=\"60.0\""), 1u);
  EXPECT_EQ(count(drawn, "height=\"30.0\""), 2u);  // the head, too
}

TEST(NetworkSvg, SaysWhatItShowsToThoseWhoCannotSeeIt) {
  const std::string drawn = svg({{"found", chain("d3 w16 ops=sss kernels=333")}});
  EXPECT_NE(drawn.find("role=\"img\" aria-label=\"found\""), std::string::npos);
  EXPECT_NE(drawn.find("<desc>found: 3 layers, "), std::string::npos);
}

TEST(NetworkSvg, IsTheSameForTheSameNetworksAndRefersToNothingOutside) {
  const std::string drawn = svg({{"found", chain("d4 w16 ops=sscs kernels=3353")}});
  EXPECT_EQ(drawn, svg({{"found", chain("d4 w16 ops=sscs kernels=3353")}}));
  EXPECT_EQ(drawn.find("href"), std::string::npos);
  EXPECT_EQ(drawn.find("url("), std::string::npos);
  EXPECT_EQ(count(drawn, "http"), 1u);  // the name space
}

TEST(NetworkSvg, EscapesTitles) {
  const std::string drawn = svg({{"<b>&\"'\x01", chain("d3 w16 ops=sss kernels=333")}});
  EXPECT_NE(drawn.find("&lt;b&gt;&amp;&quot;&#39; "), std::string::npos);
  EXPECT_EQ(drawn.find("<b>"), std::string::npos);
}

TEST(NetworkSvg, KeepsALongTitleWithinItsColumn) {
  const DrawnNetwork network = chain("d3 w16 ops=sss kernels=333");
  const auto title_of = [&](const std::string& title) {
    const std::string drawn = svg({{title, network}});
    const std::size_t begin = drawn.find("y=\"14.0\""), open = drawn.find('>', begin) + 1;
    return drawn.substr(open, drawn.find('<', open) - open);
  };
  EXPECT_EQ(title_of(std::string(120, 'x')), std::string(120, 'x'));  // in smaller letters
  const std::string cut = title_of(std::string(300, 'x'));
  EXPECT_LT(cut.size(), 140u);
  EXPECT_TRUE(cut.ends_with("..."));
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xC3\xB6";
  for (const std::string& title : {umlauts, "x" + umlauts}) {
    const std::string kept = title_of(title);
    EXPECT_EQ(title.compare(0, kept.size() - 3, kept, 0, kept.size() - 3), 0);
    EXPECT_EQ(kept[kept.size() - 4], '\xB6') << "half a letter";
  }
}

TEST(NetworkSvg, DrawsAHundredLayersAndAnEmptySheet) {
  const std::string ops(100, 's'), kernels(100, '3');
  const std::string drawn = svg({{"deep", chain("d100 w64 ops=" + ops + " kernels=" + kernels)}});
  EXPECT_EQ(count(drawn, "<title>layer "), 100u);
  EXPECT_EQ(drawn.find("width=\"-"), std::string::npos);
  EXPECT_NE(svg({}).find("</svg>"), std::string::npos);
}

TEST(NumberText, IsTheSameInEveryLocale) {
  EXPECT_EQ(fixed(82.305, 1), "82.3");
  EXPECT_EQ(fixed(0.0 / 0.0, 1), "");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(short_count(950), "950");
  EXPECT_EQ(short_count(27682), "27.7 k");
  EXPECT_EQ(short_count(4'950'000), "4.95 M");
  EXPECT_EQ(short_count(999'999), "1.00 M");
}

}  // namespace
}  // namespace nascent
