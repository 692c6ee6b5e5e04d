#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/face/identities.hpp"
#include "nascent/face/pair_bin.hpp"
#include "nascent/face/pairs.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string pgm_complaint(const std::string& text) {
  return message_of<DataError>([&] { parse_picture(bytes_of(text), "x.pgm"); });
}

TEST(Pgm, IsReadPlainAndRaw) {
  const Picture plain = parse_picture(bytes_of("P2 # grey\n3 2\n255\n0 1 2\n3 4 255"), "x");
  EXPECT_EQ(plain.shape, (Shape{1, 2, 3}));
  EXPECT_THAT(plain.pixels, ElementsAre(0, 1, 2, 3, 4, 255));
  const Picture raw = parse_picture(bytes_of("P5\n2 1\n255\n\x0a\xff"), "x");
  EXPECT_THAT(raw.pixels, ElementsAre(10, 255));
}

TEST(Pgm, ScalesOtherGreyValuesToABytesRange) {
  EXPECT_THAT(parse_pgm(bytes_of("P2 3 1 15 0 7 15"), "x").pixels, ElementsAre(0, 119, 255));
  const std::string wide{"P5 2 1 65535\n\xff\xff\x80\x00", 17};
  EXPECT_THAT(parse_pgm(bytes_of(wide), "x").pixels, ElementsAre(255, 128));
}

TEST(Pgm, IsRefusedWhereItIsDamaged) {
  EXPECT_THAT(pgm_complaint("P5 2 2 255\nabc"), HasSubstr("x.pgm is no picture that can be read"));
  EXPECT_THAT(pgm_complaint("P5 2 2 255\nabc"), HasSubstr("4 bytes are needed, 3 are there"));
  EXPECT_THAT(pgm_complaint("P5 2 2 255\nabcde"), HasSubstr("goes on after its last pixel"));
  EXPECT_THAT(pgm_complaint("P5 99999 99999 255\n"), HasSubstr("its size is 99999x99999"));
  EXPECT_THAT(pgm_complaint("P5 2 x"), HasSubstr("the height is no number"));
  EXPECT_THAT(pgm_complaint("P2 1 1 9 10"), HasSubstr("brighter"));
}

/// One grey pixel of this value as a PGM.
std::string pixel(int value) { return "P2 1 1 255 " + std::to_string(value); }

void write(const Scratch& scratch, const std::string& name, const std::string& text) {
  std::filesystem::create_directories((scratch / name).parent_path());
  scratch.write(name, text);
}

IdentitySet three_people(const Scratch& scratch, const IdentityOptions& options = {1, 1}) {
  write(scratch, "faces/s10/1.pgm", pixel(101));
  write(scratch, "faces/s2/10.pgm", pixel(30));
  write(scratch, "faces/s2/9.pgm", pixel(20));
  write(scratch, "faces/s1/1.pgm", pixel(11));
  write(scratch, "faces/s1/notes.txt", "no picture");
  return identities_of_folder(scratch / "", options);
}

TEST(Identities, AreReadInTheOrderOfTheNumbersInTheirNames) {
  const Scratch scratch;
  const IdentitySet set = three_people(scratch);
  EXPECT_THAT(set.names, ElementsAre("s1", "s2", "s10"));
  EXPECT_THAT(set.paths, ElementsAre("s1/1.pgm", "s2/9.pgm", "s2/10.pgm", "s10/1.pgm"));
  EXPECT_THAT(set.images.labels, ElementsAre(0, 1, 1, 2));
  EXPECT_THAT(set.images.pixels, ElementsAre(11, 20, 30, 101));
  EXPECT_EQ(set.find("s2/10.pgm"), 2);
  EXPECT_EQ(set.find("s3/1.pgm"), std::nullopt);
}

TEST(Identities, BecomeColouredAndAreChosenWhereAskedFor) {
  const Scratch scratch;
  const IdentitySet set = three_people(
      scratch, {1, 1, 3, {}, [](const std::string& path) { return path == "s10/1.pgm"; }});
  EXPECT_EQ(set.images.image, (Shape{3, 1, 1}));
  EXPECT_THAT(set.images.pixels, ElementsAre(101, 101, 101));
}

