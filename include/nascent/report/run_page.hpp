// The page of a run, while it runs.
#pragma once

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nascent/report/page.hpp"
#include "nascent/search/append_file.hpp"
#include "nascent/search/stopwatch.hpp"

namespace nascent {

/// Makes `report.html` in a run directory from what lies there. SearchError where there is no
/// journal or the page cannot be written; a page that was there before stays until the new one is
/// whole.
inline void write_report(const std::filesystem::path& directory, const std::string& library) {
  detail::write_whole(directory / "report.html", page(read_run(directory), library));
}

/// When a page is written anew.
struct RunPageOptions {
  double seconds = 5;   ///< between two pages, at least
  double share = 0.01;  ///< of the time, that pages may take
};

/// Callback: keeps `report.html` in the directory of a journal (docs/reading-a-report.md), and
/// beside it `course.json`, what the strategy kept and the networks as they are drawn. Given after
/// the journal:
///
///     Journal journal("runs/first");
///     RunPage page(search, journal.directory());
///     search.run(evaluator, options, journal, page);
///
/// A page that cannot be written ends no search: `failure` says why.
template <class Search>
class RunPage {
 public:
  using Space = decltype(Search::space);  ///< of the search
  using Architecture = typename Space::Architecture;

  /// The space must have the run's problem until the run has ended, which tells it.
  RunPage(const Search& search, std::filesystem::path directory, RunPageOptions options = {})
      : space_(search.space), directory_(std::move(directory)), options_(options) {}

  /// Why the last page was not written; empty when it was.
  const std::string& failure() const { return failure_; }

  void on_begin(const RunInfo&) {
    course_ = {};
    architectures_.clear();
    library_ = chart_library();
    write();
  }

  void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
    architectures_.push_back(trial.architecture());
    if (since_written_.seconds() >= wait_) write();
  }

  void on_incumbent(const Judged<Space>& best) {
    const auto at = std::find(architectures_.rbegin(), architectures_.rend(), best.architecture);
    if (at != architectures_.rend())
      course_.kept.push_back(static_cast<int>(architectures_.rend() - at) - 1);
  }

  void on_milestone(const Milestone<Space>& milestone) {
    course_.milestones.push_back(reached(milestone.name, milestone.reached.architecture,
                                         milestone.reached.judgement, milestone.cost));
  }

  void on_end(const Found<Space>& found) {
    space_ = found.space;
    course_.networks.clear();
    course_.found = reached("", found.architecture, found.judgement, found.cost);
    course_.caveat = found.caveat;
    write();
  }

  /// Writes the page now: for programs that add to the directory after the search.
  void write() {
    const Stopwatch used;
    try {
      write_course();
      write_report(directory_, library_);
      failure_.clear();
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    wait_ = (std::max)(options_.seconds, used.seconds() / options_.share);
    since_written_ = Stopwatch();
  }

 private:
  static Reached reached(std::string name, const Architecture& architecture,
                         const Judgement& judgement, const Cost& cost) {
    return {std::move(name), to_string(architecture), judgement.accuracy, judgement.epochs,
            cost.trials};
  }

  void write_course() {
    std::vector<std::string> listed;
    for (const int number : detail::listed_trials(architectures_.size(), course_.kept)) {
      const Architecture& architecture = architectures_[static_cast<std::size_t>(number)];
      listed.push_back(to_string(architecture));
      if constexpr (detail::describes_networks<Space, Architecture>)
        if (!course_.networks.contains(listed.back()))
          course_.networks.add(listed.back(), space_.describe(architecture));
    }
    std::sort(listed.begin(), listed.end());
    listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
    detail::write_whole(directory_ / "course.json", to_text(course_, listed));
  }

  Space space_;
  std::filesystem::path directory_;
  RunPageOptions options_;
  std::string library_, failure_;
  Course course_;
  std::vector<Architecture> architectures_;  // by the numbers of their trials
  double wait_ = 0;                          // seconds, until it is written again
  Stopwatch since_written_;
};

}  // namespace nascent
