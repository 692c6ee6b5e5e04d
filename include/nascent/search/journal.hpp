// The run directory: what was asked and every outcome, so that nothing is lost and a run goes on.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nascent/search/append_file.hpp"
#include "nascent/search/journal_text.hpp"

namespace nascent {

/// How a journal is kept.
struct JournalOptions {
  double sync_seconds = 1;  ///< the disk has every line after so long; negative: when it likes to
  /// Directory of another run, whose outcomes are used where this one asks for equal trials. It
  /// must have the same evaluator and seed; strategy, ranker, space and budget may differ.
  std::filesystem::path fork{};
};

/// Callback: appends one JSON line for each delivered outcome to `journal.jsonl` in a directory
/// (docs/journal.md), and recalls the outcomes found there, so that the same search in the same
/// directory goes on where it ended. What depends on how it was run goes to `run.json` and
/// `run.log`; what workers finished before the search asked for it, to `early.jsonl`.
///
/// Throws SearchError, naming file and line, for a directory that cannot be written or is in use,
/// for a damaged line, and for a journal of another search; a torn last line is dropped.
class Journal {
 public:
  /// In `directory`, made where it is not there; opened when the run begins.
  explicit Journal(std::filesystem::path directory, JournalOptions options = {})
      : directory_(made(std::move(directory))),
        options_(std::move(options)),
        file_(directory_ / "journal.jsonl", options_.sync_seconds) {}

  /// The run directory.
  const std::filesystem::path& directory() const { return directory_; }

  /// Outcomes that were there when the search began.
  int recalled() const { return static_cast<int>(records_.size()); }

  /// True when a torn last line, left by a kill, was dropped.
  bool dropped_torn_line() const { return torn_; }

  void on_begin(const RunInfo& info) {
    const JournalHeader header = header_of(info);
    const std::string text = file_.text();
    JournalText journal = parse_journal(text, file_.path().string());
    if (!journal.header.is_null()) require_same(journal.header, header);
    torn_ = journal.whole_bytes != text.size();
    if (torn_) file_.cut(journal.whole_bytes);
    records_ = std::move(journal.trials);
    known_.clear();
    if (!options_.fork.empty()) learn_fork(header);
    learn_early();
    if (journal.header.is_null()) file_.append(detail::json_text(header));
    begin_notes(info, header);
  }

  template <class Architecture>
  std::optional<Outcome> recall(const Trial<Architecture>& trial) const {
    const auto number = static_cast<std::size_t>(trial.number);
    if (number >= records_.size()) return std::nullopt;
    const TrialRecord& there = records_[number];
    require_equal(TrialRecord(trial, {}), there);
    return there.outcome;
  }

  template <class Architecture>
  std::optional<Outcome> look_up(const Trial<Architecture>& trial) const {
    const auto [begin, end] = known_.equal_range(trial.seed);
    if (begin == end) return std::nullopt;
    const TrialRecord asked(trial, {});
    for (auto at = begin; at != end; ++at)
      if (at->second.same_trial(asked)) return at->second.outcome;
    return std::nullopt;
  }

  template <class Architecture>
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (trial.number >= recalled()) file_.append(to_line({trial, outcome}));
  }

