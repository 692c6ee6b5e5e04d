#include "nascent/report/run_page.hpp"

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "run_page_support.hpp"

namespace nascent {
namespace {

namespace fs = std::filesystem;
using testing::count_of;
using testing::QuickEvaluator;
using testing::QuickSearch;
using testing::RunPageTest;

/// Callback: what the strategy said it keeps.
struct Keepsakes {
  std::vector<std::string> architectures;
  void on_incumbent(const Judged<SepConvSpace>& best) {
    architectures.push_back(to_string(best.architecture));
  }
};

TEST_F(RunPageTest, IsMadeAgainFromTheDirectoryAsItWas) {
  search({.seed = 1});
  EXPECT_EQ(page_text(), page(read_run(run_), chart_library()));
  EXPECT_FALSE(fs::exists(run_ / "report.html.partial"));
}

TEST_F(RunPageTest, ShowsEveryTrialWithTheNumbersOfTheJournal) {
  search({.seed = 1});
  const std::string text = page_text();
  const RunFiles run = read_run(run_);
  ASSERT_GT(run.journal.trials.size(), 20u);
  for (const TrialRecord& trial : run.journal.trials) {
    const std::string begin = "<tr id=t" + std::to_string(trial.number);
    const std::size_t at = text.find(begin + ">") != std::string::npos ? text.find(begin + ">")
                                                                       : text.find(begin + " ");
    ASSERT_NE(at, std::string::npos);
    const std::string row = text.substr(at, text.find("</tr>", at) - at);
    EXPECT_NE(row.find(trial.architecture), std::string::npos);
    const std::string accuracy =
        trial.outcome.ok() ? ">" + fixed(trial.outcome.accuracy.percent(), 2) + "<" : ">failed<";
    EXPECT_NE(row.find(accuracy), std::string::npos) << row;
    EXPECT_NE(
        row.find(">" + grouped(SepConvSpace{}.parameters(parse_architecture(trial.architecture)))),
        std::string::npos);
  }
}

TEST_F(RunPageTest, CountsWhatTheSearchCounted) {
  const auto found = search({.seed = 1});
  const RunSummary summary = summarize(read_run(run_));
  EXPECT_EQ(summary.total.trials, found.cost.trials);
  EXPECT_EQ(summary.total.epochs, found.cost.epochs);
  EXPECT_EQ(summary.total.failures, found.cost.failures);
  EXPECT_EQ(summary.total.repeats, found.cost.repeats);
  EXPECT_DOUBLE_EQ(summary.total.seconds, found.cost.seconds);
  EXPECT_GT(summary.total.failures, 0);
  std::int64_t epochs = 0;
  for (const StageCost& stage : summary.stages) epochs += stage.epochs;
  EXPECT_EQ(epochs, found.cost.epochs);
  EXPECT_EQ(summary.segments.back().to, found.cost.epochs);
}

TEST_F(RunPageTest, MarksWhatTheStrategyKeptAndWhatItAskedFor) {
  Keepsakes said;
  search({.seed = 1}, said);
  const RunFiles run = read_run(run_);
  const RunSummary summary = summarize(run);
  ASSERT_TRUE(summary.kept_is_known);
  std::vector<std::string> kept;
  for (const int number : run.course->kept)
    kept.push_back(run.journal.trials[static_cast<std::size_t>(number)].architecture);
  EXPECT_EQ(kept, said.architectures);
  // Section 3.3: a depth must be 0.10 points better than the best, a width no worse.
  EXPECT_TRUE(std::isnan(summary.threshold[0]));
  EXPECT_NEAR(summary.threshold[1], run.journal.trials[0].outcome.accuracy.percent() + 0.1, 1e-9);
  for (std::size_t i = 1; i < run.journal.trials.size(); ++i) {
    const TrialRecord& trial = run.journal.trials[i];
    if (!trial.outcome.ok() || std::isnan(summary.threshold[i])) continue;
    const double beyond = trial.outcome.accuracy.percent() - summary.threshold[i];
    if (std::abs(beyond) > 1e-9) {
      EXPECT_EQ(summary.kept[i], beyond > 0) << i;
    }
  }
}

TEST_F(RunPageTest, HasTheFrontOfItsTrials) {
  search({.seed = 1});
  const RunFiles run = read_run(run_);
  const auto parameters = [](const TrialRecord& trial) {
    return SepConvSpace{}.parameters(parse_architecture(trial.architecture));
  };
  const auto beaten = [&](const TrialRecord& trial) {
    for (const TrialRecord& other : run.journal.trials) {
      if (!other.outcome.ok() || parameters(other) > parameters(trial)) continue;
      const bool as_good = other.outcome.accuracy.at_least(trial.outcome.accuracy);
      const bool better = other.outcome.accuracy.more_than(trial.outcome.accuracy) ||
                          parameters(other) < parameters(trial);
      if (as_good && better) return true;
    }
    return false;
  };
  std::set<int> front;
  for (const TrialRecord& trial : run.journal.trials)
    if (trial.outcome.ok() && !beaten(trial)) front.insert(trial.number);
  const auto ours = summarize(run).front;
  EXPECT_EQ(std::set<int>(ours.begin(), ours.end()), front);
}

TEST_F(RunPageTest, ComparesWithRandomSearchAtNoMoreThanEqualCost) {
  const auto found = search({.seed = 1});
  search_at_random(10 * found.cost.epochs);
  const RunFiles run = read_run(run_);
  const RunSummary summary = summarize(run);
  ASSERT_TRUE(summary.baseline);
  EXPECT_LE(summary.baseline->cost, found.cost.epochs);
  std::int64_t cost = 0;
  double sum = 0, best = 0;
  int networks = 0;
  for (const TrialRecord& trial : run.baseline->trials) {
    if ((cost += trial.outcome.epochs) > found.cost.epochs) break;
    if (!trial.outcome.ok()) continue;
    ++networks;
    sum += trial.outcome.accuracy.percent();
    best = (std::max)(best, trial.outcome.accuracy.percent());
  }
  EXPECT_EQ(summary.baseline->networks, networks);
  EXPECT_NEAR(summary.baseline->mean.value, sum / networks, 1e-9);
  EXPECT_DOUBLE_EQ(summary.baseline->best.value, best);
  EXPECT_NE(page(run, "").find("Against random search"), std::string::npos);
}

TEST(RunSummary, GivesTheRelativeImprovementWithItsStandardError) {
  // 100 (82 - 80) / 80; hypot(100 / 80 * 1, 100 * 82 / 80^2 * 2).
  const Estimate improvement = relative_improvement({82, 1}, {80, 2});
  EXPECT_DOUBLE_EQ(improvement.value, 2.5);
  EXPECT_NEAR(improvement.error, 2.85113, 1e-5);
  EXPECT_TRUE(std::isnan(relative_improvement({82}, {80, 2}).error));
  EXPECT_NEAR(estimate_of(Accuracy{9000, 10'000}).error, 0.3, 1e-12);  // sqrt(.9 * .1 / 10000)
  EXPECT_NEAR(estimate_of(90, 10'000).error, 0.3, 1e-12);
  EXPECT_TRUE(std::isnan(estimate_of(90, 0).error));  // of no images nothing is known
  const Estimate mean = mean_of({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(mean.value, 2.5);
  EXPECT_NEAR(mean.error, 0.6454972, 1e-6);  // sqrt(5 / 3 / 4)
}

TEST_F(RunPageTest, EscapesWhatTheEvaluatorSays) {
  search({.seed = 1});
  const std::string text = page_text();
  EXPECT_EQ(text.find("<b>memory"), std::string::npos);
  EXPECT_EQ(text.find("<script>alert"), std::string::npos);
  EXPECT_NE(text.find("no &lt;b&gt;memory&lt;/b&gt;&lt;/script&gt;"), std::string::npos);
}

TEST_F(RunPageTest, EscapesAForeignJournal) {
  fs::create_directories(run_);
  const std::string evil = "</script><img src=x onerror=alert(1)>";
  TrialRecord trial;
  trial.stage = evil;
  trial.architecture = evil;
  trial.outcome = Outcome({1, 2}, {1, 2}, 1, 1);
  nlohmann::ordered_json header{
      {"event", "header"}, {"strategy", evil}, {"seed", 1}, {"options", {{evil, evil}}}};
  std::ofstream(run_ / "journal.jsonl") << header.dump() << "\n" << to_line(trial) << "\n";
  const std::string text = page(read_run(run_), "");
  EXPECT_EQ(text.find("<img"), std::string::npos);
  EXPECT_EQ(count_of(text, "</script>"), 3u);  // of the data and of the page's own scripts
}

TEST_F(RunPageTest, HasTablesAndDrawingsAndNamesThePackageWithoutChartJs) {
  search({.seed = 1});
  const std::string text = page(read_run(run_), "");
  EXPECT_NE(text.find("install Debian's package <code>libjs-chart.js</code>"), std::string::npos);
  EXPECT_EQ(text.find("<canvas"), std::string::npos);
  EXPECT_NE(text.find("<svg"), std::string::npos);
  EXPECT_NE(text.find("id=ledger"), std::string::npos);
  ::setenv("NASCENT_CHART_JS", (run_ / "nowhere.js").c_str(), 1);
  EXPECT_EQ(chart_library(), "");
  ::unsetenv("NASCENT_CHART_JS");
}

TEST_F(RunPageTest, AsksForNothingFromOutside) {
  search({.seed = 1});
  const std::string text = page(read_run(run_), "");
  EXPECT_NE(text.find("default-src 'none'"), std::string::npos);
  for (const char* asks : {" src=", "<img", "@import", "url(", "https://", "fetch("})
    EXPECT_EQ(text.find(asks), std::string::npos) << asks;
}

TEST_F(RunPageTest, IsStampedWithTheCaveat) {
  search({.seed = 1});
  EXPECT_NE(page_text().find("<p class=stamp role=note>made up</p>"), std::string::npos);
}

TEST_F(RunPageTest, IsStampedWithPaperModeByTheJournalAlone) {
  fs::create_directories(run_);
  std::ofstream(run_ / "journal.jsonl")
      << R"json({"event":"header","options":{"evaluator.signal":"test set (paper mode)"}})json"
      << "\n";
  EXPECT_NE(page(read_run(run_), "").find("<p class=stamp role=note>PAPER MODE"),
            std::string::npos);
}

TEST_F(RunPageTest, IsThereBeforeTheFirstOutcomeAndSaysThatTheSearchIsUnderWay) {
  struct Look {
    fs::path path;
    std::string text;
    void on_trial(const Trial<Architecture>& trial) {
      if (trial.number == 0) text = testing::text_of(path);
    }
  } look{run_ / "report.html", ""};
  search({.seed = 1}, look);
  EXPECT_NE(look.text.find("under way, or interrupted"), std::string::npos);
  EXPECT_NE(look.text.find("id=follow"), std::string::npos);
  EXPECT_EQ(page_text().find("id=follow"), std::string::npos);
  EXPECT_NE(page_text().find(">finished<"), std::string::npos);
}

TEST_F(RunPageTest, SaysWhyTheSearchStoppedAndGoesOnWithIt) {
  search({.seed = 1, .max_trials = 12});
  EXPECT_NE(page_text().find("stopped: the budget of 12 trials is spent"), std::string::npos);
  search({.seed = 1});
  const std::vector<int> gone_on = read_run(run_).course->kept;
  fs::remove_all(run_);
  search({.seed = 1});
  EXPECT_EQ(read_run(run_).course->kept, gone_on);
}

TEST_F(RunPageTest, IsMadeOfARunWithoutACourseToo) {
  search({.seed = 1});
  for (const char* name : {"course.json", "run.json"}) fs::remove(run_ / name);
  const RunFiles run = read_run(run_);
  EXPECT_FALSE(summarize(run).kept_is_known);
  const std::string text = page(run, "x");
  EXPECT_NE(text.find("the run has no course.json"), std::string::npos);
  EXPECT_NE(text.find("<svg"), std::string::npos);  // known by the text of the architecture
}

struct Half {
  template <class Architecture>
  Outcome evaluate(const Trial<Architecture>&) const {
    return Outcome({1, 2}, {1, 2}, 1, 1);
  }
};

template <class Space>
void expect_drawings_without_a_course(const Space& space, const fs::path& directory) {
  Search<RandomStrategy, FixedEpochRanker, Space> search;
  search.space = space;
  search.run(Half{}, {.max_trials = 3}, Journal(directory));
  const RunFiles run = read_run(directory);
  ASSERT_EQ(run.journal.trials.size(), 3u);
  for (const TrialRecord& trial : run.journal.trials) {
    const DrawnNetwork* network = run.networks.find(trial.architecture);
    ASSERT_NE(network, nullptr) << trial.architecture;
    EXPECT_EQ(network->parameters, space.describe(space.parse(trial.architecture)).parameters());
  }
}

TEST_F(RunPageTest, DrawsOtherSpacesFromAJournalWithoutACourse) {
  NasBench201Space cells;
  cells.channels = 8;
  expect_drawings_without_a_course(cells, folder_ / "cells");
  ResidualFaceSpace faces = small_faces();
  faces.embedding = 128;
  expect_drawings_without_a_course(faces, folder_ / "faces");
  TransNasMacroSpace modules;
  modules.fit_to({{1, 64, 64}, 5});
  modules.channels = 16;
  expect_drawings_without_a_course(modules, folder_ / "modules");
}

TEST_F(RunPageTest, PassesOverADamagedCourse) {
  search({.seed = 1});
  std::ofstream(run_ / "course.json") << R"({"kept":["x"]})";
  EXPECT_FALSE(read_run(run_).course);
  std::ofstream(run_ / "course.json") << "[1,";
  EXPECT_FALSE(page(read_run(run_), "").empty());
}

TEST_F(RunPageTest, EndsNoSearchWhenItCannotBeWritten) {
  fs::create_directories(run_ / "report.html" / "in the way");
  QuickSearch quick;
  RunPage page(quick, run_);
  const auto found = quick.run(QuickEvaluator{}, {.seed = 1}, Journal(run_), page);
  EXPECT_TRUE(found.finished());
  EXPECT_NE(page.failure().find("report.html cannot be written"), std::string::npos);
}

TEST_F(RunPageTest, RefusesADirectoryWithoutAJournal) {
  try {
    read_run(folder_);
    FAIL();
  } catch (const SearchError& error) {
    EXPECT_NE(std::string(error.what()).find("has no journal.jsonl"), std::string::npos);
  }
}

TEST_F(RunPageTest, OfAThousandCandidatesHasAtMostTwoMegabytes) {
  Search<RandomStrategy, DynamicEpochRanker, SepConvSpace> random;  // 10 to 100 layers
  RunPage page(random, run_);
  random.run(QuickEvaluator{}, {.seed = 1, .max_trials = 1000}, Journal(run_), page);
  const std::string text = page_text();
  EXPECT_EQ(count_of(text, "<tr id=t"), 1000u);
  EXPECT_LE(text.size() + 200'000 - chart_library().size(), 2'000'000u);
}

TEST(ListedTrials, AreAllOfAFewAndThoseKeptOfMany) {
  EXPECT_EQ(detail::listed_trials(3, {}), (std::vector<int>{0, 1, 2}));
  const auto listed = detail::listed_trials(20'000, {7, 19'999});
  EXPECT_LE(listed.size(), 5002u);
  EXPECT_EQ(listed[1], 4);
  EXPECT_EQ(listed[2], 7);
  EXPECT_EQ(listed.back(), 19'999);
}

TEST(NetworkTable, IsReadAsItWasWritten) {
  const DrawnNetwork network = describe_known("nasbench201", "433323", {{3, 32, 32}, 10});
  NetworkPacker packer;
  const auto packed = packer.pack(network);
  const DrawnNetwork again = unpack_network(packed, packer.kinds());
  EXPECT_EQ(again.parameters, network.parameters);
  EXPECT_EQ(svg({{"", again}}), svg({{"", network}}));
}

}  // namespace
}  // namespace nascent
