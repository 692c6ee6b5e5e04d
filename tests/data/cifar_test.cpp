#include "nascent/data/cifar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "idx_files.hpp"
#include "nascent/data/open_dataset.hpp"

namespace nascent {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Records whose pixels tell the record, the channel and the row.
std::string records(int count, const std::string& label_of_each) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += label_of_each;
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 32; ++y) bytes += std::string(32, static_cast<char>(i + 10 * c + 3 * y));
  }
  return bytes;
}

void write_cifar10(const Scratch& scratch, const std::string& folder = "") {
  std::filesystem::create_directories(scratch / folder);
  for (int i = 1; i <= 5; ++i)
    scratch.write(folder + "data_batch_" + std::to_string(i) + ".bin",
                  records(2, std::string(1, static_cast<char>(i))));
  scratch.write(folder + "test_batch.bin", records(3, "\x09"));
}

TEST(Cifar, ReadsTheBinaryFormOfCifar10) {
  const Scratch scratch;
  write_cifar10(scratch);
  const Dataset data = open_dataset("cifar10", (scratch / "").string());
  EXPECT_EQ(data.train.size(), 10);
  EXPECT_EQ(data.test.size(), 3);
  EXPECT_EQ(data.train.image, (Shape{3, 32, 32}));
  EXPECT_EQ(data.train.label(9), 5);
  EXPECT_EQ(data.train[3][2 * 1024 + 31 * 32], 1 + 20 + 93);  // second record, blue, last row
  EXPECT_EQ(data.classes(), 10);
  EXPECT_TRUE(data.flip);
}

TEST(Cifar, ReadsTheDirectoryAboveToo) {
  const Scratch scratch;
  write_cifar10(scratch, "cifar-10-batches-bin/");
  EXPECT_EQ(cifar10(scratch / "").train.size(), 10);
}

TEST(Cifar, TakesTheFineLabelsOfCifar100) {
  const Scratch scratch;
  scratch.write("train.bin", records(4, "\x07\x63"));
  scratch.write("test.bin", records(1, "\x13\x05"));
  const Dataset data = cifar100(scratch / "");
  EXPECT_EQ(data.train.label(0), 99);
  EXPECT_EQ(data.test.label(0), 5);
  EXPECT_EQ(data.classes(), 100);
}

TEST(Cifar, SaysWhereAFileIsWrong) {
  const Scratch scratch;
  write_cifar10(scratch);
  scratch.write("test_batch.bin", records(1, "\x09") + "half");
  EXPECT_THAT(message_of<DataError>([&] { cifar10(scratch / ""); }),
              AllOf(HasSubstr("test_batch.bin, byte 3073: the file ends inside a record")));
  scratch.write("test_batch.bin", records(1, "\x01") + records(1, "\x0a"));
  EXPECT_THAT(message_of<DataError>([&] { cifar10(scratch / ""); }),
              HasSubstr("byte 3073: the label is 10 where the data set has classes 0 .. 9"));
  scratch.write("data_batch_2.bin", "");
  EXPECT_THAT(message_of<DataError>([&] { cifar10(scratch / ""); }),
              HasSubstr("data_batch_2.bin, byte 0"));
}

TEST(OpenDataset, SaysWhereToGetWhatIsMissingAndWhatToType) {
  const auto complaint = [](const std::string& name) {
    return message_of<DataError>([&] { open_dataset(name, "/nowhere"); });
  };
  EXPECT_THAT(complaint("cifar10"),
              AllOf(HasSubstr("/nowhere has no file data_batch_1.bin"),
                    HasSubstr("University of Toronto"), HasSubstr("--data cifar10 --data-dir")));
  EXPECT_THAT(complaint("cifar100"), HasSubstr("cifar-100-binary.tar.gz"));
  EXPECT_THAT(complaint("emnist-balanced"), AllOf(HasSubstr("NIST"), HasSubstr("--data-dir")));
  EXPECT_THAT(complaint("kmnist"), AllOf(HasSubstr("CODH"), HasSubstr("--data kmnist")));
  EXPECT_THAT(complaint("fashion-mnist"), HasSubstr("apt-get install"));
  EXPECT_THAT(message_of<DataError>([] { open_dataset("cifar11"); }),
              HasSubstr("no data set and no directory 'cifar11'; choose fashion-mnist"));
}

TEST(EmnistBalanced, StandsUpright) {
  const Scratch scratch;
  for (const std::string part : {"train", "test"}) {
    scratch.write("emnist-balanced-" + part + "-images-idx3-ubyte",
                  idx_header({0x803, 1, 2, 3}) + std::string("abcdef"));
    scratch.write("emnist-balanced-" + part + "-labels-idx1-ubyte", idx_labels(1));
  }
  const Dataset data = emnist_balanced(scratch / "");
  EXPECT_EQ(data.train.image, (Shape{1, 3, 2}));
  EXPECT_EQ(std::string(data.train.pixels.begin(), data.train.pixels.end()), "adbecf");
  EXPECT_EQ(data.classes(), 47);
  EXPECT_FALSE(data.flip);
}

}  // namespace
}  // namespace nascent
