// What a person sees while a search runs.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "nascent/search/forecast.hpp"
#include "nascent/search/stopwatch.hpp"

namespace nascent {

/// "42 s", "3 min 05 s", "2 h 10 min"
inline std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  char text[48];
  if (whole < 60)
    std::snprintf(text, sizeof text, "%lld s", whole);
  else if (whole < 3600)
    std::snprintf(text, sizeof text, "%lld min %02lld s", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
  return text;
}

/// Callback: one line on standard error for each candidate, and on a terminal one that follows the
/// epochs. Time left is a range, from the search's own rules: what remains if nothing better is
/// found, and if everything is better.
template <class Search>
class Progress {
 public:
  /// Of the search.
  using Space = decltype(Search::space);
  using Architecture = typename Space::Architecture;

  /// `search` is asked for what is left; its space must have the run's problem.
  Progress(Search search, const SearchOptions& options, std::FILE* stream = stderr)
      : search_(std::move(search)),
        options_(options),
        stream_(stream),
        terminal_(::isatty(::fileno(stream)) != 0) {}

  void on_trial(const Trial<Architecture>&) {
    if (!first_fresh_) first_fresh_ = history_.entries.size();
  }

  void on_epoch(const Trial<Architecture>& trial, const EpochReport& report) {
    if (!terminal_) return;
    std::fprintf(stream_, "\r\033[K%s  epoch %d of %d, loss %.3f, %.2f %%", name(trial).c_str(),
                 report.epoch, report.epochs, report.loss, report.evaluated.percent());
    std::fflush(stream_);
  }

  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    history_.on_outcome(trial, outcome);
    if (!first_fresh_) return;  // recalled from a journal
    if (*first_fresh_ > 0 && history_.entries.size() == *first_fresh_ + 1)
      std::fprintf(stream_, "%zu candidates recalled\n", *first_fresh_);
    const std::string line =
        name(trial) + "  " +
        (outcome.ok() ? percent(outcome.accuracy) + " in " + duration_text(outcome.seconds)
                      : "failed: " + outcome.failure);
    print(line);
  }

  void on_incumbent(const Judged<Space>& best) { best_ = best; }

  void on_milestone(const Milestone<Space>& milestone) {
    if (!first_fresh_) return;
    std::fprintf(stream_, "  -- %s: %s, %s after %d trials\n", milestone.name.c_str(),
                 to_string(milestone.reached.architecture).c_str(),
                 percent(milestone.reached.accuracy()).c_str(), milestone.cost.trials);
  }

 private:
  static std::string percent(Accuracy accuracy) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f %%", accuracy.percent());
    return text;
  }

  std::string name(const Trial<Architecture>& trial) const {
    char text[32];
    std::snprintf(text, sizeof text, "%3d %-8s ", trial.number,
                  std::string(stage_of(trial.move())).c_str());
    return text + to_string(trial.architecture()) + "  " + std::to_string(trial.fidelity.epochs) +
           " epochs";
  }

  void print(std::string line) {
    if (best_) line += "; best before " + percent(best_->accuracy());
    line += "; used " + duration_text(used_.seconds()) + ", left " + left();
    std::fprintf(stream_, "%s%s\n", terminal_ ? "\r\033[K" : "", line.c_str());
    std::fflush(stream_);
  }

  std::string left() const {
    const Forecast ahead = forecast(search_, options_, history_);
    if (ahead.endless) return "until it is stopped";
    // In this order, since better networks may be cheaper ones.
    const auto [least, most] = std::minmax({seconds_for(ahead.least), seconds_for(ahead.most)});
    if (most < least + 1) return duration_text(most);
    return duration_text(least) + " to " + duration_text(most);
  }

  /// By the speed so far: seconds for an epoch and multiply-add, or for an epoch.
  double seconds_for(const Forecast::Work& work) const {
    double seconds = 0, epochs = 0, mac_epochs = 0;
    for (const auto& [trial, outcome] : history_.entries) {
      seconds += outcome.seconds;
      epochs += outcome.epochs;
      if constexpr (detail::counts_macs<Space, Architecture>)
        mac_epochs +=
            outcome.epochs * static_cast<double>(search_.space.macs(trial.architecture()));
    }
    if (mac_epochs > 0) return work.mac_epochs * seconds / mac_epochs;
    return epochs > 0 ? static_cast<double>(work.epochs) * seconds / epochs : 0;
  }

  Search search_;
  SearchOptions options_;
  std::FILE* stream_;
  bool terminal_;
  Stopwatch used_;
  History<Space> history_;
  std::optional<std::size_t> first_fresh_;  ///< number of the first trial that is not recalled
  std::optional<Judged<Space>> best_;
};

}  // namespace nascent
