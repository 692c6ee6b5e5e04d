#include "nascent/tournament/comparison_text.hpp"

#include <map>
#include <sstream>

#include "../support/support.hpp"
#include "nascent/tournament/comparison_json.hpp"
#include "nascent/tournament/comparison_page.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two runs each of `names`; at 10 trials, the n-th has n + 50 and n + 51 and a bit more.
Comparison comparison(const std::vector<std::string>& names,
                      std::vector<std::uint64_t> seeds = {3, 4}) {
  Comparison made{Budgets::trials({10, 20}), std::move(seeds), {}};
  for (const std::string& name : names) {
    Contender contender{name,
                        {"S", "R", "P", "E", {{"strategy.n", name}, {"space.x", "1"}}, 3, ""}};
    const auto n = static_cast<double>(made.contenders.size());
    for (const std::uint64_t seed : made.seeds) {
      AnytimeRun run{.seed = seed};
      const auto s = static_cast<double>(seed);
      run.steps = {{2, n + 47 + s}, {5, n + 47 + s + n * s / 8}, {15, 60 + n + n * s / 3}};
      run.cost.trials = 20;
      run.architecture = "d" + std::to_string(seed);
      contender.runs.push_back(run);
    }
    made.contenders.push_back(contender);
  }
  return made;
}

/// Fields of the lines of a CSV, by RFC 4180.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && text[i + 1] == '"')
      lines.back().back() += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == ',')
      lines.back().emplace_back();
    else if (!quoted && c == '\n')
      lines.push_back({""});
    else
      lines.back().back() += c;
  }
  lines.pop_back();
  return lines;
}

TEST(ComparisonText, CurvesReadBackFromCsvAreTheCurves) {
  const Comparison made = comparison({"plain", "with, comma", "with \"quotes\"\nand lines"});
  const auto lines = read_csv(curves_csv(made));
  EXPECT_THAT(lines.front(), ElementsAre("entrant", "trials", "mean", "standard_error"));
  std::size_t line = 1;
  for (const Contender& contender : made.contenders)
    for (const CurvePoint& point : made.curve(contender)) {
      ASSERT_EQ(lines[line].size(), 4u);
      EXPECT_EQ(lines[line][0], contender.name);
      EXPECT_EQ(std::stoll(lines[line][1]), point.at);
      EXPECT_EQ(std::stod(lines[line][2]), point.mean);
      EXPECT_EQ(std::stod(lines[line][3]), point.standard_error);
      ++line;
    }
  EXPECT_EQ(line, lines.size());
}

TEST(ComparisonText, ValuesReadBackFromCsvAreTheValues) {
  Comparison made = comparison({"a", "b"});
  made.contenders[1].runs[1].steps = {{15, 61.5}};  // nothing at 10
  std::map<std::string, std::string> read;
  for (const auto& fields : read_csv(values_csv(made)))
    read[fields[0] + " " + fields[1] + " " + fields[2]] = fields[3];
  EXPECT_EQ(read.size(), 1u + 8u);
  EXPECT_EQ(read["entrant trials seed"], "value");
  EXPECT_EQ(read["b 10 4"], "");
  EXPECT_EQ(std::stod(read["b 20 4"]), 61.5);
  EXPECT_EQ(std::stod(read["b 10 3"]), made.contenders[1].runs[0].value(10));
}

TEST(ComparisonText, ShowsMeansSpreadAndAllValues) {
  const std::string text = comparison_text(comparison({"one", "two"}));
  EXPECT_THAT(text, HasSubstr("at 10 trials         mean     sd     se  values\n"
                              "  one               50.50   0.71   0.50  50.00 51.00\n"));
  EXPECT_THAT(text, HasSubstr("after trials             one             two\n"
                              "                2    50.50 (0.50)    51.50 (0.50)\n"));
}

TEST(ComparisonText, SaysByWhatOptionsSearchesDiffer) {
  const std::string text = comparison_text(comparison({"one", "two"}));
  EXPECT_THAT(text, HasSubstr("S, R, P; strategy.n two\n"));
  EXPECT_THAT(text, Not(HasSubstr("space.x")));
}

TEST(ComparisonText, WarnsOfFewSeedsAndCallsNothingSignificantThen) {
  const std::string few = "Fewer than 5 seeds: the p-values say little.";
  const std::string text = comparison_text(comparison({"one", "two"}, {1, 2, 3, 4}));
  EXPECT_THAT(text, HasSubstr(few));
  EXPECT_THAT(text, HasSubstr("not significant"));
  EXPECT_THAT(text, Not(HasSubstr(": significant")));
  EXPECT_THAT(comparison_text(comparison({"one", "two"}, {1, 2, 3, 4, 5})), Not(HasSubstr(few)));
}

