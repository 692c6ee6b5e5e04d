// A comparison as a page: tables, tests and anytime curves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nascent/report/chart_library.hpp"
#include "nascent/report/escaped.hpp"
#include "nascent/report/number_text.hpp"
#include "nascent/report/page_head.hpp"
#include "nascent/tournament/comparison_json.hpp"
#include "nascent/tournament/comparison_text.hpp"

namespace nascent {
namespace detail {

/// Mean anytime curves, each with a band of one standard error on either side.
inline constexpr const char* kComparisonScript = R"js(
'use strict';
(() => {
const data = JSON.parse(document.getElementById('data').textContent);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colours = ['--grow', '--prune', '--replace', '--update', '--sample', '--morph', '--other'];
const axis = (title) => ({title: {display: true, text: title, color: css('--soft')}, type: 'linear',
  ticks: {color: css('--soft')}, grid: {color: css('--line'), borderColor: css('--line')}});
let drawn;
function draw() {
  const canvas = document.getElementById('curves');
  if (!canvas || typeof Chart === 'undefined') return;
  if (drawn) drawn.destroy();
  const sets = data.entrants.flatMap((entrant, i) => {
    const colour = css(colours[i % colours.length]);
    const line = (label, at, more) => ({label, data: entrant.curve.map((p) => ({x: p[0], y: at(p)})),
      showLine: true, stepped: 'before', pointRadius: 0, borderColor: colour, backgroundColor: colour + '33', ...more});
    return [line(entrant.name, (p) => p[1], {borderWidth: 2}),
      line('', (p) => p[1] + (p[2] ?? 0), {borderWidth: 0, fill: '+1'}),
      line('', (p) => p[1] - (p[2] ?? 0), {borderWidth: 0})];
  });
  drawn = new Chart(canvas, {type: 'scatter', data: {datasets: sets}, options: {animation: false,
    responsive: true, maintainAspectRatio: false, scales: {x: axis(data.unit), y: axis(data.measure)},
    plugins: {legend: {labels: {color: css('--text'), filter: (item) => item.text !== ''}}}}});
  canvas.dataset.points = data.entrants.reduce((sum, entrant) => sum + entrant.curve.length, 0);
}
draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
)js";

inline std::string values_table(const Comparison& comparison, std::int64_t budget) {
  std::string text = "<h3>at " + grouped(budget) + " " + escaped(comparison.budgets.unit_name()) +
                     "</h3>\n<div class=wide><table><thead><tr><th>search<th class=n>mean<th "
                     "class=n>sd<th class=n>standard error<th>all values</thead><tbody>\n";
  for (const Contender& contender : comparison.contenders) {
    const Summary summary = contender.summary(budget);
    text += "<tr><td>" + escaped(contender.name) + "</td>";
    for (const double number : {summary.mean, summary.deviation, summary.standard_error})
      text += "<td class=n>" + fixed(number, 3) + "</td>";
    text += "<td>";
    for (const double value : contender.values(budget)) text += fixed(value, 2) + " ";
    text += "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

inline std::string tests_table(const Comparison& comparison, Against against) {
  std::string text =
      "<div class=wide><table id=tests><thead><tr><th>difference<th class=n>at<th class=n>mean<th "
      "class=n>standard error<th class=n>t-test p<th class=n>Holm<th class=n>Wilcoxon p<th "
      "class=n>Holm<th>verdict</thead><tbody>\n";
  for (const Contrast& contrast : comparison.contrasts(against)) {
    const PairedTest& test = contrast.test;
    text += "<tr><td>" + escaped(comparison.contenders[contrast.first].name) + " &minus; " +
            escaped(comparison.contenders[contrast.second].name) + "</td><td class=n>" +
            grouped(contrast.budget) + "</td>";
    for (const double number : {test.difference, test.standard_error})
      text += "<td class=n>" + fixed(number, 3) + "</td>";
    for (const double p : {test.t_p, contrast.t_holm, test.wilcoxon_p, contrast.wilcoxon_holm})
      text += "<td class=n>" + fixed(p, 4) + "</td>";
    text += std::string("<td>") + (contrast.significant() ? "significant" : "not significant") +
            "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

inline std::string entrants_table(const Comparison& comparison) {
  std::string text =
      "<div class=wide><table><thead><tr><th>search<th>policies<th>options"
      "</thead><tbody>\n";
  for (const Contender& contender : comparison.contenders) {
    const RunInfo& info = contender.protocol;
    text += "<tr><td>" + escaped(contender.name) + "</td><td><code>" +
            escaped(info.strategy + ", " + info.ranker + ", " + info.space) + "</code></td><td>";
    for (const auto& [name, value] : info.options)
      text += "<code>" + escaped(name + " " + value) + "</code> ";
    text += escaped(contender.caveat) + "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace detail

/// One self-contained page, which asks for nothing from anywhere: means, deviations and all values
/// at each budget, paired tests with Holm's correction, mean anytime curves with their standard
/// errors, and what was compared. `library` is Chart.js; without it there are no curves drawn, and
/// the page names the package.
inline std::string comparison_page(const Comparison& comparison, Against against = Against::first,
                                   const std::string& library = chart_library()) {
  std::string text = detail::page_head("A tournament of searches") + "</head>\n<body><main>\n<h1>" +
                     std::to_string(comparison.contenders.size()) + " searches, " +
                     std::to_string(comparison.seeds.size()) + " seeds</h1>\n<p class=soft>" +
                     (comparison.final_accuracy ? "Measured apart from what the searches saw, "
                                                : "Measured by what guides the searches, ") +
                     "in " + escaped(to_string(comparison.measure)) + ".</p>\n";
  text +=
      library.empty()
          ? std::string(
                "<p role=note>This page has no curves, since Chart.js is not installed: "
                "install Debian's package <code>") +
                kChartPackage + "</code> and make it again.</p>\n"
          : "<h2>Anytime curves</h2>\n<figure><div class=chart><canvas id=curves "
            "role=img aria-label=\"mean anytime curves\"></canvas></div><figcaption>Mean over the "
            "seeds of what each search would have answered, had it been stopped there; the band "
            "is one standard error.</figcaption></figure>\n";
  text += "<h2>Values</h2>\n";
  for (const std::int64_t budget : comparison.budgets.amounts())
    text += detail::values_table(comparison, budget);
  text += "<h2>Paired tests</h2>\n" + detail::tests_table(comparison, against) +
          "<h2>What was compared</h2>\n" + detail::entrants_table(comparison) +
          "</main>\n<script type=\"application/json\" id=data>" +
          escaped_json(comparison_json(comparison, against).dump()) + "</script>\n";
  if (!library.empty())
    text +=
        "<script>" + library + "</script>\n<script>" + detail::kComparisonScript + "</script>\n";
  return text + "</body>\n</html>\n";
}

}  // namespace nascent
