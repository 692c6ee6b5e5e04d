// The part of a run's page that shows faces which were verified.
#include "nascent/report/page_verification.hpp"

#include "run_page_support.hpp"

namespace nascent {
namespace {

using testing::count_of;
using testing::RunPageTest;

constexpr const char* kVerification = R"json({
"what": "ten <b>people</b>", "same": 450, "different": 4500, "eer": 0.0833, "auc": 0.9612,
"tar_at_far": [{"at_far": 0.01, "tar": 0.75}], "rank_1": {"right": 81, "probes": 90},
"roc": [[0, 0.4], [0.01, 0.75], [0.5, 0.99], [1, 1], "x"],
"groups": [{"name": "one person, most alike (best)", "pairs": [{"score": 0.98, "images": [
  {"name": "s31/1.pgm", "picture": "data:image/png;base64,iVBORw0KGgo="},
  {"name": "s31/\"2\".pgm", "picture": "https://elsewhere.example/x.png"}]}]}]})json";

TEST_F(RunPageTest, ShowsTheFacesThatWereVerified) {
  search({.seed = 1});
  std::ofstream(run_ / "verification.json") << kVerification;
  const std::string text = page(read_run(run_), "/* library */");
  EXPECT_NE(text.find("<h2>Verification</h2>\n<p>ten &lt;b&gt;people&lt;/b&gt;</p>"),
            std::string::npos);
  EXPECT_NE(text.find("<canvas id=roc"), std::string::npos);
  EXPECT_NE(text.find("\"roc\":[[1.0,75.0],[50.0,99.0],[100.0,100.0]]"), std::string::npos);
  for (const char* number : {"8.33 %", "0.9612", "75.00 %", "81 of 90", "4500", "0.980"})
    EXPECT_NE(text.find(number), std::string::npos) << number;
  EXPECT_NE(text.find("<h3>one person, most alike (best)</h3>"), std::string::npos);
  EXPECT_EQ(count_of(text, "<img "), 1u);  // nothing from outside
  EXPECT_EQ(text.find("elsewhere"), std::string::npos);
  EXPECT_NE(text.find("s31/&quot;2&quot;.pgm"), std::string::npos);
}

TEST_F(RunPageTest, HasNoVerificationWhereNothingWasVerifiedOrItsFileIsDamaged) {
  search({.seed = 1});
  EXPECT_EQ(page(read_run(run_), "").find("Verification"), std::string::npos);
  std::ofstream(run_ / "verification.json") << "[1, 2";
  EXPECT_EQ(page(read_run(run_), "").find("Verification"), std::string::npos);
  std::ofstream(run_ / "verification.json", std::ios::trunc) << R"({"groups": 3, "roc": {"a": 1}})";
  EXPECT_NE(page(read_run(run_), "").find("<h2>Verification</h2>"), std::string::npos);
}

}  // namespace
}  // namespace nascent
