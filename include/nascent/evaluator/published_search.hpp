// Searches as the paper's authors published them: one CSV a search, its settings in the first line.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/evaluator/replay_evaluator.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/space/architecture.hpp"

namespace nascent {

/// A published search. `method` is empty for the paper's own.
struct PublishedSearch {
  std::string method, dataset;                       ///< as the file's first line says
  Problem problem;                                   ///< images and classes
  int depth_min = 0, depth_max = 0;                  ///< searched layers
  int width_min = 0, width_max = 0, width_step = 2;  ///< channels of the first stage
  int macro_epochs = 0, micro_epochs = 0;            ///< of the paper's method
  int epochs = 0;                                    ///< of TRG-NAS, for every candidate
  std::vector<RecordedTrial<Architecture>> rows;  ///< candidates, in the order of their evaluation

  /// Whether it is a search by the predecessor's method.
  bool is_trg_nas() const { return method == "TRG-NAS"; }
};

namespace detail {

/// Reads one published CSV; every complaint names the file and the line.
class PublishedReader {
 public:
  explicit PublishedReader(std::string path) : path_(std::move(path)), file_(path_) {
    if (!file_) throw std::invalid_argument(path_ + ": cannot be opened; give a published CSV");
  }

  PublishedSearch read() {
    PublishedSearch search = read_settings();
    read_header();
    while (next_line())
      if (!line_.empty()) search.rows.push_back(read_row(static_cast<int>(search.rows.size())));
    if (search.rows.empty()) refuse("there are no rows");
    return search;
  }

 private:
  static constexpr std::string_view kColumns[] = {
      "index",   "stage",  "depth",      "width",          "operations",
      "kernels", "epochs", "parameters", "train_accuracy", "eval_correct"};

  /// Of every count: keeps sums of them within their types.
  static constexpr int kMost = 100'000'000;

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(path_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  bool next_line() {
    ++line_number_;
    if (!std::getline(file_, line_)) {
      if (file_.bad()) refuse("the file cannot be read to its end");
      return false;
    }
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    return true;
  }

  static std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
      const std::size_t end = text.find(separator, at);
      parts.push_back(text.substr(at, end - at));
      if (end == std::string_view::npos) return parts;
      at = end + 1;
    }
  }

  template <class Number>
  Number number(std::string_view text, std::string_view what, Number least,
                Number most = (std::numeric_limits<Number>::max)()) const {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= least) ||
        !(value <= most))
      refuse("'" + std::string(text) + "' is no valid " + std::string(what));
    return value;
  }

  // Settings: "# key=value key=value ...".

  PublishedSearch read_settings() {
    if (!next_line() || line_.empty() || line_[0] != '#')
      refuse("the first line must be '#' and the settings of the search");
    for (const std::string_view word : split(std::string_view(line_).substr(1), ' ')) {
      if (word.empty()) continue;
      const std::size_t equals = word.find('=');
      if (equals == std::string_view::npos)
        refuse("setting '" + std::string(word) + "' has no '='");
      settings_[std::string(word.substr(0, equals))] = std::string(word.substr(equals + 1));
    }
    PublishedSearch search;
    if (settings_.contains("method")) search.method = settings_["method"];
    if (!search.method.empty() && !search.is_trg_nas() && search.method != "EGNAS")
      refuse("unknown method '" + search.method + "'; known are EGNAS (the default) and TRG-NAS");
    search.dataset = setting("dataset");
    search.problem.classes = count("classes", 2);
    search.problem.image.channels = count("input_channels");
    images_ = count("eval_images");
    bounds("depth", 3, {&search.depth_min, &search.depth_max});
    if (search.is_trg_nas()) search.width_step = 4;
    bounds("width", 1, {&search.width_min, &search.width_max, &search.width_step});
    if (search.is_trg_nas()) {
      search.epochs = count("epochs");
    } else {
      search.macro_epochs = count("macro_epochs");
      search.micro_epochs = count("micro_epochs");
    }
    return search;
  }

  const std::string& setting(const std::string& key) const {
    const auto found = settings_.find(key);
    if (found == settings_.end()) refuse("the settings lack '" + key + "='");
    return found->second;
  }

  int count(const std::string& key, int least = 1) const {
    return number<int>(setting(key), key, least, kMost);
  }

  /// "min:max" or "min:max:step", as many of them as are given.
  void bounds(const std::string& key, int least, std::vector<int*> targets) const {
    const auto parts = split(setting(key), ':');
    if (parts.size() < 2 || parts.size() > targets.size())
      refuse("'" + key + "=' must be min:max" + (targets.size() > 2 ? "[:step]" : ""));
    for (std::size_t i = 0; i < parts.size(); ++i)
      *targets[i] = number<int>(parts[i], key, i < 2 ? least : 1, Architecture::kMost);
    if (*targets[1] < *targets[0]) refuse("'" + key + "=' has its largest below its smallest");
  }

  // Rows, by the names of the columns.

  void read_header() {
    if (!next_line()) refuse("the line of column names is missing");
    const auto names = split(line_, ',');
    columns_ = names.size();
    for (std::size_t i = 0; i < names.size(); ++i) column_[std::string(names[i])] = i;
    for (const std::string_view name : kColumns)
      if (!column_.contains(std::string(name)))
        refuse("column '" + std::string(name) + "' is missing");
  }

  RecordedTrial<Architecture> read_row(int index) const {
    const auto cells = split(line_, ',');
    if (cells.size() != columns_)
      refuse(std::to_string(cells.size()) + " cells, expected " + std::to_string(columns_));
    const auto cell = [&](const char* name) { return cells[column_.at(name)]; };
    if (number<int>(cell("index"), "index", 0) != index)
      refuse("index " + std::string(cell("index")) + ", expected " + std::to_string(index));

    RecordedTrial<Architecture> row;
    row.stage = cell("stage");
    try {
      row.architecture = parse_architecture(
          "d" + std::string(cell("depth")) + " w" + std::string(cell("width")) +
          " ops=" + std::string(cell("operations")) + " kernels=" + std::string(cell("kernels")));
    } catch (const std::invalid_argument& error) {
      refuse(error.what());
    }
    row.epochs = number<int>(cell("epochs"), "number of epochs", 1, kMost);
    row.parameters = number<std::int64_t>(cell("parameters"), "number of parameters", 1);
    const auto correct = number<std::int64_t>(cell("eval_correct"), "eval_correct", 0);
    if (correct > images_) refuse("eval_correct exceeds eval_images=" + std::to_string(images_));
    const auto trained = number<double>(cell("train_accuracy"), "train_accuracy", 0.0, 100.0);
    row.outcome = Outcome({correct, images_}, Accuracy::of_percent(trained), row.epochs);
    return row;
  }

  std::string path_;
  std::ifstream file_;
  std::string line_;
  int line_number_ = 0;
  std::map<std::string, std::string> settings_;
  std::map<std::string, std::size_t> column_;
  std::size_t columns_ = 0;
  std::int64_t images_ = 0;
};

}  // namespace detail

/// Reads a CSV of this form:
///
///     # dataset=CIFAR10 classes=10 input_channels=3 eval_images=10000 depth=10:100
///       width=16:64:2 macro_epochs=10 micro_epochs=2                        (one line)
///     index,stage,depth,width,operations,kernels,epochs,parameters,train_accuracy,eval_correct
///
/// `method=TRG-NAS epochs=N` stands in place of macro and micro epochs; other settings and columns
/// are ignored. Throws std::invalid_argument naming file and line.
inline PublishedSearch read_published_search(const std::string& path) {
  return detail::PublishedReader(path).read();
}

}  // namespace nascent
