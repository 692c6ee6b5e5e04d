#include "nascent/evaluator/published_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "../strategy/reference_search.hpp"
#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

std::string published(const std::string& name) {
  return std::string(NASCENT_TEST_DATA) + "/published/" + name + ".csv";
}

Found<SepConvSpace> replay(const PublishedSearch& record) {
  Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search(
      {}, {.start = record.macro_epochs, .micro = record.micro_epochs});
  search.space.depth = {record.depth_min, record.depth_max};
  search.space.width = {record.width_min, record.width_max, record.width_step};
  search.space.problem = record.problem;
  ReplayEvaluator evaluator(search.space, record.rows);
  auto found = search.run(evaluator);
  evaluator.finish(found.cost.trials);
  return found;
}

class Published : public ::testing::TestWithParam<std::tuple<const char*, int, int, const char*>> {
};

TEST_P(Published, IsReproducedCandidateByCandidate) {
  const auto& [name, candidates, epochs, shape] = GetParam();
  const PublishedSearch record = read_published_search(published(name));
  ASSERT_EQ(record.rows.size(), static_cast<std::size_t>(candidates));
  const auto found = replay(record);
  EXPECT_EQ(found.cost.trials, candidates);
  EXPECT_EQ(found.cost.epochs, epochs);
  EXPECT_THAT(to_string(found.architecture), ::testing::StartsWith(shape));
}

TEST_P(Published, ParametersOfEveryCandidateAreThoseLogged) {
  const PublishedSearch record = read_published_search(published(std::get<0>(GetParam())));
  SepConvSpace space;
  space.problem = record.problem;
  for (const auto& row : record.rows)
    EXPECT_EQ(space.parameters(row.architecture), row.parameters) << to_string(row.architecture);
}

// Table 1 of the paper: N = 2 D_f + D' + W', of the depth found and the depths and widths tried;
// the formula leaves out the retrained baseline of the micro search.
TEST_P(Published, CandidatesAreAsManyAsTheFormulaOfTableOneSaysAndTheBaseline) {
  const PublishedSearch record = read_published_search(published(std::get<0>(GetParam())));
  std::map<std::string, int> of_stage;
  for (const auto& row : record.rows) ++of_stage[row.stage];
  EXPECT_EQ(of_stage["baseline"], 1);
  const int depth = record.rows.back().architecture.depth();
  EXPECT_EQ(static_cast<int>(record.rows.size()),
            2 * depth + of_stage["grow"] + of_stage["prune"] + 1);
}

// Equation 1: (|O| |K|)^Df D W, with the paper's D = 96, W = 57, Df = 25.
TEST(PaperSpace, HasTheSizeOfEquationOne) {
  const SepConvSpace space;
  const double size = std::pow(space.operation_choices() * space.kernel_choices(), 25) * 96 * 57;
  EXPECT_NEAR(size, 6.16e18, 0.005e18);
}