TEST(Identities, AreSplitWithoutAPersonInCommon) {
  const Scratch scratch;
  const IdentitySet set = three_people(scratch);
  const IdentitySplit split = split_by_order(set, 2);
  EXPECT_THAT(split.first.names, ElementsAre("s1", "s2"));
  EXPECT_THAT(split.second.names, ElementsAre("s10"));
  EXPECT_THAT(split.second.images.labels, ElementsAre(0));
  EXPECT_EQ(split.second.images.classes, 1);
  EXPECT_EQ(split_by_seed(set, 2, 7).first.names, split_by_seed(set, 2, 7).first.names);
  EXPECT_THROW(split_by_order(set, 3), std::invalid_argument);
}

TEST(Identities, SayWhatCannotBeRead) {
  const Scratch scratch;
  EXPECT_THAT(message_of<DataError>([&] { identities_of_folder(scratch / ""); }),
              HasSubstr("holds no picture of a face"));
  EXPECT_THAT(message_of<DataError>([&] { identities_of_folder(scratch / "nowhere"); }),
              HasSubstr("nowhere cannot be listed"));
  write(scratch, "a/s1/1.pgm", pixel(1));
  write(scratch, "b/s1/1.pgm", pixel(1));
  EXPECT_THAT(message_of<DataError>([&] { identities_of_folder(scratch / ""); }),
              HasSubstr("two pictures s1/1.pgm"));
}

TEST(Alignment, FindsATurnAScaleAndAMove) {
  const Similarity wanted{0.6, 0.8, 5, -3};
  FivePoints to;
  for (std::size_t i = 0; i < 5; ++i) to[i] = wanted(kAlignedPoints[i]);
  const Similarity found = similarity_between(kAlignedPoints, to);
  EXPECT_NEAR(found.a, 0.6, 1e-12);
  EXPECT_NEAR(found.b, 0.8, 1e-12);
  EXPECT_NEAR(found.dx, 5, 1e-10);
  EXPECT_NEAR(found.dy, -3, 1e-10);
  const PicturePoint back = found.inverse()(found({7, 9}));
  EXPECT_NEAR(back.x, 7, 1e-9);
  EXPECT_NEAR(back.y, 9, 1e-9);
  EXPECT_THROW(similarity_between(FivePoints{}, to), std::invalid_argument);
}

TEST(Alignment, LeavesAFaceThatIsInPlaceAndMovesOneThatIsNot) {
  Picture picture{{1, 112, 112}, std::vector<std::uint8_t>(112 * 112)};
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] = static_cast<std::uint8_t>(i % 251);
  FivePoints moved = kAlignedPoints;
  for (PicturePoint& point : moved) point.x += 2;
  const Picture result = aligned(picture, moved);
  EXPECT_EQ(result.pixels[5 * 112 + 7], picture.pixels[5 * 112 + 9]);
  EXPECT_EQ(result.pixels[5 * 112 + 111], 0);  // beyond the edge
}

TEST(Landmarks, NameTheLineThatIsBroken) {
  const Landmarks points = parse_landmarks(
      "path,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5\nlfw/A/A_1.jpg,1,2,3,4,5,6,7,8,9,10\n", "p.csv");
  EXPECT_EQ(points.at("A/A_1.jpg")[4], (PicturePoint{9, 10}));
  EXPECT_THAT(message_of<DataError>([] { parse_landmarks("a,1,2\n", "p.csv"); }),
              HasSubstr("p.csv, line 1: 3 fields"));
}

TEST(Pairs, AreReadInTheFormOfLfw) {
  const FacePairs pairs = parse_pairs("1\t1\r\nAda\t1\t12\r\nAda\t2\tBo_B\t3\r\n", "pairs.txt");
  EXPECT_EQ(pairs.folds, 1);
  ASSERT_EQ(pairs.pairs.size(), 2u);
  EXPECT_EQ(pairs.pairs[0].first, "Ada/Ada_0001");
  EXPECT_EQ(pairs.pairs[0].second, "Ada/Ada_0012");
  EXPECT_TRUE(pairs.pairs[0].same);
  EXPECT_EQ(pairs.pairs[1].second, "Bo_B/Bo_B_0003");
  EXPECT_FALSE(pairs.pairs[1].same);
  EXPECT_EQ(parse_pairs("1\nA 1 2\nA 1 B 1\n", "p").folds, 1);
}

