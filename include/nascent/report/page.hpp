// A run as one page of HTML.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nascent/report/chart_library.hpp"
#include "nascent/report/network_svg.hpp"
#include "nascent/report/page_baseline.hpp"
#include "nascent/report/page_head.hpp"
#include "nascent/report/page_script.hpp"
#include "nascent/report/page_tables.hpp"
#include "nascent/report/page_verification.hpp"

namespace nascent {
namespace detail {

/// Writes the page part by part; docs/reading-a-report.md says what each means.
class PageWriter {
 public:
  PageWriter(const RunFiles& run, const std::string& library)
      : run_(run), header_(run.journal.header), library_(library), page_(run) {}

  std::string write() const {
    std::string text = head();
    text += "<body><main>\n" + title() + stamp() + tiles() + library_notice() + found() +
            verification();
    if (!run_.journal.trials.empty())
      text += course() + size_and_time() + curves() + baseline_section(run_, summary()) + cost() +
              trials();
    text += asked() + "</main>\n<script type=\"application/json\" id=data>" +
            escaped_json(json_text(page_.json)) + "</script>\n";
    if (!library_.empty()) text += "<script>" + library_ + "</script>\n";
    return text + "<script>" + kPageScript + "</script>\n</body>\n</html>\n";
  }

 private:
  const RunSummary& summary() const { return page_.summary; }

  std::string head() const {
    return page_head(run_.name + ": " + search_name()) +
           "<script>document.documentElement.classList.add('late')</script>\n</head>\n";
  }

  std::string search_name() const {
    return field_text(header_, "strategy") + " on " + field_text(header_, "space");
  }

  bool ended() const { return run_.notes.is_object() && run_.notes.contains("ended"); }

  std::string title() const {
    const std::string stopped = field_text(run_.notes, "stopped");
    std::string state = "<span class=\"mark busy\">under way, or interrupted</span>";
    if (ended())
      state = stopped.empty() ? "<span class=\"mark good\">finished</span>"
                              : "<span class=mark>stopped: " + escaped(stopped) + "</span>";
    std::string text = "<header><h1>" + escaped(search_name()) + "</h1>\n<p>" + state +
                       " <span class=soft>run " + escaped(run_.name) + ", seed " +
                       escaped(field_text(header_, "seed")) + ", judged by " +
                       escaped(field_text(header_, "ranker")) + "</span></p>\n";
    if (!ended())
      text +=
          "<p class=tools><label><input type=checkbox id=follow> read the page again every ten "
          "seconds</label></p>\n";
    return text + "</header>\n";
  }

  std::string caveat() const {
    if (run_.course && !run_.course->caveat.empty()) return run_.course->caveat;
    const bool paper_mode = field_text(header_.value("options", JournalHeader::object()),
                                       "evaluator.signal") == "test set (paper mode)";
    return paper_mode
               ? "PAPER MODE: the test set guides this search, so its accuracies are optimistic"
               : "";
  }

  std::string stamp() const {
    return caveat().empty() ? "" : "<p class=stamp role=note>" + escaped(caveat()) + "</p>\n";
  }

  static std::string tile(const std::string& what, const std::string& value) {
    return "<div class=tile><b>" + escaped(value) + "</b><span>" + escaped(what) +
           "</span></div>\n";
  }

  std::string value_text(Accuracy accuracy) const {
    return summary().measure == Measure::accuracy ? estimate_text(estimate_of(accuracy)) + " %"
                                                  : fixed(accuracy.percent(), 3);
  }

