// The page of a run in a browser: it says nothing on the console, draws every chart, and its
// numbers are the journal's.
#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "run_page_support.hpp"

namespace nascent {
namespace {

using testing::RunPageTest;

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return text;
  std::array<char, 4096> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
    text.append(part.data(), size);
  ::pclose(pipe);
  return text;
}

std::string browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
    if (!output_of(std::string("command -v ") + name).empty()) return name;
  return "";
}

void replace(std::string& text, const std::string& part, const std::string& by) {
  const std::size_t at = text.rfind(part);
  ASSERT_NE(at, std::string::npos) << part;
  text.replace(at, part.size(), by);
}

/// Hears what goes wrong before anything else is run.
constexpr const char* kListener = R"(<head><script>
window.problems = [];
addEventListener('error', (event) => problems.push(event.message));
addEventListener('securitypolicyviolation', (event) => problems.push(event.blockedURI));
for (const level of ['error', 'warn']) console[level] = (...words) => problems.push(words.join(' '));
</script>)";

/// Sorts by accuracy, searches, and writes down what there is to see.
constexpr const char* kProbe = R"(<script>
const count = (canvas) => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let i = 3; i < pixels.length; i += 4) drawn += pixels[i] > 0;
  return drawn;
};
const button = [...document.querySelectorAll('#trials th button')].find((b) => b.textContent.startsWith('accuracy'));
button.click(); button.click();
const first = document.querySelector('#trials tbody tr').cells[3].textContent;
const set = (id, s) => Chart.getChart(id).data.datasets[s].data;
const probe = {problems, first,
  canvases: Object.fromEntries([...document.querySelectorAll('canvas')].map((c) => [c.id, count(c)])),
  course: Chart.getChart('course').data.datasets.slice(0, -1).flatMap((s) => s.data.map((p) => [p.number, p.y])),
  front: set('size', 0).map((p) => p.number), anytime: set('anytime', 0).map((p) => [p.x, p.y]),
  random: set('anytime', 1).map((p) => [p.x, p.y]),
  fits: document.documentElement.scrollWidth <= innerWidth};
document.body.innerHTML = '<pre id=probe></pre>';
document.getElementById('probe').textContent = JSON.stringify(probe);
</script></body>)";

nlohmann::json probed(const std::string& dom) {
  const std::size_t begin = dom.find("<pre id=\"probe\">");
  if (begin == std::string::npos) return nullptr;
  return nlohmann::json::parse(dom.substr(begin + 16, dom.find("</pre>") - begin - 16), nullptr,
                               false);
}

/// What the probe, put behind the page's own scripts, saw in a window as wide as a phone.
nlohmann::json probed_in(const std::string& program, const std::string& page,
                         const std::string& probe, const std::filesystem::path& folder) {
  std::string text = page;
  replace(text, "<head>", kListener);
  replace(text, "</body>", probe);
  std::ofstream(folder / "probed.html") << text;
  return probed(output_of(
      "timeout 60 " + program +
      " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --window-size=390,800 " +
      "--user-data-dir=" + (folder / "profile").string() + " --dump-dom file://" +
      (folder / "probed.html").string() + " 2>/dev/null"));
}

/// Ends the calling test where there is no browser.
#define NEEDS_BROWSER(program)                                                   \
  const std::string program = browser();                                         \
  if (program.empty())                                                           \
    GTEST_SKIP() << "Chromium is not here; `cmake/setup.sh checks` installs it"; \
  if (chart_library().empty()) GTEST_SKIP() << "Chart.js is not installed: " << kChartPackage

TEST_F(RunPageTest, IsDrawnInChromiumWithoutAWordAndWithTheNumbersOfTheJournal) {
  NEEDS_BROWSER(program);
  const auto found = search({.seed = 1});
  search_at_random(found.cost.epochs);
  std::ofstream(run_ / "verification.json")
      << R"({"what": "people", "roc": [[0.001, 0.5], [0.1, 0.9], [1, 1]]})";
  write_report(run_, chart_library());
  const nlohmann::json probe = probed_in(program, page_text(), kProbe, folder_);
  ASSERT_TRUE(probe.is_object()) << "Chromium has shown nothing";
  EXPECT_TRUE(probe["problems"].empty()) << probe["problems"];
  EXPECT_TRUE(probe["fits"].get<bool>()) << "the page is wider than a phone";

  std::vector<std::string> canvases;
  for (const auto& [id, pixels] : probe["canvases"].items()) {
    canvases.push_back(id);
    EXPECT_GT(pixels.get<int>(), 1000) << id;
  }
  EXPECT_EQ(canvases,
            (std::vector<std::string>{"anytime", "course", "curves", "roc", "size", "timeline"}));

  const RunFiles run = read_run(run_);
  const RunSummary summary = summarize(run);
  std::size_t succeeded = 0;
  for (const TrialRecord& trial : run.journal.trials) succeeded += trial.outcome.ok();
  EXPECT_EQ(probe["course"].size(), succeeded);
  for (const auto& point : probe["course"])
    EXPECT_EQ(point[1].get<double>(),
              run.journal.trials[point[0].get<std::size_t>()].outcome.accuracy.percent());
  EXPECT_EQ(probe["front"].get<std::vector<int>>(), summary.front);
  EXPECT_EQ(probe["anytime"].back()[0].get<std::int64_t>(), found.cost.epochs);
  EXPECT_EQ(probe["anytime"].back()[1].get<double>(), summary.curve.back().percent);
  EXPECT_EQ(probe["random"].back()[1].get<double>(), summary.baseline->best.value);
  EXPECT_EQ(probe["first"].get<std::string>(), fixed(summary.curve.back().percent, 2));
}

/// When all before it has been done, milliseconds after the page was asked for.
constexpr const char* kClock = R"(<script>
const probe = {charts: Object.keys(Chart.instances).length, milliseconds: performance.now()};
document.body.innerHTML = '<pre id=probe></pre>';
document.getElementById('probe').textContent = JSON.stringify(probe);
</script></body>)";

TEST_F(RunPageTest, OfAThousandCandidatesIsDrawnInChromiumWithinASecond) {
  NEEDS_BROWSER(program);
  Search<RandomStrategy, DynamicEpochRanker, SepConvSpace> random;  // 10 to 100 layers
  random.run(testing::QuickEvaluator{}, {.seed = 1, .max_trials = 1000}, Journal(run_));
  write_report(run_, chart_library());
  double least = 1e9;  // of a few: other programs take time, too
  for (int again = 0; again < 5 && least > 1000; ++again) {
    const nlohmann::json probe = probed_in(program, page_text(), kClock, folder_);
    ASSERT_TRUE(probe.is_object()) << "Chromium has shown nothing";
    EXPECT_EQ(probe["charts"].get<int>(), 5);
    least = (std::min)(least, probe["milliseconds"].get<double>());
  }
  EXPECT_LE(least, 1000);
}

}  // namespace
}  // namespace nascent
