#include "nascent/evaluator/final_trainings.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>

#include "nascent/data/hold_out.hpp"

namespace nascent {
namespace {

class FinalTrainingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "nascent-finals-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string text() const {
    std::ifstream file(folder_ / "finals.jsonl");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& text) const { std::ofstream(folder_ / "finals.jsonl") << text; }

  const FinalTraining one_{"d4 w16", 12, 0xfedcba9876543210, {{91, 100}, {870, 1000}}, 1.5};
  const FinalTraining other_{"d4 w16", 12, 7, {{90, 100}, {880, 1000}}, 1.25};
  std::filesystem::path folder_;
};

TEST_F(FinalTrainingsTest, KeepsEachTrainingAndEachLookAtTheTestSet) {
  {
    FinalTrainings kept(folder_);
    EXPECT_EQ(kept.times_opened(), 0);
    EXPECT_FALSE(kept.find(one_));
    kept.add(one_);
    kept.add(other_);
  }
  const FinalTrainings again(folder_);
  EXPECT_EQ(again.times_opened(), 2);
  FinalTraining asked = one_;
  asked.accuracy = {};
  const auto found = again.find(asked);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->accuracy.held_out, one_.accuracy.held_out);
  EXPECT_EQ(found->accuracy.test, one_.accuracy.test);
  EXPECT_EQ(found->seconds, one_.seconds);
  asked.epochs = 13;
  EXPECT_FALSE(again.find(asked));
}

TEST_F(FinalTrainingsTest, DropsALastLineThatAKillHasTorn) {
  { FinalTrainings(folder_).add(one_); }
  const std::string whole = text();
  write(whole + whole.substr(0, whole.size() / 2));
  FinalTrainings kept(folder_);
  EXPECT_EQ(kept.times_opened(), 1);
  EXPECT_EQ(text(), whole);
}

TEST_F(FinalTrainingsTest, NamesTheLineThatIsDamaged) {
  { FinalTrainings(folder_).add(one_); }
  write(text() + "{\"event\":\"final\",\"epochs\":\"many\"}\n");
  try {
    const FinalTrainings kept(folder_);
    FAIL() << "no error";
  } catch (const SearchError& error) {
    EXPECT_NE(std::string(error.what()).find("finals.jsonl:2: this line is damaged"),
              std::string::npos)
        << error.what();
  }
}

// A key to the test set is made by nobody else.
static_assert(!std::is_default_constructible_v<TestSetKey>);
static_assert(!std::is_aggregate_v<TestSetKey>);

}  // namespace
}  // namespace nascent
