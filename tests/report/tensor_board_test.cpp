#include "nascent/report/tensor_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "nascent/search/callback_policy.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

static_assert(CallbackPolicy<TensorBoard, SepConvSpace>);

/// Takes a file apart; whatever is not as TFRecord and Event demand is a std::runtime_error.
class Events {
 public:
  using Points = std::vector<std::pair<std::int64_t, float>>;
  std::map<std::string, Points> scalars;
  std::string version;

  explicit Events(const std::filesystem::path& path) {
    const std::string bytes = read_file(path);
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const std::string_view length = take(rest, 8);
      demand(number<std::uint32_t>(take(rest, 4)) == detail::EventFile::checksum(length));
      const std::string_view event = take(rest, number<std::uint64_t>(length));
      demand(number<std::uint32_t>(take(rest, 4)) == detail::EventFile::checksum(event));
      add(event);
    }
  }

 private:
  static void demand(bool condition) {
    if (!condition) throw std::runtime_error("this is no file of events");
  }

  static std::string_view take(std::string_view& from, std::size_t bytes) {
    demand(bytes <= from.size());
    const std::string_view taken = from.substr(0, bytes);
    from.remove_prefix(bytes);
    return taken;
  }

  template <class T>
  static T number(std::string_view bytes) {
    T value;
    demand(bytes.size() == sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  static std::uint64_t varint(std::string_view& from) {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(from, 1).front());
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
  }

  /// The fields of a message: key, and the value's bytes.
  static std::map<std::uint64_t, std::string> fields(std::string_view message) {
    std::map<std::uint64_t, std::string> found;
    while (!message.empty()) {
      const std::uint64_t key = varint(message);
      std::string value;
      if ((key & 7) == 0)
        value = std::to_string(varint(message));
      else if ((key & 7) == 1)
        value = take(message, 8);
      else if ((key & 7) == 5)
        value = take(message, 4);
      else
        value = take(message, varint(message));
      demand(found.emplace(key, value).second);
    }
    return found;
  }

  void add(std::string_view bytes) {
    auto event = fields(bytes);
    demand(number<double>(event.at(1 << 3 | 1)) > 1.7e9);  // seconds since 1970
    if (event.contains(3 << 3 | 2)) {
      demand(scalars.empty() && version.empty());
      version = event[3 << 3 | 2];
      return;
    }
    auto summary = fields(event.at(5 << 3 | 2));
    auto point = fields(summary.at(1 << 3 | 2));
    scalars[point.at(1 << 3 | 2)].emplace_back(std::stoll(event.at(2 << 3 | 0)),
                                               number<float>(point.at(2 << 3 | 5)));
  }
};

constexpr const char* kFile = "events.out.tfevents.0.nascent";

Trial<Architecture> trial(int number, int resumed = 0) {
  const Architecture architecture = parse_architecture("d3 w16 ops=sss kernels=333");
  Fidelity fidelity{4};
  fidelity.resumed = resumed;
  return {number, {architecture, Move::sample}, fidelity, 1};
}

void write(const std::filesystem::path& directory) {
  TensorBoard board(directory);
  Outcome first({50, 100}, {}, 3), second({40, 100}, {}, 1), third({60, 100}, {}, 200);
  first.curve = {20, 30, 50};
  second.curve = {40};
  board.on_outcome(trial(0), first);
  board.on_outcome(trial(1, 3), second);
  board.on_outcome(trial(2), Outcome::failed("scripted"));
  board.on_outcome(trial(3), third);
}

TEST(TensorBoard, HasTheAccuracyTheBestSoFarAndTheEpochsSpentOfEveryTraining) {
  const Scratch scratch;
  write(scratch / "board");
  auto [scalars, version] = Events(scratch / "board" / kFile);
  EXPECT_EQ(version, "brain.Event:2");
  EXPECT_THAT(scalars["search/accuracy"], ElementsAre(Pair(1, 50), Pair(2, 40), Pair(4, 60)));
  EXPECT_THAT(scalars["search/best"], ElementsAre(Pair(1, 50), Pair(2, 50), Pair(4, 60)));
  EXPECT_THAT(scalars["search/epochs"],
              ElementsAre(Pair(1, 3), Pair(2, 4), Pair(3, 4), Pair(4, 204)));
}

TEST(TensorBoard, HasARunOfItsOwnForEachLearningCurve) {
  const Scratch scratch;
  write(scratch / "board");
  const auto curve = [&](const std::string& name) {
    return Events(scratch / "board" / "candidates" / name / kFile).scalars["epoch/accuracy"];
  };
  EXPECT_THAT(curve("0001"), ElementsAre(Pair(1, 20), Pair(2, 30), Pair(3, 50)));
  EXPECT_THAT(curve("0002"), ElementsAre(Pair(4, 40)));  // after 3 epochs of an earlier trial
  EXPECT_FALSE(std::filesystem::exists(scratch / "board" / "candidates" / "0004"));
}

TEST(TensorBoard, HoldsNothingTwiceWhenASearchGoesOn) {
  const Scratch scratch;
  write(scratch / "board");
  write(scratch / "board");
  EXPECT_EQ(Events(scratch / "board" / kFile).scalars["search/epochs"].size(), 4U);
}

TEST(TensorBoard, NamesOtherMeasuresThanAccuracyByTheirNames) {
  const Scratch scratch;
  TensorBoard board(scratch / "board");
  Trial<Architecture> scored = trial(0);
  scored.fidelity.measure = Measure::synflow;
  board.on_outcome(scored, Outcome({50, 100}));
  const Events events(scratch / "board" / kFile);
  EXPECT_TRUE(events.scalars.contains("search/synflow"));
  EXPECT_FALSE(events.scalars.contains("search/best"));
}

// The check value of CRC-32C of the nine digits is 0xE3069283 (RFC 3720's CRC, in every catalogue).
TEST(TensorBoard, ChecksumsAreMaskedCastagnoli) {
  EXPECT_EQ(detail::EventFile::checksum("123456789"),
            std::rotr(std::uint32_t{0xE3069283}, 15) + 0xA282EAD8U);
}

TEST(TensorBoard, SaysWhichFileCannotBeWritten) {
  const Scratch scratch;
  scratch.write("board", "a file where the directory belongs");
  EXPECT_THAT(message_of<SearchError>([&] { TensorBoard board(scratch / "board"); }),
              HasSubstr((scratch / "board" / kFile).string() + " cannot be written"));
}

// What TensorBoard's own reader makes of it.
TEST(TensorBoard, IsReadByTensorBoard) {
  const Scratch scratch;
  write(scratch / "board");
  const std::string output = (scratch / "output").string();
  const int status = std::system(("python3 " NASCENT_TEST_DATA "/../export/check_tensor_board.py " +
                                  (scratch / "board").string() + " > " + output + " 2>&1")
                                     .c_str());
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << read_file(output);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_file(output),
            "search/accuracy [(1, 50.0), (2, 40.0), (4, 60.0)]\n"
            "search/best [(1, 50.0), (2, 50.0), (4, 60.0)]\n"
            "search/epochs [(1, 3.0), (2, 4.0), (3, 4.0), (4, 204.0)]\n"
            "candidates/0001 epoch/accuracy [(1, 20.0), (2, 30.0), (3, 50.0)]\n"
            "candidates/0002 epoch/accuracy [(4, 40.0)]\n");
}

}  // namespace
}  // namespace nascent
