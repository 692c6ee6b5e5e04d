#include "nascent/data/open_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "idx_files.hpp"
#include "picture_files.hpp"

namespace nascent {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Two classes of three pictures of two pixels: black and this.
void write_pictures(const Scratch& scratch) {
  for (const char* name :
       {"cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "dog/2.png", "dog/3.png"}) {
    std::filesystem::create_directories((scratch / name).parent_path());
    scratch.write(name, tiny_png(name[4]));
  }
}

TEST(OpenDataset, TakesADirectoryOfIdxFiles) {
  const Scratch scratch;
  write_idx_directory(scratch);
  EXPECT_EQ(open_dataset((scratch / "").string()).train.image, (Shape{1, 3, 2}));
  std::filesystem::create_directory(scratch / "other");
  EXPECT_EQ(open_dataset((scratch / "").string()).train.size(), 20);
}

TEST(OpenDataset, TakesAFolderOfPictures) {
  const Scratch scratch;
  write_pictures(scratch);
  const Dataset data = open_dataset((scratch / "").string());
  EXPECT_EQ(data.train.size(), 5);
  EXPECT_EQ(data.test.size(), 1);
  EXPECT_EQ(data.name, (scratch / "").string());
}

TEST(OpenDataset, SaysWhatADirectoryLacksThatIsNeither) {
  const Scratch scratch;
  const auto complaint = [&] {
    return message_of<DataError>([&] { open_dataset((scratch / "").string()); });
  };
  EXPECT_THAT(complaint(), HasSubstr("has no file train-images-idx3-ubyte"));
  scratch.write("t10k-labels-idx1-ubyte", idx_labels(3));
  EXPECT_THAT(complaint(), HasSubstr("has no file train-images-idx3-ubyte"));
  std::filesystem::remove(scratch / "t10k-labels-idx1-ubyte");
  std::filesystem::create_directory(scratch / "cat");
  EXPECT_THAT(complaint(), HasSubstr("cat is the folder of a class and holds no picture"));
}

TEST(OpenDataset, RefusesADirectoryBesideAPath) {
  EXPECT_THAT(message_of<std::invalid_argument>([] { open_dataset("/tmp", "/tmp"); }),
              HasSubstr("--data-dir goes with a named data set"));
}

TEST(OpenDataset, SaysWhichArchiveOfCifarIsTheRightOne) {
  EXPECT_THAT(message_of<DataError>([] { open_dataset("cifar10", "/nowhere"); }),
              AllOf(HasSubstr("cifar-10-binary.tar.gz"),
                    HasSubstr("MD5 c32a1d4ab5d03f1284b67883e8d87530")));
}

}  // namespace
}  // namespace nascent
