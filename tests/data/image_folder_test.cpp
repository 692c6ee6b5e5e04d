#include "nascent/data/image_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/support.hpp"

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

namespace nascent {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

/// What the test writes: interleaved values of one picture.
struct Drawing {
  int width = 4, height = 3, channels = 1;
  std::vector<std::uint8_t> values{};
};

/// A picture whose k-th value is first + k.
Drawing drawing(int first, int channels = 1, int width = 4, int height = 3) {
  Drawing made{width, height, channels, {}};
  for (int k = 0; k < width * height * channels; ++k)
    made.values.push_back(static_cast<std::uint8_t>(first + k));
  return made;
}

void write_png(const std::filesystem::path& path, const Drawing& picture) {
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(stbi_write_png(path.c_str(), picture.width, picture.height, picture.channels,
                             picture.values.data(), picture.width * picture.channels));
}

/// Two classes of six grey pictures each, in one folder each.
void write_classes(const Scratch& scratch, const std::string& above = "") {
  for (const int i : {0, 1, 2, 3, 4, 5}) {
    write_png(scratch / (above + "cat/" + std::to_string(i) + ".png"), drawing(10 * i));
    write_png(scratch / (above + "dog/" + std::to_string(i) + ".png"), drawing(100 + 10 * i));
  }
}

std::string complaint(const Scratch& scratch, const ImageFolderOptions& options = {}) {
  return message_of<DataError>([&] { image_folder(scratch / "", options); });
}

TEST(ImageFolder, NumbersClassesAndPicturesInTheOrderOfTheirNames) {
  const Scratch scratch;
  for (const std::string part : {"train/", "test/"}) {
    write_png(scratch / (part + "b/2.png"), drawing(20));
    write_png(scratch / (part + "b/1.png"), drawing(10));
    write_png(scratch / (part + "a/9.png"), drawing(90));
  }
  const Dataset data = image_folder(scratch / "");
  EXPECT_EQ(data.train.image, (Shape{1, 3, 4}));
  EXPECT_EQ(data.classes(), 2);
  EXPECT_THAT(data.class_names, ElementsAre("a", "b"));
  EXPECT_THAT(data.train.labels, ElementsAre(0, 1, 1));
  EXPECT_EQ(data.train[0][0], 90);
  EXPECT_EQ(data.train[1][0], 10);
  EXPECT_EQ(data.train[2][11], 31);
  EXPECT_EQ(data.test, data.train);
}

TEST(ImageFolder, HoldsOutASixthOfEachClassForTheTestWhereNoFolderSaysWhich) {
  const Scratch scratch;
  write_classes(scratch);
  const Dataset data = image_folder(scratch / "");
  EXPECT_EQ(data.train.size(), 10);
  EXPECT_THAT(data.test.labels, ElementsAre(0, 1));
  EXPECT_EQ(image_folder(scratch / "").test, data.test);
  std::vector<ImageSet> others;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    others.push_back(image_folder(scratch / "", {.seed = seed}).test);
  EXPECT_TRUE(std::ranges::any_of(others, [&](const auto& other) { return other != data.test; }));
}

TEST(ImageFolder, KeepsColoursAndGivesThemToGreyPicturesAmongThem) {
  const Scratch scratch;
  write_classes(scratch, "train/");
  write_classes(scratch, "test/");
  write_png(scratch / "test/cat/1.png", drawing(1, 3));
  const Dataset data = image_folder(scratch / "");
  EXPECT_EQ(data.train.image, (Shape{3, 3, 4}));
  EXPECT_EQ(data.test[1][0], 1);   // red of the first pixel
  EXPECT_EQ(data.test[1][1], 4);   // of the second
  EXPECT_EQ(data.test[1][12], 2);  // green of the first
  EXPECT_EQ(data.test[0][0], 0);   // a grey one, three times the same
  EXPECT_EQ(data.test[0][12 + 5], 5);
  EXPECT_EQ(data.test[0][24 + 11], 11);
  EXPECT_EQ(data.mean.size(), 3U);
}

TEST(ImageFolder, DropsTransparency) {
  const Scratch scratch;
  write_classes(scratch);
  write_png(scratch / "cat/0.png", drawing(0, 2));
  EXPECT_EQ(image_folder(scratch / "").train.image.channels, 1);
  write_png(scratch / "cat/0.png", drawing(0, 4));
  EXPECT_EQ(image_folder(scratch / "").train.image.channels, 3);
}

TEST(ImageFolder, ReadsJpegWhateverTheCaseOfItsEnding) {
  const Scratch scratch;
  write_classes(scratch);
  const std::vector<std::uint8_t> grey(12, 77);
  const auto path = scratch / "cat/6.JPG";
  stbi_write_jpg(path.c_str(), 4, 3, 1, grey.data(), 100);
  EXPECT_THAT(read_picture(path).pixels, Each(AllOf(testing::Ge(75), testing::Le(79))));
  const Dataset data = image_folder(scratch / "");
  EXPECT_EQ(data.train.size() + data.test.size(), 13);
}

TEST(ImageFolder, LeavesOutFilesThatAreNoPictures) {
  const Scratch scratch;
  write_classes(scratch);
  scratch.write("readme.txt", "x");
  scratch.write("cat/notes.txt", "x");
  scratch.write("cat/.hidden.png", "x");
  EXPECT_EQ(complaint(scratch), "");
}

TEST(ImageFolder, RefusesPicturesOfTwoSizesUnlessItResizesThem) {
  const Scratch scratch;
  write_classes(scratch);
  write_png(scratch / "dog/3.png", drawing(0, 1, 5, 3));
  EXPECT_THAT(complaint(scratch),
              AllOf(HasSubstr("dog/3.png has 5x3 pixels where"), HasSubstr("has 4x3"),
                    HasSubstr("ImageFolderOptions::extent")));
  const Dataset data = image_folder(scratch / "", {.extent = 8});
  EXPECT_EQ(data.train.image, (Shape{1, 8, 8}));
  EXPECT_EQ(data.train.pixels.size(), 640U);
}

TEST(ImageFolder, NamesADamagedPicture) {
  const Scratch scratch;
  write_classes(scratch);
  scratch.write("dog/4.png", "text");
  EXPECT_THAT(complaint(scratch),
              HasSubstr("dog/4.png is no picture that can be read (byte 0: neither PNG, JPEG nor PGM"));
}

TEST(ImageFolder, NamesAClassWithoutPictures) {
  const Scratch scratch;
  write_classes(scratch);
  std::filesystem::create_directory(scratch / "empty");
  EXPECT_THAT(complaint(scratch), HasSubstr("empty is the folder of a class and holds no picture"));
}

TEST(ImageFolder, RefusesFewerThanTwoClassesAndDifferentOnesForTheTest) {
  const Scratch scratch;
  EXPECT_THAT(complaint(scratch), HasSubstr("holds 0 folders of pictures"));
  write_classes(scratch, "train/");
  write_classes(scratch, "test/");
  write_png(scratch / "test/emu/0.png", drawing(0));
  EXPECT_THAT(complaint(scratch), HasSubstr("train and test do not have the same classes"));
}

TEST(ImageFolder, RefusesAShareThatLeavesNoPictures) {
  const Scratch scratch;
  write_classes(scratch);
  EXPECT_THAT(complaint(scratch, {.test_share = 0.01}), HasSubstr("leaves none to train on or"));
  EXPECT_THAT(complaint(scratch, {.test_share = 1}), HasSubstr("leaves none to train on or"));
}

TEST(ImageFolder, RefusesADirectoryThatIsNotThere) {
  EXPECT_THAT(message_of<DataError>([] { image_folder("/nowhere"); }),
              HasSubstr("/nowhere cannot be listed (No such file or directory)"));
}

TEST(Resized, KeepsAPictureOfTheSameSizeAndAFlatOneOfAnySize) {
  const Picture picture{{1, 2, 3}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(resized(picture, 2, 3).pixels, picture.pixels);
  const Picture flat{{3, 5, 7}, std::vector<std::uint8_t>(105, 200)};
  EXPECT_THAT(resized(flat, 2, 11).pixels, AllOf(testing::SizeIs(66), Each(200)));
}

TEST(Resized, AveragesWhenItReducesAndInterpolatesWhenItEnlarges) {
  const Picture edge{{1, 1, 4}, {0, 0, 100, 100}};
  EXPECT_THAT(resized(edge, 1, 2).pixels, ElementsAre(14, 86));  // (3 + 3) / 7 and 1 / 7 of each
  const Picture two{{1, 1, 2}, {0, 100}};
  EXPECT_THAT(resized(two, 1, 4).pixels, ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(resized({{1, 2, 1}, {0, 100}}, 4, 1).pixels, ElementsAre(0, 25, 75, 100));
}

/// What reading these bytes complains of.
std::string complaint_about(const std::string& bytes) {
  return message_of<DataError>([&] {
    parse_picture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "it");
  });
}

TEST(Pictures, AreRefusedWithAnyByteOfAPngChangedOrMissing) {
  const Scratch scratch;
  write_png(scratch / "a.png", drawing(7, 3));
  const std::string whole = read_file(scratch / "a.png");
  EXPECT_EQ(complaint_about(whole), "");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NE(complaint_about(whole.substr(0, i)), "") << i;
    std::string changed = whole;
    changed[i] ^= 1;
    EXPECT_NE(complaint_about(changed), "") << i;
  }
  EXPECT_THAT(complaint_about(whole.substr(0, whole.size() - 1)),
              HasSubstr("the file ends before its IEND"));
}

TEST(Pictures, AreRefusedWithAnyEndOfAJpegMissing) {
  const Scratch scratch;
  const std::vector<std::uint8_t> grey(12, 77);
  stbi_write_jpg((scratch / "a.jpg").c_str(), 4, 3, 1, grey.data(), 90);
  const std::string whole = read_file(scratch / "a.jpg");
  EXPECT_EQ(complaint_about(whole), "");
  EXPECT_EQ(complaint_about(whole + "what a camera adds"), "");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(complaint_about(whole.substr(0, size)), "") << size;
  EXPECT_THAT(complaint_about(whole.substr(0, whole.size() - 2)),
              HasSubstr("the file ends inside its scan"));
}

}  // namespace
}  // namespace nascent
