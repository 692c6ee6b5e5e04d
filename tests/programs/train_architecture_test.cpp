#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/support.hpp"
#include "end_by.hpp"

namespace nascent {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// The command for a training of some epochs on few images of FashionMNIST.
std::string command(const Scratch& scratch, const std::string& arguments) {
  return NASCENT_PROGRAMS "/train_architecture --train-images 300 --batch 16 " + arguments + " > " +
         (scratch / "out").string() + " 2> " + (scratch / "err").string();
}

int run(const std::string& command) { return WEXITSTATUS(std::system(command.c_str())); }

/// The same for one small network with its own directory.
std::string command_for(const Scratch& scratch, const std::string& directory,
                        const std::string& more) {
  return command(scratch, "--architecture 'd3 w4 ops=scs kernels=353' --out " +
                              (scratch / directory).string() + " " + more);
}

/// Six epochs of it, with a checkpoint after each.
std::string six_epochs(const Scratch& scratch, const std::string& directory,
                       const std::string& more = "") {
  return command_for(scratch, directory,
                     "--held-out-images 100 --checkpoint-seconds 0 --epochs 6 " + more);
}

int train(const Scratch& scratch, const std::string& directory, const std::string& more = "") {
  return run(six_epochs(scratch, directory, more));
}

/// Ends a command by a signal after it has reported this epoch.
int end_after(const Scratch& scratch, const std::string& epoch, int signal,
              const std::string& command) {
  std::filesystem::remove(scratch / "err");
  return end_by(signal, command, [&] {
    return read_file(scratch / "err").find("epoch " + epoch + " of") != std::string::npos;
  });
}

void expect_same_networks(const std::filesystem::path& a, const std::filesystem::path& b) {
  for (const char* file : {"last.safetensors", "best.safetensors", "checkpoint.safetensors"})
    EXPECT_EQ(read_file(a / file), read_file(b / file)) << file;
  EXPECT_EQ(read_file(a / "result.json"), read_file(b / "result.json"));
}

TEST(TrainArchitecture, EndsWithTheSameBitsAfterBeingKilled) {
  const Scratch scratch;
  ASSERT_EQ(train(scratch, "whole"), 0) << read_file(scratch / "err");
  for (const char* epoch : {"1", "2", "4"})
    ASSERT_EQ(end_after(scratch, epoch, SIGKILL, six_epochs(scratch, "killed")), 128 + SIGKILL);
  ASSERT_EQ(train(scratch, "killed"), 0) << read_file(scratch / "err");
  expect_same_networks(scratch / "whole", scratch / "killed");
}

TEST(TrainArchitecture, EndsWithTheSameBitsAfterAnInterrupt) {
  const Scratch scratch;
  const auto of = [&](const std::string& directory) {
    // Only the interrupt saves.
    return command_for(scratch, directory,
                       "--held-out-images 100 --checkpoint-seconds 1000 --epochs 30");
  };
  ASSERT_EQ(run(of("whole")), 0) << read_file(scratch / "err");
  ASSERT_EQ(end_after(scratch, "3", SIGINT, of("parts")), 130) << read_file(scratch / "err");
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("goes on from here"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "parts" / "last.safetensors"));
  ASSERT_EQ(run(of("parts")), 0) << read_file(scratch / "err");
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("goes on after epoch"));
  expect_same_networks(scratch / "whole", scratch / "parts");
}

TEST(TrainArchitecture, OpensTheTestSetOnce) {
  const Scratch scratch;
  ASSERT_EQ(train(scratch, "x", "--json"), 0) << read_file(scratch / "err");
  const auto result = json::parse(read_file(scratch / "out"));
  EXPECT_EQ(result["test_set_opened"], 1);
  EXPECT_GT(result["best"]["test_accuracy"], 15);  // guessing gives 10
  EXPECT_GE(result["best"]["held_out_accuracy"], result["last"]["held_out_accuracy"]);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("fashion-mnist: checksums verified"));
}

TEST(TrainArchitecture, TrainsOnAPartWithNothingHeldOut) {
  const Scratch scratch;
  ASSERT_EQ(run(command_for(scratch, "x", "--epochs 2 --held-out 0 --json")), 0)
      << read_file(scratch / "err");
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("300 images to train on, 0 held out"));
  EXPECT_THAT(read_file(scratch / "err"), Not(HasSubstr("held-out ")));
  const json result = json::parse(read_file(scratch / "out"));
  EXPECT_TRUE(result["last"].contains("test_accuracy"));
  EXPECT_FALSE(result["last"].contains("held_out_accuracy"));
  EXPECT_FALSE(result.contains("best"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "x" / "best.safetensors"));
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

