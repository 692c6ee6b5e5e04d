#include "nascent/data/known_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "../support/support.hpp"
#include "nascent/data/dataset.hpp"

namespace nascent {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(KnownFiles, VerifyFashionMnistAndTellAnyPartOfIt) {
  const std::string directory = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(directory))
    GTEST_SKIP() << "FashionMNIST is not installed (Debian package dataset-fashion-mnist)";
  Dataset data = fashion_mnist(directory);
  EXPECT_EQ(data.check_content().content, Content::verified);
  EXPECT_EQ(data.check_content().words,
            "checksums verified (training 4b87c5a1532c77fa, test 8824c2d53754e096)");
  data.test.labels.back() ^= 1;
  EXPECT_EQ(data.check_content().content, Content::different);
  EXPECT_THAT(data.check_content().words, HasSubstr("not the published test images"));
  data.train.pixels.back() ^= 1;
  EXPECT_THAT(data.check_content().words, HasSubstr("not the published training and test images"));
  data.name = "other";
  EXPECT_EQ(data.check_content().content, Content::unknown);
}

TEST(KnownFiles, TellTheChecksumsOfImagesThatAreNotKnown) {
  const ImageSet train{{1, 1, 1}, 2, {1, 2}, {0, 1}}, test{{1, 1, 1}, 2, {3}, {0}};
  const ContentCheck check = check_content("mine", train, test);
  EXPECT_EQ(check.content, Content::unknown);
  EXPECT_THAT(check.words, AllOf(HasSubstr("no published checksum"), HasSubstr("training "),
                                 testing::MatchesRegex(".*test [0-9a-f]{16}\\)")));
}

}  // namespace
}  // namespace nascent
