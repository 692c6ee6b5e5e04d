// The lines of a journal: what they mean (docs/journal.md), written and read.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/search/found.hpp"
#include "nascent/search/json_text.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/search/trial.hpp"
#include "nascent/version.hpp"

namespace nascent {

/// A trial and its outcome, as a journal holds them.
struct TrialRecord {
  int number = 0;                   ///< of the trial, from 0
  std::string stage, architecture;  ///< as text
  Fidelity fidelity;                ///< what was asked for
  std::uint64_t seed = 0;           ///< of the trial
  int parent = -1;                  ///< number of the trial that it goes on from
  Outcome outcome;                  ///< what it gave

  TrialRecord() = default;
  /// The record of a trial of any space.
  template <class Architecture>
  TrialRecord(const Trial<Architecture>& trial, Outcome measured)
      : number(trial.number),
        stage(stage_of(trial.move())),
        architecture(to_string(trial.architecture())),
        fidelity(trial.fidelity),
        seed(trial.seed),
        parent(trial.parent ? trial.parent->number : -1),
        outcome(std::move(measured)) {}

  /// Whether the trials are equal, whatever their numbers and stages.
  bool same_trial(const TrialRecord& other) const {
    return seed == other.seed && fidelity == other.fidelity && architecture == other.architecture;
  }
};

/// What a journal says before its trials, as JSON.
using JournalHeader = nlohmann::ordered_json;

/// A whole journal.
struct JournalText {
  JournalHeader header;             ///< null when there is none yet
  std::vector<TrialRecord> trials;  ///< in the order of their lines
  std::size_t whole_bytes = 0;      ///< of whole lines; what follows them was torn by a kill
};

namespace detail {

/// Writes a flat JSON object: a tree for each line would cost more than all else of a trial.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::size_t texts) { line_.reserve(texts + 320); }

