#include "nascent/data/idx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "idx_files.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What reading `bytes` as images complains of.
std::string complaint_about_images(const std::string& bytes, const std::string& name = "images") {
  const Scratch scratch;
  const std::string path = scratch.write(name, bytes);
  return message_of<DataError>([&] { read_idx_images(path); });
}

std::string complaint_about_labels(const std::string& bytes, int classes = 10) {
  const Scratch scratch;
  const std::string path = scratch.write("labels", bytes);
  return message_of<DataError>([&] { read_idx_labels(path, classes); });
}

TEST(Idx, ReadsPlainImagesAndLabels) {
  const Scratch scratch;
  const ImageSet set = read_idx(scratch.write("images", idx_images(2, 3, 2)),
                                scratch.write("labels", idx_labels(2)));
  EXPECT_EQ(set.image, (Shape{1, 3, 2}));
  EXPECT_EQ(set.size(), 2);
  EXPECT_EQ(set.classes, 2);
  EXPECT_THAT(set.labels, ElementsAre(0, 1));
  EXPECT_THAT(set[1], ElementsAre(6, 7, 8, 9, 10, 11));
}

TEST(Idx, ReadsCompressedFilesToTheSameImages) {
  const Scratch scratch;
  const std::string images = idx_images(500, 28, 28);
  const IdxImages plain = read_idx_images(scratch.write("plain", images));
  const IdxImages packed = read_idx_images(scratch.write("packed.gz", compressed(scratch, images)));
  EXPECT_EQ(plain.pixels, packed.pixels);
  EXPECT_EQ(packed.pixels.size(), 500U * 28 * 28);
}

TEST(Idx, FindsEachFilePlainOrCompressed) {
  const Scratch scratch;
  scratch.write("a.gz", "");
  scratch.write("b", "");
  EXPECT_EQ(find_idx(scratch / "", "a", ""), scratch / "" / "a.gz");
  EXPECT_EQ(find_idx(scratch / "", "b", ""), scratch / "" / "b");
}

TEST(Idx, SaysWhichFileIsMissingAndWhatToDo) {
  const Scratch scratch;
  const std::string directory = (scratch / "").string();
  EXPECT_EQ(message_of<DataError>([&] { find_idx(directory, "pixels", "install them"); }),
            directory + " has no file pixels or pixels.gz; install them");
  EXPECT_THAT(message_of<DataError>([&] { read_idx_images(scratch / "gone"); }),
              AllOf(HasSubstr("gone cannot be opened"), HasSubstr("No such file")));
}

TEST(Idx, RefusesADirectory) {
  const Scratch scratch;
  EXPECT_THAT(message_of<DataError>([&] { read_idx_images(scratch / ""); }),
              HasSubstr("Is a directory"));
}

TEST(Idx, RefusesAnotherMagicNumber) {
  EXPECT_THAT(
      complaint_about_images(idx_labels(3)),
      HasSubstr("images, byte 0: the magic number is 0x00000801 where an IDX file of images "
                "has 0x00000803"));
  EXPECT_THAT(complaint_about_labels(idx_images(3)), HasSubstr("labels has 0x00000801"));
}

TEST(Idx, RefusesATruncatedFileAndSaysWhere) {
  const std::string whole = idx_images(4, 3, 2);
  EXPECT_THAT(complaint_about_images(whole.substr(0, 17)),
              HasSubstr("byte 17: the file ends inside its pixels; copy or download it again"));
  EXPECT_THAT(complaint_about_images(whole.substr(0, 10)),
              HasSubstr("byte 10: the file ends inside the height of an image"));
  EXPECT_THAT(complaint_about_images(""), HasSubstr("byte 0: the file ends inside its magic"));
  EXPECT_THAT(complaint_about_labels(idx_labels(9).substr(0, 12)),
              HasSubstr("byte 12: the file ends inside its labels"));
}

TEST(Idx, RefusesEveryTruncationOfACompressedFile) {
  const Scratch scratch;
  const std::string packed = compressed(scratch, idx_images(40, 5, 5));
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_THAT(complaint_about_images(packed.substr(0, size)), Not(IsEmpty())) << size;
}

TEST(Idx, RefusesACompressedFileWithADamagedChecksum) {
  const Scratch scratch;
  std::string packed = compressed(scratch, idx_images(40, 5, 5));
  packed[packed.size() - 6] ^= 1;
  EXPECT_THAT(complaint_about_images(packed), HasSubstr("cannot be read"));
}

TEST(Idx, RefusesSurplusBytes) {
  EXPECT_THAT(complaint_about_images(idx_images(2, 2, 2) + "x"),
              HasSubstr("byte 24: the file goes on after its last value"));
}

TEST(Idx, RefusesExtentsThatNoImageHas) {
  EXPECT_THAT(complaint_about_images(idx_header({0x803, 0, 2, 2})),
              HasSubstr("the number of images is 0 in the header"));
  EXPECT_THAT(complaint_about_images(idx_header({0x803, 2, 2, 0})),
              HasSubstr("byte 16: the width of an image is 0"));
  EXPECT_THAT(complaint_about_images(idx_header({0x803, 0xffffffff, 2, 2})),
              HasSubstr("the number of images is 4294967295"));
}

TEST(Idx, TakesNoMoreMemoryThanALyingHeaderHasBytesFor) {
  // 2^31 - 1 images of 2^14 x 2^14 would be more than any machine holds.
  EXPECT_THAT(complaint_about_images(idx_header({0x803, 0x7fffffff, 1 << 14, 1 << 14}) + "abc"),
              HasSubstr("byte 19: the file ends inside its pixels"));
}

TEST(Idx, RefusesALabelOutsideTheClassesAndSaysWhere) {
  EXPECT_THAT(complaint_about_labels(idx_labels(7, 5), 4),
              HasSubstr("labels, byte 12: the label is 4 where the data set has classes 0 .. 3"));
}

TEST(Idx, RefusesImagesAndLabelsOfDifferentNumber) {
  const Scratch scratch;
  const std::string images = scratch.write("images", idx_images(3));
  const std::string labels = scratch.write("labels", idx_labels(4));
  EXPECT_THAT(message_of<DataError>([&] { read_idx(images, labels); }),
              HasSubstr("labels, byte 4: the file holds 4 labels for the 3 images of"));
}

TEST(Idx, AnswersAnyBytesWithImagesOrADataError) {
  const Scratch scratch;
  const std::string plain = idx_images(9, 4, 4), packed = compressed(scratch, plain);
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = round % 2 == 0 ? plain : packed;
    for (int change = random.below(4); change >= 0; --change)
      bytes[static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())))] =
          static_cast<char>(random.below(256));
    bytes.resize(static_cast<std::size_t>(random.below(static_cast<int>(bytes.size()) + 1)));
    const std::string path = scratch.write("bytes", bytes);
    try {
      const IdxImages images = read_idx_images(path);
      EXPECT_EQ(images.pixels.size(),
                static_cast<std::size_t>(images.count * images.height * images.width));
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr("bytes, byte "));
    }
  }
}

}  // namespace
}  // namespace nascent