  std::string tiles() const {
    std::string text = "<div class=tiles>\n";
    if (summary().result) {
      const TrialRecord& best = page_.trial(*summary().result);
      const std::string what = ended() ? "of the network found" : "of what the strategy kept last";
      const bool judged = run_.course && run_.course->found;
      text += tile((summary().measure == Measure::accuracy ? "accuracy " : "score ") + what,
                   value_text(judged ? run_.course->found->accuracy : best.outcome.accuracy));
      if (const auto parameters = parameters_of(run_, best))
        text += tile("its parameters", grouped(*parameters));
    }
    if (summary().most_accurate && summary().most_accurate != summary().result)
      text +=
          tile("of the most accurate candidate, number " + std::to_string(*summary().most_accurate),
               value_text(page_.trial(*summary().most_accurate).outcome.accuracy));
    text += tile("candidates trained", grouped(summary().total.trials));
    text += tile("epochs", grouped(summary().total.epochs));
    text += tile("seconds of training", grouped(std::llround(summary().total.seconds)));
    return text + "</div>\n";
  }

  std::string library_notice() const {
    if (!library_.empty()) return "";
    return std::string(
               "<p role=note>This page has no charts, since Chart.js is not installed: "
               "install Debian's package <code>") +
           kChartPackage + "</code> and have the page made again by <code>report --run " +
           escaped(run_.name) + "</code>. All numbers are in the tables.</p>\n";
  }

  std::string found() const {
    std::vector<NetworkDrawing> drawings;
    const auto add = [&](const std::string& name, const std::string& architecture) {
      if (const DrawnNetwork* network = run_.networks.find(architecture))
        drawings.push_back({name.empty() ? architecture : name + ": " + architecture, *network});
    };
    if (run_.course)
      for (const Reached& reached : run_.course->milestones)
        add("after " + reached.name, reached.architecture);
    std::string text;
    if (summary().result) {
      const std::string& best = run_.course && run_.course->found
                                    ? run_.course->found->architecture
                                    : page_.trial(*summary().result).architecture;
      text += "<h2>" + std::string(ended() ? "Found" : "Best so far") + "</h2>\n";
      if (const DrawnNetwork* network = run_.networks.find(best)) {
        const std::vector<NetworkDrawing> drawing{{best, *network}};
        text += "<div class=drawing>" + svg(drawing) + "</div>\n";
      } else {
        text += "<p>" + code(best) + "</p>\n";
      }
    }
    if (drawings.empty()) return text;
    return text +
           "<details><summary>The networks at the end of each phase</summary><div class=drawing>" +
           svg(drawings) + "</div></details>\n";
  }

  /// Nothing without the library.
  std::string chart(const std::string& id, const std::string& caption, bool low = false) const {
    if (library_.empty()) return "";
    return "<figure><div class=\"chart" + std::string(low ? " low" : "") + "\"><canvas id=" + id +
           " role=img aria-label=\"" + escaped(caption) + "\"></canvas></div><figcaption>" +
           escaped(caption) + "</figcaption></figure>\n";
  }

  std::string verification() const {
    const std::string caption =
        "Share of comparisons of one person that are accepted (TAR) against that of different "
        "persons (FAR), over all thresholds.";
    return verification_section(run_, page_.json.at("roc").empty() ? "" : chart("roc", caption));
  }

  std::string course() const {
    if (library_.empty()) return "";
    const std::string kept =
        summary().kept_is_known
            ? "Every candidate in the order in which it was asked for. Large points were kept by "
              "the "
              "strategy; the dashed line is what a candidate had to reach."
            : "Every candidate in the order in which it was asked for. Large points were the best "
              "so far; "
              "what the strategy kept is not known, since the run has no course.json.";
    return "<h2>Course</h2>\n" + chart("course", kept) +
           chart("timeline", "The stages of the search, by what was spent.", true);
  }

  std::string size_and_time() const {
    if (library_.empty()) return "";
    const std::string size =
        summary().front.empty()
            ? ""
            : chart("size",
                    "Accuracy against parameters. Circled: the Pareto front, which no candidate "
                    "beats in both; accuracies after fewer epochs count as they are.");
    return "<h2>Trade-off and speed</h2>\n<div class=two>" + size +
           chart("anytime",
                 summary().baseline
                     ? "The best so far against cost, beside random search at equal cost."
                     : "The best so far against cost. The run has no random search "
                       "beside it to compare with.") +
           "</div>\n";
  }