INSTANTIATE_TEST_SUITE_P(Searches, Published,
                         ::testing::Values(std::tuple{"cifar10-tiny", 86, 1042, "d"},
                                           std::tuple{"cifar10-mobile", 75, 1038, "d"},
                                           std::tuple{"fashionmnist-tiny", 58, 530, "d"},
                                           std::tuple{"emnist-tiny", 57, 576, "d"}),
                         [](const auto& parameters) {
                           std::string name = std::get<0>(parameters.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// A search of TRG-NAS by plain loops, in the form of the published files.
TEST(PublishedTrgNas, IsReproducedFromItsFormToo) {
  std::string text =
      "# method=TRG-NAS dataset=Toy classes=7 input_channels=2 eval_images=10000 depth=5:9 "
      "width=6:14:4 epochs=30\n"
      "index,stage,depth,width,operations,kernels,epochs,parameters,train_accuracy,eval_correct\n";
  int rows = 0;
  const testing::Landscape landscape{4};
  const reference::Net found = reference::trg(
      {5, 9, 6, 14, 4, "sc", "357", 2, 7},
      [&](const std::string& stage, const reference::Net& net, int epochs) {
        const Outcome outcome = landscape.outcome(net.text(), epochs);
        text += std::to_string(rows++) + "," + stage + "," + std::to_string(net.depth()) + "," +
                std::to_string(net.width) + "," + net.ops + "," + net.kernels + "," +
                std::to_string(epochs) + "," + std::to_string(net.parameters(2, 7)) + "," +
                std::to_string(outcome.train_accuracy.percent()) + "," +
                std::to_string(outcome.accuracy.correct) + "\n";
        return reference::Score{true, static_cast<int>(outcome.accuracy.correct), 0};
      },
      30);
  const Scratch scratch;
  const PublishedSearch record = read_published_search(scratch.write("trg.csv", text));
  ASSERT_TRUE(record.is_trg_nas());
  ASSERT_GT(rows, 20);
  Search<GreedyMacroMicro, FixedEpochRanker, TrgSpace> search(trg_nas(), {.epochs = record.epochs});
  search.space.depth = {record.depth_min, record.depth_max};
  search.space.width = {record.width_min, record.width_max, record.width_step};
  search.space.problem = record.problem;
  ReplayEvaluator evaluator(search.space, record.rows);
  const auto again = search.run(evaluator);
  EXPECT_EQ(to_string(again.architecture), found.text());
  evaluator.finish(again.cost.trials);
}

// Differences.

std::string difference(PublishedSearch record) {
  return message_of<ReplayDifference>([&] { replay(record); });
}

TEST(ReplayDifference, NamesTheRowWhatWasExpectedAndWhatWasProposed) {
  const PublishedSearch good = read_published_search(published("fashionmnist-tiny"));
  EXPECT_EQ(difference(good), "");

  PublishedSearch changed = good;
  changed.rows[20].epochs += 1;
  EXPECT_THAT(difference(changed), HasSubstr("row 20: expected prune d"));
  try {
    replay(changed);
    FAIL();
  } catch (const ReplayDifference& error) {
    EXPECT_EQ(error.row, 20);
    EXPECT_NE(error.expected, error.proposed);
    EXPECT_THAT(error.what(), HasSubstr(error.expected + ", proposed " + error.proposed));
  }
  changed = good, changed.rows[3].stage = "grew";
  EXPECT_THAT(difference(changed), HasSubstr("row 3: expected grew"));
  changed = good, changed.rows[3].stage = "prune";
  EXPECT_THAT(difference(changed), HasSubstr("row 3: expected prune"));
  changed = good, changed.rows[30].architecture.width -= 1;
  EXPECT_THAT(difference(changed), HasSubstr("row 30: "));
  changed = good, changed.rows[30].architecture.layers[0].kernel = 7;
  EXPECT_THAT(difference(changed), HasSubstr("row 30: "));
  changed = good, changed.rows[57].parameters += 1;
  EXPECT_THAT(difference(changed), HasSubstr("row 57: "));
  changed = good, changed.rows[0].outcome.accuracy.correct = 9990;  // the search ends to grow
  EXPECT_THAT(difference(changed), HasSubstr("row 1: expected grow d11"));
}

TEST(ReplayDifference, MissingAndSurplusRowsAreDifferences) {
  const PublishedSearch good = read_published_search(published("fashionmnist-tiny"));
  PublishedSearch shorter = good;
  shorter.rows.pop_back();
  EXPECT_THAT(difference(shorter),
              HasSubstr("row 57: expected nothing (the record ends here), proposed update d"));
  PublishedSearch longer = good;
  longer.rows.push_back(good.rows.back());
  const std::string surplus = difference(longer);
  EXPECT_THAT(surplus, HasSubstr("row 58: expected update d"));
  EXPECT_THAT(surplus, HasSubstr("proposed nothing"));
  PublishedSearch doubled = good;
  doubled.rows.insert(doubled.rows.begin() + 5, good.rows[5]);
  EXPECT_THAT(difference(doubled), HasSubstr("row 6: "));
}

// The reader.

const std::string kSettings =
    "# dataset=Toy classes=3 input_channels=2 eval_images=100 depth=3:5 width=4:8:2 "
    "macro_epochs=4 micro_epochs=1 search_seconds=9\n";
const std::string kHeader =
    "index,stage,depth,width,operations,kernels,epochs,parameters,train_accuracy,eval_correct\n";
const std::string kRow = "0,grow,3,8,sss,333,4,1234,50.125,77\n";

PublishedSearch read(const std::string& text) {
  const Scratch scratch;
  return read_published_search(scratch.write("toy.csv", text));
}

/// The complaint, from the file's name on.
std::string complaint(const std::string& text) {
  const std::string message = message_of<std::invalid_argument>([&] { read(text); });
  const std::size_t at = message.find("toy.csv");
  return at == std::string::npos ? message : message.substr(at);
}

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), instead);
}

