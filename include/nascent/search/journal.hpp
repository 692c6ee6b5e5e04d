// The run directory: what was asked and every outcome, so that nothing is lost and a run goes on.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/search/engine.hpp"
#include "nascent/version.hpp"

namespace nascent {

/// Callback: appends one JSON line for each delivered outcome to `journal.jsonl` in a directory
/// (docs/journal.md), and recalls the outcomes found there, so that the same search in the same
/// directory goes on where it ended.
///
/// Throws SearchError, naming file and line, for a directory that cannot be written or is in use,
/// for a damaged line, and for a journal of another search; a torn last line is dropped.
class Journal {
 public:
  explicit Journal(std::filesystem::path directory)
      : directory_(std::move(directory)), path_(directory_ / "journal.jsonl") {
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    if (error)
      throw SearchError("run directory " + directory_.string() +
                        " cannot be made: " + error.message());
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0) throw SearchError(path_.string() + " cannot be opened: " + reason());
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(file_);
      throw SearchError(path_.string() + " is in use by another process");
    }
  }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal() {
    ::fsync(file_);
    ::close(file_);
  }

  const std::filesystem::path& directory() const { return directory_; }

  /// Outcomes that were there when the search began.
  int recalled() const { return static_cast<int>(records_.size()); }

  /// True when a torn last line, left by a kill, was dropped.
  bool dropped_torn_line() const { return torn_; }

  void on_begin(const RunInfo& info) {
    const Json header = header_of(info);
    records_.clear();
    const std::vector<std::string> lines = read_lines();
    if (lines.empty()) return append(header);
    require_same(header, parse(lines.front(), 1));
    for (std::size_t i = 1; i < lines.size(); ++i)
      records_.push_back(parse(lines[i], static_cast<int>(i) + 1));
  }

  template <class Architecture>
  std::optional<Outcome> recall(const Trial<Architecture>& trial) const {
    const auto number = static_cast<std::size_t>(trial.number);
    if (number >= records_.size()) return std::nullopt;
    const Json& record = records_[number];
    const Json asked = describe(trial);
    try {
      for (const auto& [key, value] : asked.items())
        if (record.at(key) != value)
          refuse(trial.number + 2, "the search proposes " + key + " " + value.dump() +
                                       " where the journal has " + record.at(key).dump() +
                                       "; use another directory");
      Outcome outcome({record.at("correct"), record.at("images")},
                      {record.at("train_correct"), record.at("train_images")},
                      record.at("epochs_run"), record.at("seconds"));
      outcome.failure = record.at("failure");
      return outcome;
    } catch (const Json::exception& error) {
      refuse(trial.number + 2, error.what());
    }
  }

  template <class Architecture>
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    if (trial.number < recalled()) return;
    Json line = describe(trial);
    line["correct"] = outcome.accuracy.correct;
    line["images"] = outcome.accuracy.total;
    line["train_correct"] = outcome.train_accuracy.correct;
    line["train_images"] = outcome.train_accuracy.total;
    line["epochs_run"] = outcome.epochs;
    line["seconds"] = outcome.seconds;
    line["failure"] = outcome.failure;
    append(line);
  }

 private:
  using Json = nlohmann::ordered_json;

  /// Bytes that are no UTF-8, which a reason of failure may have, become replacement characters.
  static std::string text(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  static std::string reason() { return std::strerror(errno); }

  /// Text, since JSON readers keep only 53 bits of a number.
  static std::string hex(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
  }

  [[noreturn]] void refuse(int line, const std::string& what) const {
    throw SearchError(path_.string() + ":" + std::to_string(line) + ": " + what);
  }

  template <class Architecture>
  static Json describe(const Trial<Architecture>& trial) {
    return {{"event", "trial"},
            {"number", trial.number},
            {"stage", stage_of(trial.move())},
            {"architecture", to_string(trial.architecture())},
            {"epochs", trial.fidelity.epochs},
            {"seed", hex(trial.seed)}};
  }

  static Json header_of(const RunInfo& info) {
    Json options = Json::object();
    for (const auto& [name, value] : info.options) options[name] = value;
    Json header{{"event", "header"},     {"format", 1},         {"strategy", info.strategy},
                {"ranker", info.ranker}, {"space", info.space}, {"evaluator", info.evaluator},
                {"options", options},    {"seed", info.seed}};
    header["protocol"] = hex(stable_hash(text(header)));
    header["nascent"] = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                        std::to_string(version.patch);
    return header;
  }

  /// Whole lines; a last one without its end was torn by a kill and is cut off the file.
  std::vector<std::string> read_lines() {
    std::ifstream in(path_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> lines;
    std::size_t at = 0;
    for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
      lines.push_back(text.substr(at, end - at));
    torn_ = at != text.size();
    if (torn_ && ::ftruncate(file_, static_cast<off_t>(at)) != 0)
      throw SearchError(path_.string() + " cannot be truncated: " + reason());
    return lines;
  }

  Json parse(const std::string& line, int number) const {
    Json value = Json::parse(line, nullptr, false);
    if (!value.is_object())
      refuse(number, "this line is damaged; restore it or use another directory");
    return value;
  }

  /// Names every field of the header in which this search differs from the journal's.
  void require_same(const Json& mine, const Json& theirs) const {
    if (mine["protocol"] == theirs.value("protocol", Json())) return;
    std::string differing;
    const Json flat_mine = mine.flatten(), flat_theirs = theirs.flatten();
    const auto value_in = [](const Json& header, const std::string& key) {
      return header.contains(key) ? text(header[key]) : std::string("absent");
    };
    Json keys = flat_theirs;
    keys.update(flat_mine);
    for (const auto& [key, either] : keys.items()) {
      const std::string there = value_in(flat_theirs, key), now = value_in(flat_mine, key);
      if (key.size() < 2 || key == "/protocol" || key == "/nascent" || there == now) continue;
      differing += (differing.empty() ? "" : ", ") + key.substr(1) + " (" + there + " there, " +
                   now + " now)";
    }
    refuse(1, "another search is in this directory; it differs in " + differing +
                  "; use another directory");
  }

  void append(const Json& value) {
    const std::string line = text(value) + "\n";
    // One write(2) a line: a kill can tear only the last one.
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      throw SearchError(path_.string() + " cannot be written: " + reason());
    const auto now = std::chrono::steady_clock::now();
    if (now - synced_ < std::chrono::seconds(1)) return;
    ::fsync(file_);
    synced_ = now;
  }

  std::filesystem::path directory_, path_;
  int file_ = -1;
  std::vector<Json> records_;
  bool torn_ = false;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace nascent
