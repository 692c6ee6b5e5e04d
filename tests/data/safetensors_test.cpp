#include "nascent/data/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Safetensors example() {
  Safetensors set;
  set.add<float>("weight", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, -0.0F});
  set.add<std::int64_t>("count", {}, std::vector<std::int64_t>{7});
  set.add<std::uint8_t>("empty", {0, 4}, {});
  set.add<double>("value", {1}, std::vector<double>{std::numeric_limits<double>::infinity()});
  set.metadata = {{"epoch", "3"}, {"text", "\"quoted\" \xc3\xa4"}};
  return set;
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const Scratch scratch;
  example().write(scratch / "x.safetensors");
  const Safetensors read = Safetensors::read(scratch / "x.safetensors");
  EXPECT_THAT(read.values<float>("weight"), ElementsAre(1, 2, 3, 4, 5, 0));
  EXPECT_THAT(read.at("weight").shape, ElementsAre(2, 3));
  EXPECT_THAT(read.values<std::int64_t>("count"), ElementsAre(7));
  EXPECT_THAT(read.at("count").shape, ElementsAre());
  EXPECT_EQ(read.at("empty").size(), 0);
  EXPECT_EQ(read.metadata, example().metadata);
  EXPECT_EQ(read.bytes(), example().bytes());
}

TEST(Safetensors, BeginsItsValuesAtAMultipleOfEight) {
  const auto bytes = example().bytes();
  EXPECT_EQ(bytes[0] % 8, 0);
}

TEST(Safetensors, ReadsWhatPythonWrote) {
  const Safetensors set =
      Safetensors::read(NASCENT_TEST_DATA "/parity/cifar-mixed-6x10/weights.safetensors");
  EXPECT_THAT(set.at("stem.0.weight").shape, ElementsAre(20, 3, 3, 3));
  EXPECT_THAT(set.values<std::int64_t>("stem.1.num_batches_tracked"), ElementsAre(0));
}

std::vector<std::uint8_t> file(const std::string& header, std::size_t values = 0) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size() % 256);
  bytes[1] = static_cast<char>(header.size() / 256);
  bytes += header + std::string(values, '\0');
  return {bytes.begin(), bytes.end()};
}

std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"("t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}";
}

std::string error(const std::vector<std::uint8_t>& bytes) {
  return message_of<DataError>([&] { Safetensors::parse(bytes, "x.safetensors"); });
}

TEST(Safetensors, RefusesWhatIsWrongAndSaysWhere) {
  EXPECT_EQ(error(file("{" + tensor("F32", "[2]", "[0,8]") + "}", 8)), "");
  EXPECT_THAT(error({1, 2}), HasSubstr("x.safetensors, byte 2: the file ends inside the length"));
  EXPECT_THAT(error({255, 0, 0, 0, 0, 0, 0, 0, '{', '}'}),
              HasSubstr("byte 0: the header is said to have 255 bytes, the file has 10"));
  EXPECT_THAT(error(file("[]")), HasSubstr("byte 8: the header is not a JSON object"));
  EXPECT_THAT(error(file("{\"a\":")), HasSubstr("not a JSON object"));
  EXPECT_THAT(error(file("{\"__metadata__\":{\"a\":1}}")), HasSubstr("something else than texts"));
  EXPECT_THAT(error(file("{\"t\":{}}")), HasSubstr("'t' lacks its dtype, shape or data_offsets"));
  EXPECT_THAT(error(file("{" + tensor("F31", "[2]", "[0,8]") + "}", 8)), HasSubstr("type F31"));
  for (const char* shape : {"[-1]", "[1.5]", "[4294967296,4294967296]", "[\"2\"]"})
    EXPECT_THAT(error(file("{" + tensor("F32", shape, "[0,8]") + "}", 8)),
                HasSubstr("a shape that no tensor can have"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[2]", "[0,9]") + "}", 8)),
              HasSubstr("reaches from byte 0 to 9 of the 8 bytes"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[2]", "[8,0]") + "}", 8)), HasSubstr("reaches"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[1]", "[0,8]") + "}", 8)),
              HasSubstr("has 8 bytes where its shape needs 4"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[1]", "[4,8]") + "}", 8)),
              HasSubstr("these bytes belong to no tensor"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[1]", "[0,4]") + "}", 8)),
              HasSubstr("goes on after its last tensor"));
  EXPECT_THAT(error(file("{" + tensor("F32", "[1]", "[0,4]") +
                             R"(,"u":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                         4)),
              HasSubstr("two tensors share these bytes"));
}

TEST(Safetensors, SaysWhichTensorIsMissingOrOfAnotherType) {
  EXPECT_THAT(message_of<DataError>([] { example().at("bias"); }), HasSubstr("no tensor 'bias'"));
  EXPECT_THAT(message_of<DataError>([] { example().values<double>("weight"); }),
              HasSubstr("'weight' is of type F32 where F64 is read"));
}

TEST(Safetensors, LeavesNothingBehindWhereItCannotWrite) {
  EXPECT_THAT(message_of<DataError>([] { example().write("/nowhere/at/all.safetensors"); }),
              HasSubstr("cannot be written"));
  const Scratch scratch;
  scratch.write("file", "");
  std::filesystem::create_directories(scratch / "folder/in the way");
  EXPECT_THAT(message_of<DataError>([&] { example().write(scratch / "folder"); }),
              HasSubstr("cannot be written"));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / ""))
    names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, testing::UnorderedElementsAre("file", "folder"));
}

}  // namespace
}  // namespace nascent