TEST(PublishedSearch, ReadsSettingsAndRows) {
  const PublishedSearch search =
      read(kSettings + kHeader + kRow + "1,prune,3,6,ssc,335,6,99,0,0\n");
  EXPECT_EQ(search.dataset, "Toy");
  EXPECT_EQ(search.problem.classes, 3);
  EXPECT_EQ(search.problem.image.channels, 2);
  EXPECT_EQ(search.depth_min, 3);
  EXPECT_EQ(search.depth_max, 5);
  EXPECT_EQ(search.width_min, 4);
  EXPECT_EQ(search.width_max, 8);
  EXPECT_EQ(search.width_step, 2);
  EXPECT_EQ(search.macro_epochs, 4);
  EXPECT_EQ(search.micro_epochs, 1);
  EXPECT_FALSE(search.is_trg_nas());
  ASSERT_EQ(search.rows.size(), 2u);
  EXPECT_EQ(search.rows[0].stage, "grow");
  EXPECT_EQ(search.rows[0].architecture, Architecture(3, 8));
  EXPECT_EQ(search.rows[0].epochs, 4);
  EXPECT_EQ(search.rows[0].parameters, 1234);
  EXPECT_EQ(search.rows[0].outcome.accuracy, (Accuracy{77, 100}));
  EXPECT_EQ(search.rows[0].outcome.train_accuracy, Accuracy::of_percent(50.125));
  EXPECT_EQ(to_string(search.rows[1].architecture), "d3 w6 ops=ssc kernels=335");
}

TEST(PublishedSearch, ReadsWhatOthersMayWrite) {
  const std::string good = kSettings + kHeader + kRow;
  std::string crlf;
  for (const char c : good) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(complaint(crlf), "");
  EXPECT_EQ(read(crlf).rows[0].outcome.accuracy.correct, 77);
  EXPECT_EQ(complaint(good.substr(0, good.size() - 1)), "");  // no newline at the end
  EXPECT_EQ(complaint(good + "\n\n"), "");
  EXPECT_EQ(complaint(with(good, " search_seconds=9", "")), "");
  EXPECT_EQ(complaint(with(good, " search_seconds=9", " method=EGNAS note=x")), "");
  EXPECT_EQ(complaint(with(good, "width=4:8:2", "width=4:8")), "");  // step 2 is the default
  EXPECT_EQ(complaint(with(good, "# dataset", "#dataset")), "");
  const PublishedSearch other = read(
      kSettings +
      "eval_correct,comment,train_accuracy,parameters,epochs,kernels,operations,width,depth,stage,"
      "index\n77,hello there,50.125,1234,4,333,sss,8,3,grow,0\n");
  EXPECT_EQ(other.rows[0].architecture, Architecture(3, 8));
  EXPECT_EQ(other.rows[0].outcome.accuracy.correct, 77);
  const PublishedSearch trg =
      read(with(good, "macro_epochs=4 micro_epochs=1", "method=TRG-NAS epochs=600"));
  EXPECT_TRUE(trg.is_trg_nas());
  EXPECT_EQ(trg.epochs, 600);
}

