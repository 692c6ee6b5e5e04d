// What a search left in its run directory, ended or not (docs/journal.md).
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <nascent/data/data_error.hpp>
#include <nascent/data/read_text.hpp>
#include <nascent/search/accuracy.hpp>
#include <nlohmann/json.hpp>
#include <string>

/// The network that a search found, and what it was found on.
struct Searched {
  std::string architecture, data;
  std::string remark;  ///< where the search has not ended: which trial this is, of how many
};

/// The best trial of a journal, read line by line.
class BestOfJournal {
 public:
  explicit BestOfJournal(const std::filesystem::path& path) : path_(path) {
    const std::string text = nascent::read_text(path);
    std::size_t at = 0;
    // A last line without its end was torn by a kill, or is being written.
    for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
      read(text.substr(at, end - at));
    if (succeeded_ == 0)
      throw nascent::DataError(path.string() +
                               " has no successful trial yet; let the search go on, or give "
                               "--architecture");
  }

  Searched result() const {
    char remark[200];
    std::snprintf(remark, sizeof remark,
                  "has not ended; trains the best of its %d successful trials so far: number %d, "
                  "%.2f %% after "
                  "%d epochs",
                  succeeded_, number_, accuracy_.percent(), epochs_);
    return {architecture_, data_, remark};
  }

 private:
  using Json = nlohmann::json;

  void read(const std::string& line) {
    ++line_;
    try {
      const Json json = Json::parse(line);
      if (line_ == 1)
        data_ = json.at("options").value("evaluator.data", "");
      else
        add(json);
    } catch (const Json::exception&) {
      refuse();
    }
  }

  void add(const Json& trial) {
    if (trial.at("failure") != "") return;
    const nascent::Accuracy accuracy{trial.at("correct"), trial.at("images")};
    if (accuracy.total < 1 || accuracy.correct < 0 || accuracy.correct > accuracy.total) refuse();
    if (++succeeded_ > 1 && !accuracy.more_than(accuracy_)) return;
    accuracy_ = accuracy;
    trial.at("architecture").get_to(architecture_);
    trial.at("number").get_to(number_);
    trial.at("epochs").get_to(epochs_);
  }

  [[noreturn]] void refuse() const {
    throw nascent::DataError(path_.string() + ":" + std::to_string(line_) +
                             ": this line is damaged; restore it, or give --architecture");
  }

  std::filesystem::path path_;
  std::string architecture_, data_;
  nascent::Accuracy accuracy_{};
  int line_ = 0, succeeded_ = 0, number_ = 0, epochs_ = 0;
};

/// What result.json says, or the journal where the search has not ended.
inline Searched read_search(const std::filesystem::path& directory) {
  const auto result = directory / "result.json", journal = directory / "journal.jsonl";
  if (!std::filesystem::exists(result)) {
    if (!std::filesystem::exists(journal))
      throw nascent::DataError(directory.string() +
                               " has neither result.json nor journal.jsonl; give the run directory "
                               "of a search, or --architecture");
    return BestOfJournal(journal).result();
  }
  try {
    const auto json = nlohmann::json::parse(nascent::read_text(result));
    return {json.at("found").at("architecture"), json.value("data", ""), ""};
  } catch (const nlohmann::json::exception&) {
    throw nascent::DataError(result.string() +
                             " names no found architecture; restore it, or give --architecture");
  }
}