  void text(std::string_view key, std::string_view value) {
    begin(key);
    const bool plain = std::ranges::all_of(
        value, [](unsigned char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
    if (plain)
      (line_ += '"').append(value) += '"';
    else
      line_ += json_text(std::string(value));
  }

  template <class Number>
  void number(std::string_view key, Number value) {
    begin(key);
    char digits[32];
    line_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }

  /// `json` as it is.
  void raw(std::string_view key, std::string_view json) {
    begin(key);
    line_ += json;
  }

  std::string take() { return std::move(line_) + "}"; }

 private:
  void begin(std::string_view key) {
    line_ += line_.empty() ? "{\"" : ",\"";
    line_.append(key) += "\":";
  }

  std::string line_;
};

/// Text, since JSON readers keep only 53 bits of a number.
inline std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

inline std::uint64_t of_hex(const std::string& text) {
  std::size_t end = 0;
  const std::uint64_t value = std::stoull(text, &end, 16);
  if (end != text.size() || text.size() != 16) throw std::invalid_argument("not 16 digits");
  return value;
}

[[noreturn]] inline void refuse_line(const std::string& path, std::size_t line,
                                     const std::string& what) {
  throw SearchError(path + ":" + std::to_string(line) + ": " + what);
}

inline constexpr std::uint64_t kLargest = (std::numeric_limits<std::int64_t>::max)();

/// A whole number that fits; JSON readers would turn any other into one.
template <class Integer>
Integer integer_at(const nlohmann::ordered_json& line, const char* key) {
  const nlohmann::ordered_json& value = line.at(key);
  if (!value.is_number_integer() || (value.is_number_unsigned() && value > kLargest) ||
      !std::in_range<Integer>(value.get<std::int64_t>()))
    throw std::invalid_argument(std::string(key) + " is no number of its kind");
  return static_cast<Integer>(value.get<std::int64_t>());
}

template <class Enum, std::size_t count>
Enum named_at(const nlohmann::ordered_json& line, const char* key,
              const std::array<std::string_view, count>& names, Enum otherwise) {
  if (!line.contains(key)) return otherwise;
  const auto found = named<Enum>(names, line.at(key).get<std::string>());
  if (!found) throw std::invalid_argument(std::string(key) + " is unknown");
  return *found;
}

/// What a line leaves out is as in a plain training.
inline void read_fidelity(const nlohmann::ordered_json& line, TrialRecord& record) {
  Fidelity& fidelity = record.fidelity;
  fidelity.epochs = integer_at<int>(line, "epochs");
  const auto read = [&](const char* key, int& value) {
    if (line.contains(key)) value = integer_at<int>(line, key);
  };
  read("schedule", fidelity.schedule);
  read("resumed", fidelity.resumed);
  read("repeat", fidelity.repeat);
  read("parent", record.parent);
  fidelity.share = line.value("share", 1.0);
  fidelity.subset = named_at(line, "subset", kSubsets, Subset::random);
  fidelity.measure = named_at(line, "measure", kMeasures, Measure::accuracy);
}

inline TrialRecord record_of(const nlohmann::ordered_json& line) {
  TrialRecord record;
  if (line.at("event").get<std::string>() != "trial") throw std::invalid_argument("no trial");
  record.number = integer_at<int>(line, "number");
  record.stage = line.at("stage").get<std::string>();
  record.architecture = line.at("architecture").get<std::string>();
  read_fidelity(line, record);
  record.seed = of_hex(line.at("seed").get<std::string>());
  const auto count = [&](const char* key) { return integer_at<std::int64_t>(line, key); };
  record.outcome =
      Outcome({count("correct"), count("images")}, {count("train_correct"), count("train_images")},
              integer_at<int>(line, "epochs_run"), line.at("seconds").get<double>());
  record.outcome.failure = line.at("failure").get<std::string>();
  record.outcome.machine = line.value("machine", "");
  if (line.contains("same_as")) record.outcome.same_as = integer_at<int>(line, "same_as");
  if (line.contains("curve"))
    record.outcome.curve = line.at("curve").get<std::vector<std::int32_t>>();
  if (line.contains("metrics"))
    for (const auto& [name, value] : line.at("metrics").items())
      if (value.is_number()) record.outcome.metrics.emplace_back(name, value.get<double>());
  return record;
}

inline nlohmann::ordered_json parse_line(std::string_view line, const std::string& path,
                                         std::size_t number) {
  nlohmann::ordered_json value = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!value.is_object())
    refuse_line(path, number, "this line is damaged; restore it or use another directory");
  return value;
}

}  // namespace detail

/// One line, without its end.
inline std::string to_line(const TrialRecord& record) {
  const Outcome& outcome = record.outcome;
  detail::ObjectWriter line(record.architecture.size() + outcome.failure.size());
  line.text("event", "trial");
  line.number("number", record.number);
  line.text("stage", record.stage);
  line.text("architecture", record.architecture);
  const Fidelity& fidelity = record.fidelity;
  line.number("epochs", fidelity.epochs);
  if (fidelity.schedule > 0) line.number("schedule", fidelity.schedule);
  if (fidelity.resumed > 0) line.number("resumed", fidelity.resumed);
  if (fidelity.repeat > 0) line.number("repeat", fidelity.repeat);
  if (fidelity.share < 1) {
    line.number("share", fidelity.share);
    line.text("subset", to_string(fidelity.subset));
  }
  if (fidelity.measure != Measure::accuracy) line.text("measure", to_string(fidelity.measure));
  if (record.parent >= 0) line.number("parent", record.parent);
  line.text("seed", detail::hex(record.seed));
  line.number("correct", outcome.accuracy.correct);
  line.number("images", outcome.accuracy.total);
  line.number("train_correct", outcome.train_accuracy.correct);
  line.number("train_images", outcome.train_accuracy.total);
  line.number("epochs_run", outcome.epochs);
  line.number("seconds", std::isfinite(outcome.seconds) ? outcome.seconds : 0);
  line.text("failure", outcome.failure);
  if (!outcome.machine.empty()) line.text("machine", outcome.machine);
  if (outcome.repeated()) line.number("same_as", outcome.same_as);
  if (!outcome.curve.empty()) line.raw("curve", nlohmann::json(outcome.curve).dump());
  if (!outcome.metrics.empty()) {
    nlohmann::ordered_json metrics = nlohmann::ordered_json::object();
    for (const auto& [name, value] : outcome.metrics)
      if (std::isfinite(value)) metrics[name] = value;
    line.raw("metrics", detail::json_text(metrics));
  }
  return line.take();
}

/// Reads one line; SearchError with `path` and the line's number when it is damaged.
inline TrialRecord parse_record(std::string_view line, const std::string& path,
                                std::size_t number) {
  const nlohmann::ordered_json value = detail::parse_line(line, path, number);
  try {
    return detail::record_of(value);
  } catch (const std::exception& error) {
    detail::refuse_line(path, number,
                        std::string("this line is damaged (") + error.what() +
                            "); restore it or use another directory");
  }
}

/// Reads all of it. `path` is for errors: SearchError with the number of a damaged line. A last
/// line without its end is left out.
inline JournalText parse_journal(std::string_view text, const std::string& path) {
  JournalText journal;
  std::size_t number = 0;
  for (std::size_t end; (end = text.find('\n', journal.whole_bytes)) != std::string_view::npos;
       journal.whole_bytes = end + 1) {
    const std::string_view line = text.substr(journal.whole_bytes, end - journal.whole_bytes);
    if (++number == 1) {
      journal.header = detail::parse_line(line, path, 1);
      continue;
    }
    journal.trials.push_back(parse_record(line, path, number));
    if (journal.trials.back().number != static_cast<int>(number) - 2)
      detail::refuse_line(path, number,
                          "this is trial " + std::to_string(journal.trials.back().number) +
                              " where trial " + std::to_string(number - 2) +
                              " belongs; restore it or use another directory");
  }
  return journal;
}

/// What was asked. Nothing in it depends on directories, executors and budgets; `protocol` is the
/// hash of all that is before it.
inline JournalHeader header_of(const RunInfo& info) {
  JournalHeader options = JournalHeader::object();
  for (const auto& [name, value] : info.options) options[name] = value;
  JournalHeader header{{"event", "header"},         {"format", 2},
                       {"strategy", info.strategy}, {"ranker", info.ranker},
                       {"space", info.space},       {"evaluator", info.evaluator},
                       {"options", options},        {"seed", info.seed}};
  header["protocol"] = detail::hex(stable_hash(detail::json_text(header)));
  header["nascent"] = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                      std::to_string(version.patch);
  return header;
}

/// Every field in which two headers differ, with both values: "seed (1 there, 2 now), ..."; of the
/// options only those that begin with `prefix`. Empty when nothing does.
inline std::string header_difference(const JournalHeader& there, const JournalHeader& now,
                                     std::string_view prefix = "") {
  const JournalHeader flat_there = there.flatten(), flat_now = now.flatten();
  const auto value_in = [](const JournalHeader& header, const std::string& key) {
    return header.contains(key) ? detail::json_text(header[key]) : std::string("absent");
  };
  JournalHeader keys = flat_there;
  keys.update(flat_now);
  std::string differing;
  for (const auto& [key, either] : keys.items()) {
    const std::string before = value_in(flat_there, key), after = value_in(flat_now, key);
    if (key.size() < 2 || key == "/protocol" || key == "/nascent" || before == after) continue;
    if (!std::string_view(key).substr(1).starts_with(prefix)) continue;
    differing += (differing.empty() ? "" : ", ") + key.substr(1) + " (" + before + " there, " +
                 after + " now)";
  }
  return differing;
}

}  // namespace nascent
