#include "nascent/data/dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "idx_files.hpp"

namespace nascent {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Dataset, ReadsAnyDirectoryOfIdxFiles) {
  const Scratch scratch;
  write_idx_directory(scratch, 20, 6, 4);
  const Dataset data = idx_dataset(scratch / "");
  EXPECT_EQ(data.train.size(), 20);
  EXPECT_EQ(data.test.size(), 6);
  EXPECT_EQ(data.classes(), 4);
  EXPECT_FALSE(data.flip);
}

TEST(Dataset, MeasuresMeanAndDeviationOfTheTrainingImages) {
  const Scratch scratch;
  write_idx_directory(scratch);
  scratch.write("train-images-idx3-ubyte",
                idx_header({0x803, 2, 1, 2}) + std::string("\x00\x00\xff\xff", 4));
  scratch.write("train-labels-idx1-ubyte", idx_labels(2));
  scratch.write("t10k-images-idx3-ubyte", idx_images(6, 1, 2));
  const Dataset data = idx_dataset(scratch / "");
  EXPECT_THAT(data.mean, ElementsAre(0.5));
  EXPECT_THAT(data.deviation, ElementsAre(0.5));
}

TEST(Dataset, SaysWhichOfTheFourFilesIsMissing) {
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                           "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    const Scratch scratch;
    write_idx_directory(scratch);
    std::filesystem::remove(scratch / name);
    EXPECT_THAT(message_of<DataError>([&] { idx_dataset(scratch / ""); }),
                AllOf(HasSubstr(std::string("has no file ") + name), HasSubstr("plain or .gz")));
  }
}

TEST(Dataset, SaysHowToGetFashionMnist) {
  EXPECT_THAT(message_of<DataError>([] { fashion_mnist("/nowhere"); }),
              HasSubstr("`apt-get install dataset-fashion-mnist`"));
}

TEST(Dataset, RefusesATestLabelThatNoTrainingImageHas) {
  const Scratch scratch;
  write_idx_directory(scratch, 20, 6, 2);
  scratch.write("t10k-labels-idx1-ubyte", idx_labels(6, 3));
  EXPECT_THAT(message_of<DataError>([&] { idx_dataset(scratch / ""); }),
              HasSubstr("t10k-labels-idx1-ubyte, byte 10: the label is 2 where the data set has "
                        "classes 0 .. 1"));
}

TEST(Dataset, RefusesTestImagesOfAnotherSize) {
  const Scratch scratch;
  write_idx_directory(scratch);
  scratch.write("t10k-images-idx3-ubyte", idx_images(6, 2, 3));
  EXPECT_THAT(message_of<DataError>([&] { idx_dataset(scratch / ""); }),
              HasSubstr("its images have another size"));
}

TEST(Dataset, RefusesImagesThatAreAllOneColour) {
  const Scratch scratch;
  write_idx_directory(scratch);
  scratch.write("train-images-idx3-ubyte",
                idx_header({0x803, 20, 3, 2}) + std::string(20 * 6, 'x'));
  EXPECT_THAT(message_of<DataError>([&] { idx_dataset(scratch / ""); }),
              HasSubstr("nothing to learn"));
}

TEST(Dataset, ReadsFashionMnistAsPublished) {
  const std::string directory = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(directory))
    GTEST_SKIP() << "FashionMNIST is not installed (Debian package dataset-fashion-mnist)";
  const Dataset data = fashion_mnist(directory);
  EXPECT_EQ(data.train.image, (Shape{1, 28, 28}));
  EXPECT_EQ(data.train.size(), 60'000);
  EXPECT_EQ(data.test.size(), 10'000);
  EXPECT_TRUE(data.flip);
  for (int c = 0; c < 10; ++c) EXPECT_EQ(std::ranges::count(data.train.labels, c), 6'000);
  EXPECT_EQ(data.train.label(0), 9);  // an ankle boot
  const Dataset measured = idx_dataset(directory);
  EXPECT_NEAR(measured.mean[0], data.mean[0], 1e-6);
  EXPECT_NEAR(measured.deviation[0], data.deviation[0], 2e-6);
}

}  // namespace
}  // namespace nascent