TEST(PublishedSearch, EveryMistakeIsOneSentenceWithFileAndLine) {
  const std::string good = kSettings + kHeader + kRow;
  struct Case {
    std::string text, sentence;
  };
  std::vector<Case> cases = {
      {"", "toy.csv:1: the first line must be '#'"},
      {kHeader + kRow, "toy.csv:1: the first line must be '#'"},
      {kSettings, "toy.csv:2: the line of column names is missing"},
      {kSettings + kHeader, "toy.csv:3: there are no rows"},
      {with(good, "classes=3", "classes"), "toy.csv:1: setting 'classes' has no '='"},
      {with(good, "classes=3", "classes=three"), "toy.csv:1: 'three' is no valid classes"},
      {with(good, "classes=3", "classes=0"), "toy.csv:1: '0' is no valid classes"},
      {with(good, "classes=3", "classes=1"), "toy.csv:1: '1' is no valid classes"},
      {with(good, "depth=3:5", "depth=3"), "toy.csv:1: 'depth=' must be min:max"},
      {with(good, "depth=3:5", "depth=3:5:1"), "toy.csv:1: 'depth=' must be min:max"},
      {with(good, "depth=3:5", "depth=3:x"), "toy.csv:1: 'x' is no valid depth"},
      {with(good, "depth=3:5", "depth=2:5"), "toy.csv:1: '2' is no valid depth"},
      {with(good, "depth=3:5", "depth=5:3"), "toy.csv:1: 'depth=' has its largest below"},
      {with(good, "width=4:8:2", "width=8:4:2"), "toy.csv:1: 'width=' has its largest below"},
      {with(good, "width=4:8:2", "width=4:8:0"), "toy.csv:1: '0' is no valid width"},
      {with(good, "width=4:8:2", "width=4:8:2:1"), "toy.csv:1: 'width=' must be min:max[:step]"},
      {with(good, "depth=3:5", "depth=3:2000000000"), "toy.csv:1: '2000000000' is no valid depth"},
      {with(good, "classes=3", "classes=99999999999999999999"),
       "toy.csv:1: '99999999999999999999'"},
      {with(good, "macro_epochs=4", "macro_epochs=2147483647"), "toy.csv:1: '2147483647'"},
      {with(good, "dataset=Toy", "dataset=Toy method=DARTS"),
       "toy.csv:1: unknown method 'DARTS'; known are EGNAS (the default) and TRG-NAS"},
      {with(good, "dataset=Toy", "dataset=Toy method=TRG-NAS"),
       "toy.csv:1: the settings lack 'epochs='"},
      {with(good, "stage,depth", "phase,depth"), "toy.csv:2: column 'stage' is missing"},
      {with(good, ",eval_correct", ""), "toy.csv:2: column 'eval_correct' is missing"},
      {with(good, ",50.125,77", ",50.125"), "toy.csv:3: 9 cells, expected 10"},
      {good.substr(0, good.size() - 20), "toy.csv:3: "},
      {with(good, ",50.125,77", ",50.125,77,1"), "toy.csv:3: 11 cells, expected 10"},
      {with(good, "0,grow", "1,grow"), "toy.csv:3: index 1, expected 0"},
      {with(good, "0,grow", "x,grow"), "toy.csv:3: 'x' is no valid index"},
      {with(good, "grow,3", "grow,4"),
       "toy.csv:3: architecture 'd4 w8 ops=sss kernels=333', "
       "position 11: 3 operations for a depth of 4"},
      {with(good, "3,8,sss", "3,0,sss"), "toy.csv:3: architecture 'd3 w0"},
      {with(good, "3,8,sss", "3,8.5,sss"), "toy.csv:3: architecture 'd3 w8.5"},
      {with(good, "333,4", "343,4"), "toy.csv:3: architecture"},
      {with(good, "333,4,", "333,four,"), "toy.csv:3: 'four' is no valid number of epochs"},
      {with(good, "333,4,", "333,0,"), "toy.csv:3: '0' is no valid number of epochs"},
      {with(good, "1234", "12 34"), "toy.csv:3: '12 34' is no valid number of parameters"},
      {with(good, "1234", ""), "toy.csv:3: '' is no valid number of parameters"},
      {with(good, "50.125", "-1"), "toy.csv:3: '-1' is no valid train_accuracy"},
      {with(good, "50.125", "nan"), "toy.csv:3: 'nan' is no valid train_accuracy"},
      {with(good, "50.125", "inf"), "toy.csv:3: "},
      {with(good, "50.125", "1e300"), "toy.csv:3: "},
      {with(good, "50.125", "100.5"), "toy.csv:3: "},
      {with(good, ",77", ",101"), "toy.csv:3: eval_correct exceeds eval_images=100"},
      {with(good, ",77", ",-1"), "toy.csv:3: '-1' is no valid eval_correct"},
      {with(good, ",77", ",7.5"), "toy.csv:3: '7.5' is no valid eval_correct"},
      {with(good, ",77", ",99999999999999999999"), "toy.csv:3: '99999999999999999999'"},
      {good + kRow, "toy.csv:4: index 0, expected 1"},
      {good + std::string(1, '\0'), "toy.csv:4: 1 cells, expected 10"},
  };
  for (const char* key : {"dataset", "classes", "input_channels", "eval_images", "depth", "width",
                          "macro_epochs", "micro_epochs"}) {
    std::string without = good;
    const std::size_t at = without.find(key + std::string("="));
    without.erase(at, without.find(' ', at) - at);
    cases.push_back({without, std::string("toy.csv:1: the settings lack '") + key + "='"});
  }
  for (const Case& c : cases) {
    const std::string message = complaint(c.text);
    EXPECT_THAT(message, ::testing::StartsWith(c.sentence)) << c.text;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST(PublishedSearch, AFileThatCannotBeReadIsNamed) {
  EXPECT_THAT(message_of<std::invalid_argument>([] { read_published_search("/no/such.csv"); }),
              HasSubstr("/no/such.csv: cannot be opened"));
  const Scratch scratch;
  EXPECT_THAT(
      message_of<std::invalid_argument>([&] { read_published_search((scratch / "").string()); }),
      HasSubstr(":"));  // a directory
}

// Whatever is in the file, the answer is a search or a sentence.
TEST(PublishedSearch, NoDamageCrashesTheReader) {
  const std::string good = kSettings + kHeader + kRow;
  const Scratch scratch;
  Random random(11);
  for (int i = 0; i < 2000; ++i) {
    std::string text = good;
    for (int n = 1 + random.below(3); n > 0; --n) {
      const auto at = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
      switch (random.below(3)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(random.below(20)));
          break;
        default:
          text.insert(at, std::to_string(random.below(1000)));
      }
      if (text.empty()) break;
    }
    const std::string path = scratch.write("toy.csv", text);
    const std::string message =
        message_of<std::invalid_argument>([&] { read_published_search(path); });
    EXPECT_TRUE(message.empty() || message.starts_with(path + ":")) << message;
  }
}

}  // namespace
}  // namespace nascent