TEST(Pairs, NameTheLineThatIsBrokenAndTheImageThatIsMissing) {
  const auto complaint = [](const std::string& text) {
    return message_of<DataError>([&] { parse_pairs(text, "pairs.txt"); });
  };
  EXPECT_THAT(complaint(""), HasSubstr("pairs.txt is empty"));
  EXPECT_THAT(complaint("A\t1\t2\n"), HasSubstr("pairs.txt, line 1"));
  EXPECT_THAT(complaint("1\nA\t1\n"), HasSubstr("pairs.txt, line 2: 2 fields"));
  EXPECT_THAT(complaint("1\nA\t1\tx\n"), HasSubstr("'x' is no number of an image"));
  EXPECT_THAT(complaint("2\nA\t1\t2\n"), HasSubstr("holds 1 pairs where line 1 promises"));
  IdentitySet faces;
  faces.images = {{1, 1, 1}, 1, {0}, {0}};
  faces.paths = {"A/A_0001.png"};
  EXPECT_THAT(message_of<DataError>([&] {
                find_pairs(parse_pairs("1\nA\t1\t1\nA\t1\tB\t7\n", "pairs.txt"), faces, "lfw.tar");
              }),
              HasSubstr("pairs.txt, line 3: there is no image B/B_0007.jpg in lfw.tar"));
}

TEST(PairBin, IsReadAsPythonWritesItByEveryProtocol) {
  for (const char* protocol : {"2", "3", "4", "5"}) {
    const PairBin pairs =
        read_pair_bin(NASCENT_TEST_DATA "/face/pairs-protocol" + std::string(protocol) + ".bin");
    ASSERT_EQ(pairs.images.size(), 6u) << protocol;
    EXPECT_THAT(pairs.same, ElementsAre(true, false, true));
    EXPECT_THAT(*pairs.images[0], ElementsAre(0xff, 0xd8, 'o', 'n', 'e'));
    EXPECT_THAT(*pairs.images[1], ElementsAre('t', 'w', 'o', 0, 0xe9, '\n'));
    EXPECT_EQ(*pairs.images[3], *pairs.images[0]);
  }
}

TEST(PairBin, RefusesEverythingElseAndRunsNothing) {
  const auto complaint = [](const std::string& text) {
    return message_of<DataError>([&] { parse_pair_bin(bytes_of(text), "x.bin"); });
  };
  using namespace std::string_literals;
  EXPECT_THAT(complaint(""), HasSubstr("x.bin, byte 0"));
  EXPECT_THAT(complaint("\x80\x02"
                        "cos\nsystem\n."s),
              HasSubstr("it asks for os.system, which is not run"));
  EXPECT_THAT(complaint("\x80\x02]."s), HasSubstr("something else than two lists"));
  EXPECT_THAT(complaint("\x80\x03]C\x01"
                        "aa]\x86."s),
              HasSubstr("1 images for 0 pairs"));
  EXPECT_THAT(complaint("\x80\x03"
                        "B\xff\xff\xff\xff"
                        "a"s),
              HasSubstr("the file ends within a string"));
}

TEST(PairBin, AnswersEveryCutAndEveryChangedByteSoundly) {
  for (const char* protocol : {"2", "3", "4"}) {
    const std::string whole =
        read_file(NASCENT_TEST_DATA "/face/pairs-protocol" + std::string(protocol) + ".bin");
    for (std::size_t at = 0; at < whole.size(); ++at) {
      EXPECT_THROW(parse_pair_bin(bytes_of(whole.substr(0, at)), "x"), DataError);
      for (const int value : {0, 1, 46, 93, 127, 128, 134, 255}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(value);
        try {
          const PairBin pairs = parse_pair_bin(bytes_of(changed), "x");
          EXPECT_EQ(pairs.images.size(), 2 * pairs.same.size());
        } catch (const DataError&) {
        }
      }
    }
  }
}

}  // namespace
}  // namespace nascent