/// A run directory, and one epoch on what it holds.
class TrainArchitectureOfASearch : public testing::Test {
 protected:
  static constexpr const char* kHeader =
      R"({"event":"header","options":{"evaluator.data":"fashion-mnist"}})"
      "\n";

  static std::string trial(int number, const std::string& architecture, int correct, int images,
                           const std::string& failure = "") {
    return json{{"event", "trial"},  {"number", number},   {"architecture", architecture},
                {"epochs", 2},       {"correct", correct}, {"images", images},
                {"failure", failure}}
               .dump() +
           "\n";
  }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(scratch_ / "run");
    std::ofstream(scratch_ / "run" / name) << text;
  }

  int train(const std::string& more = "") const {
    return run(command(scratch_, "--epochs 1 --held-out-images 100 --json --run " +
                                     (scratch_ / "run").string() + " " + more));
  }

  void expect_refusal(const std::string& part) const {
    EXPECT_EQ(train(), 2);
    EXPECT_THAT(err(), HasSubstr(part));
    EXPECT_EQ(err().find('\n') + 1, err().size()) << err();
  }

  std::string err() const { return read_file(scratch_ / "err"); }
  json result() const { return json::parse(read_file(scratch_ / "out")); }

  Scratch scratch_;
};

TEST_F(TrainArchitectureOfASearch, TrainsWhatItFoundOrHasFoundSoFar) {
  const std::string run_dir = (scratch_ / "run").string();
  ASSERT_EQ(run(NASCENT_PROGRAMS "/search_images --setting demo --train-images 160 "
                                 "--held-out-images 100 --depth-min 3 --depth-max 3 --width-min 2 "
                                 "--width-max 4 --epochs-start 1 --final-epochs 1 --run-dir " +
                run_dir + " > /dev/null 2>&1"),
            0);
  const json found = json::parse(read_file(scratch_ / "run" / "result.json"))["found"];
  ASSERT_EQ(train(), 0) << err();
  EXPECT_EQ(result()["architecture"], found["architecture"]);
  EXPECT_EQ(result()["data"], "fashion-mnist");
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "run" / "training-1" / "last.safetensors"));
  EXPECT_THAT(err(), Not(HasSubstr("has not ended")));

  std::filesystem::remove(scratch_ / "run" / "result.json");
  ASSERT_EQ(train("--out " + (scratch_ / "so-far").string()), 0) << err();
  EXPECT_THAT(err(), HasSubstr(run_dir + " has not ended; trains the best of its"));
}

TEST_F(TrainArchitectureOfASearch, TakesTheMostAccurateTrialThatSucceeded) {
  const std::string best = "d3 w5 ops=sss kernels=333", other = "d3 w4 ops=sss kernels=333";
  write("journal.jsonl", kHeader + trial(0, other, 70, 100) + trial(1, best, 160, 200) +
                             trial(2, other, 99, 100, "diverged") + trial(3, other, 80, 100) +
                             R"({"event":"trial","number":4,)");  // torn by a kill
  ASSERT_EQ(train(), 0) << err();
  EXPECT_EQ(result()["architecture"], best);
  EXPECT_THAT(err(), HasSubstr("the best of its 3 successful trials so far: number 1, 80.00 % "
                               "after 2 epochs"));
}

TEST_F(TrainArchitectureOfASearch, RefusesADirectoryWithoutASearch) {
  expect_refusal("run has neither result.json nor journal.jsonl");
  write("journal.jsonl", "");
  expect_refusal("journal.jsonl has no successful trial yet");
  write("journal.jsonl", kHeader + trial(0, "d3 w4 ops=sss kernels=333", 0, 0, "no memory"));
  expect_refusal("journal.jsonl has no successful trial yet");
  write("result.json", "{}");
  expect_refusal("result.json names no found architecture");
}

TEST_F(TrainArchitectureOfASearch, RefusesADamagedJournalWithItsLine) {
  const std::string sound = trial(0, "d3 w4 ops=sss kernels=333", 7, 10);
  write("journal.jsonl", kHeader + sound + "{\"number\":\n" + sound);
  expect_refusal("journal.jsonl:3: this line is damaged");
  write("journal.jsonl", kHeader + trial(0, "d3 w4 ops=sss kernels=333", 11, 10));
  expect_refusal("journal.jsonl:2: this line is damaged");
  write("journal.jsonl", "[]\n" + sound);
  expect_refusal("journal.jsonl:1: this line is damaged");
}

TEST_F(TrainArchitectureOfASearch, AsksForTheDataThatTheJournalDoesNotName) {
  write("journal.jsonl", R"({"event":"header","options":{}})"
                         "\n" +
                             trial(0, "d3 w4 ops=sss kernels=333", 7, 10));
  expect_refusal("does not say what data it searched on; give --data");
  EXPECT_EQ(train("--data fashion-mnist"), 0) << err();
}

}  // namespace
}  // namespace nascent
