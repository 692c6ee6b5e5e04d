// Tables of trained networks, from CSV files.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/read_text.hpp"
#include "nascent/space/table.hpp"

namespace nascent {
namespace detail {

/// Reads one CSV; every complaint names file, line and column.
class TableReader {
 public:
  explicit TableReader(const std::string& path) : path_(path), text_(read_text(path)) {
    rest_ = text_;
    if (rest_.substr(0, 3) == "\xEF\xBB\xBF") rest_.remove_prefix(3);  // the byte order mark
  }

  Table read(const std::vector<std::string>& wanted) {
    if (!next_line()) refuse("the line of column names is missing");
    const std::vector<std::string> names(cells_.begin(), cells_.end());
    const std::size_t code = find(names, "code");
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (i != code && wanted.empty()) places.push_back(i);
    for (const std::string& name : wanted) places.push_back(find(names, name));
    std::vector<std::string> columns;
    for (const std::size_t place : places) columns.push_back(names[place]);
    std::optional<Table> table;
    guarded([&] { table.emplace(columns); });
    std::vector<double> row(places.size());
    while (next_line()) {
      if (cells_.size() != names.size())
        refuse(std::to_string(cells_.size()) + " cells, expected " + std::to_string(names.size()));
      for (std::size_t i = 0; i < places.size(); ++i)
        row[i] = number(cells_[places[i]], columns[i]);
      if (cells_[code].empty()) refuse("column 'code' is empty");
      guarded([&] { table->add(std::string(cells_[code]), row); });
    }
    if (table->size() == 0) refuse("there are no rows");
    return *std::move(table);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw std::invalid_argument(path_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  template <class Act>
  void guarded(Act act) const {
    try {
      act();
    } catch (const std::invalid_argument& error) {
      refuse(error.what());
    }
  }

  /// The cells of the next line that is neither empty nor a comment.
  bool next_line() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      ++line_number_;
      line = trimmed(line);
      if (line.empty() || line.front() == '#') continue;
      split(line);
      return true;
    }
    return false;
  }

  static std::string_view trimmed(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
  }

  void split(std::string_view line) {
    cells_.clear();
    for (std::size_t at = 0;;) {
      const std::size_t end = line.find(',', at);
      std::string_view cell = trimmed(line.substr(at, end - at));
      if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
        cell = cell.substr(1, cell.size() - 2);
      cells_.push_back(cell);
      if (end == std::string_view::npos) return;
      at = end + 1;
    }
  }

  std::size_t find(const std::vector<std::string>& names, const std::string& name) const {
    std::string all;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return i;
      all += (i == 0 ? "" : ", ") + names[i];
    }
    refuse("column '" + name + "' is missing; there are " + all);
  }

  double number(std::string_view text, const std::string& column) const {
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
      refuse("column '" + column + "': '" + std::string(text) + "' is no number");
    return value;
  }

  std::string path_, text_;
  std::string_view rest_;
  std::vector<std::string_view> cells_;
  int line_number_ = 0;
};

}  // namespace detail

/// Reads a CSV with a column `code`, the texts of architectures, and columns of numbers; `columns`
/// names those that are wanted, or none for all. Lines that begin with '#' are comments; cells may
/// stand in double quotes, but hold no commas. Throws std::invalid_argument naming file, line and
/// column, and DataError where the file cannot be read.
inline Table read_table(const std::string& path, const std::vector<std::string>& columns = {}) {
  return detail::TableReader(path).read(columns);
}

}  // namespace nascent