  template <class Architecture>
  void on_early_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (!early_) early_.emplace(directory_ / "early.jsonl", options_.sync_seconds);
    early_->append(to_line({trial, outcome}));
  }

  template <class Space>
  void on_end(const Found<Space>& found) {
    file_.sync();
    if (found.finished()) {
      early_.reset();
      std::error_code ignored;
      std::filesystem::remove(directory_ / "early.jsonl", ignored);
    }
    notes_["ended"] = clock_time();
    notes_["stopped"] = found.stopped;
    notes_["trials"] = found.cost.trials;
    notes_["repeats"] = found.cost.repeats;
    notes_["failures"] = found.cost.failures;
    notes_["speculation"] = {{"started", found.speculation.started},
                             {"used", found.speculation.used},
                             {"wasted", found.speculation.wasted()}};
    write_notes();
    log((found.finished() ? "finished after " : "stopped (" + found.stopped + ") after ") +
        std::to_string(found.cost.trials) + " trials; " +
        std::to_string(found.speculation.started) + " begun ahead, " +
        std::to_string(found.speculation.used) + " of them used");
  }

 private:
  static std::filesystem::path made(std::filesystem::path directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
      throw SearchError("run directory " + directory.string() +
                        " cannot be made: " + error.message() + "; name another");
    return directory;
  }

  void require_same(const JournalHeader& there, const JournalHeader& now) const {
    if (now["protocol"] == there.value("protocol", JournalHeader())) return;
    detail::refuse_line(file_.path().string(), 1,
                        "another search is in this directory; it differs in " +
                            header_difference(there, now) + "; use another directory");
  }

  void require_equal(const TrialRecord& asked, const TrialRecord& there) const {
    const auto require = [&](const char* what, const auto& now, const auto& before) {
      if (now == before) return;
      const JournalHeader proposed(now), recorded(before);
      detail::refuse_line(file_.path().string(), static_cast<std::size_t>(asked.number) + 2,
                          std::string("the search proposes ") + what + " " + proposed.dump() +
                              " where the journal has " + recorded.dump() +
                              "; use another directory");
    };
    require("stage", asked.stage, there.stage);
    require("architecture", asked.architecture, there.architecture);
    require("epochs", asked.fidelity.epochs, there.fidelity.epochs);
    require("resumed epochs", asked.fidelity.resumed, there.fidelity.resumed);
    require("measure", to_string(asked.fidelity.measure), to_string(there.fidelity.measure));
    require("seed", detail::hex(asked.seed), detail::hex(there.seed));
  }

  /// A cache: what is torn or damaged there is evaluated again.
  void learn_early() {
    const std::string text = early_ ? early_->text() : read(directory_ / "early.jsonl");
    std::size_t at = 0;
    for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) try {
        learn(parse_record(std::string_view(text).substr(at, end - at), "", 0));
      } catch (const SearchError&) {
      }
  }

  void learn_fork(const JournalHeader& mine) {
    const std::filesystem::path path = options_.fork / "journal.jsonl";
    const JournalText other = parse_journal(read(path), path.string());
    if (other.header.is_null())
      throw SearchError(path.string() + " is no journal to start from; name a run directory");
    std::string differing;
    for (const char* part : {"evaluator", "options/evaluator", "seed"})
      if (const auto found = header_difference(other.header, mine, part); !found.empty())
        differing += (differing.empty() ? "" : ", ") + found;
    if (!differing.empty())
      detail::refuse_line(path.string(), 1,
                          "its outcomes are not those of this search, which differs in " +
                              differing + "; start from another run");
    for (const TrialRecord& record : other.trials) learn(record);
  }

  void learn(TrialRecord record) {
    record.outcome.same_as = -1;
    known_.emplace(record.seed, std::move(record));
  }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // How the search is run, which is no part of the journal.

  void begin_notes(const RunInfo& info, const JournalHeader& header) {
    notes_ = {{"protocol", header["protocol"]}, {"nascent", header["nascent"]},
              {"executor", info.executor},      {"process", ::getpid()},
              {"started", clock_time()},        {"recalled", recalled()},
              {"dropped_torn_line", torn_}};
    if (!options_.fork.empty()) notes_["fork"] = options_.fork.string();
    write_notes();
    log("started on " + info.executor + "; " + std::to_string(recalled()) + " outcomes recalled, " +
        std::to_string(known_.size()) + " more known" +
        (torn_ ? "; a torn last line was dropped" : ""));
  }

  void write_notes() const { detail::write_whole(directory_ / "run.json", notes_.dump(2) + "\n"); }

  void log(const std::string& what) const {
    std::ofstream(directory_ / "run.log", std::ios::app) << clock_time() << " " << what << "\n";
  }

  static std::string clock_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
  }

  std::filesystem::path directory_;
  JournalOptions options_;
  detail::AppendFile file_;
  std::optional<detail::AppendFile> early_;
  std::vector<TrialRecord> records_;
  std::unordered_multimap<std::uint64_t, TrialRecord> known_;  // by seed; no part of the journal
  bool torn_ = false;
  nlohmann::ordered_json notes_;
};

}  // namespace nascent
