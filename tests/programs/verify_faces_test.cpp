// The programs of examples/face that search, train and verify, on twelve people's faces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/support.hpp"
#include "end_by.hpp"

namespace nascent {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string kFaces = NASCENT_TEST_DATA "/face/att-few.tar.xz";

std::string command(const Scratch& scratch, const std::string& program,
                    const std::string& arguments) {
  return NASCENT_PROGRAMS "/face/" + program + " " + arguments + " > " +
         (scratch / "out").string() + " 2> " + (scratch / "err").string();
}

int run(const std::string& command) { return WEXITSTATUS(std::system(command.c_str())); }

std::string search(const Scratch& scratch, const std::string& directory) {
  return command(scratch, "search_faces",
                 "--data " + kFaces + " --max-trials 3 --final-epochs 4 --json --run-dir " +
                     (scratch / directory).string());
}

/// A run whose network every test of `verify` may use; it must not be changed.
const std::filesystem::path& a_run() {
  static const Scratch scratch;
  static const std::filesystem::path directory = [] {
    EXPECT_EQ(run(search(scratch, "run")), 0) << read_file(scratch / "err");
    return scratch / "run";
  }();
  return directory;
}

/// Ten folds of `of_kind` pairs of either kind, of the ten first people.
std::string pairs_text(int of_kind) {
  std::string text = "10\t" + std::to_string(of_kind) + "\n";
  for (int fold = 0; fold < 10; ++fold) {
    const std::string name = "s" + std::to_string(fold + 1),
                      other = "s" + std::to_string((fold + 3) % 10 + 1);
    for (int i = 1; i <= of_kind; ++i)
      text += name + "\t" + std::to_string(i) + "\t" + std::to_string(i + 1) + "\n";
    for (int i = 1; i <= of_kind; ++i)
      text += name + "\t" + std::to_string(i) + "\t" + other + "\t" + std::to_string(i) + "\n";
  }
  return text;
}

int verify(const Scratch& scratch, const std::string& arguments) {
  return run(command(scratch, "verify", arguments + " --model " + a_run().string()));
}

TEST(SearchFaces, PutsTheVerificationOfUnseenPeopleOnThePageOfTheRun) {
  const json document = json::parse(read_file(a_run().parent_path() / "out"));
  EXPECT_EQ(document["people"], 3);
  EXPECT_EQ(document["same"], 3 * 15);
  EXPECT_EQ(document["different"], 3 * 36);
  EXPECT_EQ(document["rank_1"]["probes"], 15);
  EXPECT_EQ(document["trials"], 3);
  const std::string page = read_file(a_run() / "report.html");
  EXPECT_THAT(page, HasSubstr("<h2>Verification</h2>"));
  EXPECT_THAT(page, HasSubstr("<h3>different persons, most alike (worst)</h3>"));
  EXPECT_THAT(page, HasSubstr("src=\"data:image/png;base64,iVBORw0KGgo"));
  EXPECT_THAT(page, HasSubstr("s12/s12_0001.pgm"));
}

TEST(SearchFaces, WritesDownTheHeadsScaleBesideThatOfTheAugmentation) {
  const std::string journal = read_file(a_run() / "journal.jsonl");
  EXPECT_THAT(journal, HasSubstr("\"evaluator.head.name\":\"cosface\""));
  EXPECT_THAT(journal, HasSubstr("\"evaluator.head.scale\":\"16\""));
  EXPECT_THAT(journal, HasSubstr("\"evaluator.scale\":\"0.12\""));
}

TEST(SearchFaces, RefusesAFileOfPairsThatCannotBeReadBeforeItTrains) {
  const Scratch scratch;
  const std::string pairs = scratch.write("x.bin", "no pickle");
  EXPECT_EQ(run(search(scratch, "run") + " --pairs " + pairs), 2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("x.bin, byte 0"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "run"));
}

TEST(SearchFaces, EndsWithTheSameBytesAfterBeingKilled) {
  const Scratch scratch;
  ASSERT_EQ(end_by(SIGKILL, search(scratch, "killed"),
                   [&] {
                     const std::string journal = read_file(scratch / "killed/journal.jsonl");
                     return std::ranges::count(journal, '\n') >= 2;  // a header and a trial
                   }),
            128 + SIGKILL);
  ASSERT_EQ(run(search(scratch, "killed")), 0) << read_file(scratch / "err");
  for (const char* file : {"model.safetensors", "verification.json"})
    EXPECT_EQ(read_file(scratch / "killed" / file), read_file(a_run() / file)) << file;
}

TEST(VerifyFaces, FollowsTheProtocolOfLfwOnAnArchive) {
  const Scratch scratch;
  const std::string pairs = scratch.write("pairs.txt", pairs_text(4));
  ASSERT_EQ(verify(scratch, "--json --far 0.1 --pairs " + pairs + " --images " + kFaces), 0)
      << read_file(scratch / "err");
  const json report = json::parse(read_file(scratch / "out"));
  EXPECT_EQ(report["pairs"], 80);
  EXPECT_EQ(report["same"], 40);
  EXPECT_EQ(report["tenfold"]["folds"].size(), 10u);
  EXPECT_EQ(report["tenfold"]["folds"][3]["pairs"], 8);
  EXPECT_GT(report["tenfold"]["mean"], .6);  // better than chance, after a few epochs
  EXPECT_GT(report["auc"], .7);
  EXPECT_EQ(report["tar_at_far"].size(), 1u);
  const std::string all = read_file(scratch / "out");
  ASSERT_EQ(verify(scratch, "--json --far 0.1 --pairs " + pairs + " --images " + kFaces), 0);
  EXPECT_EQ(read_file(scratch / "out"), all);
  ASSERT_EQ(verify(scratch, "--pairs " + pairs + " --images " + kFaces), 0);
  EXPECT_THAT(read_file(scratch / "out"),
              MatchesRegex("80 pairs, 40 of one person\naccuracy .*, of 10 folds\nEER(.|\n)*"));
}

TEST(VerifyFaces, SaysOfBadInputWhatItIsAndWhere) {
  const Scratch scratch;
  const auto complaint = [&](const std::string& pairs, const std::string& images) {
    EXPECT_EQ(verify(scratch, "--pairs " + scratch.write("p.txt", pairs) + " --images " + images),
              2);
    EXPECT_EQ(read_file(scratch / "out"), "");
    return read_file(scratch / "err");
  };
  EXPECT_THAT(complaint("1\ns1\t1\t2\ns1\t1\tNobody\t3\n", kFaces),
              HasSubstr("p.txt, line 3: there is no image Nobody/Nobody_0003.jpg in "));
  EXPECT_THAT(complaint("1\ns1\t1\ns1\t1\ts2\t3\n", kFaces), HasSubstr("p.txt, line 2: 2 fields"));
  EXPECT_THAT(complaint("1\ns1\t1\t2\ns1\t1\ts2\t3\n", (scratch / "nowhere").string()),
              HasSubstr("nowhere cannot be opened as a tar archive"));
  std::filesystem::create_directories(scratch / "faces/s1");
  scratch.write("faces/s1/s1_0001.jpg", "\xff\xd8 no more");
  EXPECT_THAT(complaint("1\ns1\t1\t2\ns1\t1\ts2\t3\n", (scratch / "faces").string()),
              MatchesRegex(".*p.txt, line 2: .*faces/s1/s1_0001.jpg is no picture that can be "
                           "read .*\n"));
  EXPECT_EQ(run(command(scratch, "verify", "--pairs p --images i --model nowhere")), 2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("verify: nowhere cannot be opened"));
  std::filesystem::create_directories(scratch / "empty");
  EXPECT_EQ(run(command(scratch, "verify",
                        "--pairs p --images i --model " + (scratch / "empty").string())),
            2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("empty/model.safetensors cannot be opened"));
  EXPECT_EQ(verify(scratch, "--pairs " + scratch.write("x.bin", "no pickle")), 2);
  EXPECT_THAT(read_file(scratch / "err"), HasSubstr("x.bin, byte 0"));
}

}  // namespace
}  // namespace nascent