TEST(ComparisonText, SignificantIsWhatBothTestsRejectAfterCorrection) {
  Contrast contrast;
  EXPECT_FALSE(contrast.significant());  // not tested
  contrast.test.t_p = contrast.test.wilcoxon_p = 0.03;
  contrast.t_holm = contrast.wilcoxon_holm = 0.06;
  EXPECT_FALSE(contrast.significant());
  contrast.t_holm = 0.01;
  EXPECT_FALSE(contrast.significant());
  contrast.wilcoxon_holm = 0.04;
  EXPECT_TRUE(contrast.significant());
  EXPECT_FALSE(contrast.significant(0.01));
}

TEST(ComparisonText, SaysWhyNoTestWasMade) {
  Comparison made = comparison({"one", "two"}, {1, 2, 3});
  for (Contender& contender : made.contenders)
    for (AnytimeRun& run : contender.runs) run.steps = {{1, contender.name == "one" ? 50.0 : 51.0}};
  EXPECT_THAT(comparison_text(made), HasSubstr("two - one: 1.00 +- 0.00, no test: the same with "
                                               "every seed"));
  made.contenders[1].runs[0].steps.clear();
  EXPECT_THAT(comparison_text(made), HasSubstr("two - one: - +- -, no test: some runs have no "
                                               "result yet"));
  EXPECT_THAT(comparison_text(comparison({"one", "two"}, {1})), HasSubstr("no test of one pair"));
}

TEST(ComparisonText, BearsTheEvaluatorsCaveat) {
  Comparison made = comparison({"one", "two"});
  made.contenders[1].caveat = "paper mode";
  EXPECT_EQ(comparison_text(made).substr(0, 13), "[paper mode]\n");
}

TEST(ComparisonJson, HoldsTheTableTheTestsAndTheProtocol) {
  Comparison made = comparison({"one", "two"});
  made.contenders[0].runs[0].steps = {{15, 61.5}};
  const auto json = nlohmann::json::parse(comparison_json(made).dump());
  EXPECT_EQ(json["unit"], "trials");
  EXPECT_EQ(json["budgets"], (std::vector<int>{10, 20}));
  EXPECT_EQ(json["seeds"], (std::vector<int>{3, 4}));
  const auto& table = json["entrants"][0]["table"];
  EXPECT_TRUE(table[0]["mean"].is_null());
  EXPECT_EQ(table[0]["values"], (nlohmann::json{nullptr, 51.0}));
  EXPECT_EQ(table[1]["mean"], made.contenders[0].summary(20).mean);
  EXPECT_EQ(json["entrants"][1]["options"]["strategy.n"], "two");
  EXPECT_EQ(json["entrants"][1]["runs"][1]["architecture"], "d4");
  EXPECT_EQ(json["tests"][1]["t_p"], made.contrasts()[1].test.t_p);
  EXPECT_TRUE(json["tests"][0]["t_p"].is_null());
}

TEST(ComparisonPage, HoldsEveryValueAndEveryCurve) {
  const Comparison made = comparison({"plain", "with <b>\"quotes\"</b></script>"});
  const std::string page = comparison_page(made, Against::first, "const Chart = 1;");
  for (const Contender& contender : made.contenders)
    for (const std::int64_t budget : {10, 20})
      for (const double value : contender.values(budget))
        EXPECT_THAT(page, HasSubstr(fixed(value, 2)));
  EXPECT_THAT(page, HasSubstr("with &lt;b&gt;&quot;quotes&quot;&lt;/b&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("quotes\\\"</b></script>")));
  const std::string open = "id=data>";
  const std::size_t begin = page.find(open) + open.size();
  const auto data =
      nlohmann::ordered_json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_EQ(data, comparison_json(made));
  EXPECT_THAT(page, HasSubstr("<canvas id=curves"));
}

TEST(ComparisonPage, NamesThePackageOfItsCharts) {
  const std::string page = comparison_page(comparison({"a", "b"}), Against::first, "");
  EXPECT_THAT(page, HasSubstr("install Debian's package <code>libjs-chart.js</code>"));
  EXPECT_THAT(page, Not(HasSubstr("<canvas")));
}

}  // namespace
}  // namespace nascent
