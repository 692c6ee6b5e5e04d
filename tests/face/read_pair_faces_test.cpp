#include "nascent/face/read_pair_faces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two people with images of one pixel, in a folder `faces`, which is returned.
std::filesystem::path folder(const Scratch& scratch) {
  for (const std::string name : {"A_B/A_B_0001", "A_B/A_B_0012", "C/C_0001"}) {
    std::filesystem::create_directories((scratch / ("faces/" + name)).parent_path());
    const char digit = name[name.size() - 1];
    scratch.write("faces/" + name + ".pgm",
                  std::string("P2 1 1 255 ") + digit + (name[0] == 'C' ? "0" : ""));
  }
  return scratch / "faces";
}

FacePairs pairs_of(const std::string& lines, const std::string& header) {
  return parse_pairs(header + "\n" + lines, "pairs.txt");
}

const std::string kTwo = "A_B\t1\t12\nA_B\t12\tC\t1\n";

TEST(ReadPairFaces, ReadsWhatPairsNameFromFoldersAndArchivesAlike) {
  const Scratch scratch;
  const auto faces = folder(scratch);
  scratch.write("faces/C/C_0002.jpg", "what no pair names is not even decoded");
  const auto archive = scratch / "faces.tar.gz";
  const std::string command = "cd " + (scratch / "").string() + " && tar czf faces.tar.gz ./faces";
  ASSERT_EQ(std::system(command.c_str()), 0);
  for (const auto& from : {faces, archive}) {
    const PairFaces read = read_pair_faces(pairs_of(kTwo, "1"), from, {.height = 1, .width = 1});
    EXPECT_EQ(read.images.image, (Shape{1, 1, 1}));
    EXPECT_THAT(read.images.pixels, ElementsAre(1, 2, 10));
    EXPECT_THAT(read.names, ElementsAre("A_B/A_B_0001.pgm", "A_B/A_B_0012.pgm", "C/C_0001.pgm"));
    ASSERT_EQ(read.pairs.size(), 2u);
    EXPECT_TRUE(read.pairs[0].same);
    EXPECT_EQ(read.pairs[1].first, 1);
    EXPECT_EQ(read.pairs[1].second, 2);
    EXPECT_EQ(read.folds, 10);  // of a file that has one only
  }
}

TEST(ReadPairFaces, TakesTheFoldsOfTheFileAndTheChannelsThatAreAskedFor) {
  const Scratch scratch;
  const PairFaces read = read_pair_faces(pairs_of(kTwo + kTwo, "2\t1"), folder(scratch),
                                         {.height = 1, .width = 1, .channels = 3});
  EXPECT_EQ(read.folds, 2);
  EXPECT_THAT(read.images.pixels, ElementsAre(1, 1, 1, 2, 2, 2, 10, 10, 10));
}

TEST(ReadPairFaces, NamesTheLineOfAnImageThatIsMissingOrCannotBeDecoded) {
  const Scratch scratch;
  const auto faces = folder(scratch);
  const auto complaint = [&](const std::string& lines) {
    return message_of<DataError>(
        [&] { read_pair_faces(pairs_of(lines, "1"), faces, {.height = 1, .width = 1}); });
  };
  EXPECT_THAT(complaint("A_B\t1\t12\nA_B\t1\tC\t7\n"),
              HasSubstr("pairs.txt, line 3: there is no image C/C_0007.jpg in "));
  EXPECT_THAT(complaint("D\t1\t2\nD\t1\tE\t1\n"),  // none at all
              HasSubstr("pairs.txt, line 2: there is no image D/D_0001.jpg in "));
  scratch.write("faces/C/C_0001.pgm", "P2 1 1");
  const std::string broken = complaint(kTwo);
  EXPECT_THAT(broken, HasSubstr("pairs.txt, line 3: "));
  EXPECT_THAT(broken, HasSubstr("faces/C/C_0001.pgm is no picture that can be read"));
}

TEST(FacesOfPairBin, DecodesEachImageOnceAndNamesTheOneThatCannotBe) {
  const auto file = [](const std::string& text) {
    return std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
  };
  const PairBin::File shared = file("P2 1 1 255 7");
  PairBin bin{{shared, file("P2 1 1 255 9"), shared, file("P2 2 1 255 3 5")}, {true, false}};
  const PairFaces faces = faces_of_pair_bin(bin, "lfw.bin", {3, 1, 1});
  EXPECT_THAT(faces.images.pixels, ElementsAre(7, 7, 7, 9, 9, 9, 4, 4, 4));
  EXPECT_THAT(faces.names, ElementsAre("0", "1", "3"));
  EXPECT_EQ(faces.pairs[1].first, 0);
  EXPECT_EQ(faces.pairs[1].second, 2);
  EXPECT_FALSE(faces.pairs[1].same);
  bin.images[3] = file("no picture");
  EXPECT_THAT(message_of<DataError>([&] {
                faces_of_pair_bin(bin, "lfw.bin", {1, 1, 1});
              }),
              HasSubstr("lfw.bin, image 3 is no picture that can be read"));
}

}  // namespace
}  // namespace nascent
