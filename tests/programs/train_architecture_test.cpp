#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

/// Runs train_architecture on a little of FashionMNIST; `before` stands in front of the command.
int train(const Scratch& scratch, const std::string& directory, const std::string& more = "",
          const std::string& before = "") {
  const std::string command =
      before +
      " " NASCENT_PROGRAMS
      "/train_architecture --architecture 'd3 w4 ops=scs kernels=353' --train-images 300 "
      "--held-out-images 100 --batch 16 --epochs 6 --checkpoint-seconds 0 --out " +
      (scratch / directory).string() + " " + more + " > " + (scratch / "out").string() + " 2> " +
      (scratch / "err").string();
  return WEXITSTATUS(std::system(command.c_str()));
}

TEST(TrainArchitecture, EndsWithTheSameBitsAfterBeingKilled) {
  const Scratch scratch;
  ASSERT_EQ(train(scratch, "whole"), 0) << read_file(scratch / "err");
  // Each kill comes after some epochs: the checkpoint is written after every one.
  for (const char* seconds : {"0.35", "0.3", "0.45"})
    train(scratch, "killed", "", std::string("timeout -s KILL ") + seconds);
  ASSERT_EQ(train(scratch, "killed"), 0) << read_file(scratch / "err");
  for (const char* file : {"last.safetensors", "best.safetensors", "checkpoint.safetensors"})
    EXPECT_EQ(read_file(scratch / "whole" / file), read_file(scratch / "killed" / file)) << file;
  EXPECT_EQ(read_file(scratch / "whole" / "result.json"),
            read_file(scratch / "killed" / "result.json"));
}

TEST(TrainArchitecture, OpensTheTestSetOnce) {
  const Scratch scratch;
  ASSERT_EQ(train(scratch, "x", "--json"), 0) << read_file(scratch / "err");
  const auto result = nlohmann::json::parse(read_file(scratch / "out"));
  EXPECT_EQ(result["test_set_opened"], 1);
  EXPECT_GT(result["best"]["test_accuracy"], 15);  // guessing gives 10
  EXPECT_GE(result["best"]["held_out_accuracy"], result["last"]["held_out_accuracy"]);
}

TEST(TrainArchitecture, TrainsByEveryRecipeItNames) {
  const Scratch scratch;
  for (const std::string recipe : {"adamw", "one-cycle", "plain"})
    EXPECT_EQ(train(scratch, recipe, "--recipe " + recipe), 0) << read_file(scratch / "err");
}

TEST(TrainArchitecture, NamesTheFieldInWhichACheckpointDiffers) {
  const Scratch scratch;
  ASSERT_EQ(train(scratch, "x"), 0);
  EXPECT_EQ(train(scratch, "x", "--seed 2"), 2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("seed is 1 there and 2 here"));
  EXPECT_EQ(train(scratch, "x", "--recipe plain"), 2);  // its options are some of the paper's
}

TEST(TrainArchitecture, RefusesWhatItCannotTrain) {
  const Scratch scratch;
  EXPECT_EQ(train(scratch, "x", "--run " + (scratch / "none").string()), 2);
  EXPECT_EQ(train(scratch, "x", "--data cifar10"), 2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("University of Toronto"));
}

}  // namespace
}  // namespace nascent
