#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/support.hpp"

namespace nascent {
namespace {

/// Exit code of check_parity on a copy of a fixture whose arch.json was changed.
int exit_code_with(const std::string& field, double value) {
  const Scratch scratch;
  const std::filesystem::path copy = scratch / "fixture";
  std::filesystem::copy(NASCENT_TEST_DATA "/parity/fmnist-sep-4x8", copy);
  nlohmann::json arch = nlohmann::json::parse(read_file(copy / "arch.json"));
  arch[field] = value;
  std::ofstream(copy / "arch.json") << arch.dump();
  const std::string command =
      NASCENT_PROGRAMS "/check_parity --layout nchw " + copy.string() + " > /dev/null 2>&1";
  return WEXITSTATUS(std::system(command.c_str()));
}

TEST(CheckParity, FailsOnARecipeThatIsNotTheRecordedOne) {
  EXPECT_EQ(exit_code_with("momentum", .9), 0);  // as recorded
  EXPECT_EQ(exit_code_with("momentum", .8), 1);
  EXPECT_EQ(exit_code_with("weight_decay", 0), 1);
  EXPECT_EQ(exit_code_with("grad_clip", 100), 1);
  EXPECT_EQ(exit_code_with("lr", .0251), 1);
}

TEST(CheckParity, RefusesAnArchitectureThatTheWeightsDoNotFit) {
  EXPECT_EQ(exit_code_with("width", 10), 2);
  EXPECT_EQ(exit_code_with("batch", -1), 2);
}

}  // namespace
}  // namespace nascent