  std::string curves() const {
    if (library_.empty() || page_.curves.empty()) return "";
    return "<h2>Learning curves</h2>\n" + chart("curves",
                                                "Accuracy after each epoch of candidates that were "
                                                "kept: the first and the last of them.");
  }

  std::string cost() const {
    std::string text = "<h2>Cost</h2>\n" + ledger(summary());
    if (run_.notes.is_object() && run_.notes.contains("speculation")) {
      const auto& speculation = run_.notes.at("speculation");
      text += "<p id=speculation>Ahead of the search, idle workers began " +
              escaped(field_text(speculation, "started")) + " trainings on guesses; " +
              escaped(field_text(speculation, "used")) + " of them were used, " +
              escaped(field_text(speculation, "wasted")) + " were not.</p>\n";
    }
    std::vector<std::pair<std::string, int>> reasons;
    for (const TrialRecord& trial : run_.journal.trials) {
      if (trial.outcome.ok()) continue;
      const auto there = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) {
        return reason.first == trial.outcome.failure;
      });
      if (there != reasons.end())
        ++there->second;
      else
        reasons.emplace_back(trial.outcome.failure, 1);
    }
    if (reasons.empty()) return text + "<p id=failures>No training failed.</p>\n";
    text += "<div class=wide><table id=failures><thead><tr><th class=n>failed<th>because</thead>\n";
    for (const auto& [reason, times] : reasons)
      text += "<tr>" + number_cell(std::to_string(times)) + cell(reason) + "</tr>\n";
    return text + "</table></div>\n";
  }

  std::string trials() const {
    std::string text =
        "<section id=trials><h2>All trials</h2>\n<div class=tools><input type=search "
        "id=search placeholder=\"search: stage, architecture, failure\" "
        "aria-label=\"search in the table\"><span class=soft>A click on a column's "
        "name sorts by it.</span></div>\n";
    if (page_.listed.size() < run_.journal.trials.size())
      text += "<p>" + grouped(static_cast<std::int64_t>(page_.listed.size())) + " of " +
              grouped(static_cast<std::int64_t>(run_.journal.trials.size())) +
              " trials are listed and drawn in the charts: those kept, and every n-th of the "
              "others. The "
              "sums count all.</p>\n";
    return text + trials_table(page_) + "</section>\n";
  }

  std::string asked() const {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    Pairs search, options;
    for (const char* name :
         {"strategy", "ranker", "space", "evaluator", "seed", "protocol", "nascent"})
      search.emplace_back(name, field_text(header_, name));
    for (const char* name : {"executor", "started", "ended", "recalled", "fork"})
      if (run_.notes.is_object() && run_.notes.contains(name))
        search.emplace_back(name, field_text(run_.notes, name));
    const auto listed = header_.value("options", JournalHeader::object());
    for (const auto& [name, value] : listed.items())
      options.emplace_back(name, field_text(listed, name));
    if (!run_.journal.trials.empty() && !run_.journal.trials.front().outcome.machine.empty())
      search.emplace_back("machine", run_.journal.trials.front().outcome.machine);
    return "<h2>What was asked</h2>\n<div class=two><div>" + pairs_table(search) +
           "</div><details open><summary>" + std::to_string(options.size()) + " options</summary>" +
           pairs_table(options) +
           "</details></div>\n<p class=soft>Made from the journal of the run; "
           "docs/reading-a-report.md "
           "says what each part means.</p>\n";
  }

  const RunFiles& run_;
  const JournalHeader& header_;
  const std::string& library_;
  PageData page_;
};

}  // namespace detail

/// The page of a run: a function of its files and of Chart.js, `library`, without which there are
/// tables and drawings only. It asks for nothing from outside; what comes from the run is escaped.
inline std::string page(const RunFiles& run, const std::string& library) {
  return detail::PageWriter(run, library).write();
}

}  // namespace nascent
