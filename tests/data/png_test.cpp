#include "nascent/data/png.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "nascent/data/image_file.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;

Picture read_back(const Picture& picture) {
  const std::string file = png_file(picture);
  return parse_picture({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}, "x");
}

TEST(Png, IsReadBackAsItWasWritten) {
  const Picture grey{{1, 2, 3}, {0, 1, 2, 253, 254, 255}};
  EXPECT_EQ(read_back(grey).shape, grey.shape);
  EXPECT_EQ(read_back(grey).pixels, grey.pixels);
  const Picture colour{{3, 1, 2}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(read_back(colour).shape, colour.shape);
  EXPECT_EQ(read_back(colour).pixels, colour.pixels);
}

/// What digits of base64 stand for, `=` at the end.
std::string decoded(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0, bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    held = held << 6 | static_cast<unsigned>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255);
  }
  return bytes;
}

TEST(Png, IsWrittenInBase64ForAPageWhateverItsLength) {
  std::set<std::size_t> remainders;
  for (int width = 1; width < 12; ++width) {
    Picture grey{{1, 1, width}, {}};
    for (int x = 0; x < width; ++x) grey.pixels.push_back(static_cast<std::uint8_t>(37 * x));
    const std::string text = png_uri(grey), start = "data:image/png;base64,";
    ASSERT_EQ(text.substr(0, start.size()), start);
    EXPECT_EQ((text.size() - start.size()) % 4, 0u);
    EXPECT_EQ(decoded(text.substr(start.size())), png_file(grey));
    remainders.insert(png_file(grey).size() % 3);
  }
  EXPECT_EQ(remainders.size(), 3u);
}

TEST(Picture, IsGreyByItsLumaAndColouredByRepeating) {
  const Picture colour{{3, 1, 2}, {255, 0, 0, 255, 0, 0}};
  EXPECT_THAT(with_channels(colour, 1).pixels, ElementsAre(76, 150));
  EXPECT_THAT(with_channels({{1, 1, 1}, {9}}, 3).pixels, ElementsAre(9, 9, 9));
  EXPECT_EQ(with_channels(colour, 3).pixels, colour.pixels);
}

}  // namespace
}  // namespace nascent
