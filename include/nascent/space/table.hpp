#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nascent {

/// Numbers that are known of some architectures: a row for each, named by its text, and a column
/// for each metric. `read_table` reads one from a file.
class Table {
 public:
  /// Throws std::invalid_argument when two columns have one name.
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (columns_[i] == columns_[j])
          throw std::invalid_argument("column '" + columns_[i] +
                                      "' occurs twice; the columns of a table need names of "
                                      "their own");
  }

  /// Appends a row of one number a column. Throws std::invalid_argument when the code occurred
  /// before or when numbers are missing.
  void add(std::string code, const std::vector<double>& numbers) {
    if (numbers.size() != columns_.size())
      throw std::invalid_argument("a row of a table needs one number for each of its columns");
    const auto [at, is_new] = rows_.emplace(std::move(code), size());
    if (!is_new)
      throw std::invalid_argument("code '" + at->first +
                                  "' occurs twice; a table has one row for each");
    codes_.push_back(at->first);
    numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
  }

  /// How many rows it has.
  int size() const { return static_cast<int>(codes_.size()); }
  /// Names of the columns of numbers.
  const std::vector<std::string>& columns() const { return columns_; }
  /// Text of each row's architecture.
  const std::vector<std::string>& codes() const { return codes_; }

  /// The row of `code`, or -1.
  int find(std::string_view code) const {
    const auto at = rows_.find(code);
    return at == rows_.end() ? -1 : at->second;
  }

  /// The column of this name. Throws std::invalid_argument, listing the columns, when there is
  /// none.
  int column(std::string_view name) const {
    std::string all;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == name) return static_cast<int>(i);
      all += (i == 0 ? "" : ", ") + columns_[i];
    }
    throw std::invalid_argument("the table has no column '" + std::string(name) +
                                "'; choose one of " + all);
  }

  /// One number; both count from 0.
  double number(int row, int column) const {
    return numbers_.at(static_cast<std::size_t>(row) * columns_.size() +
                       static_cast<std::size_t>(column));
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::vector<std::string> columns_, codes_;
  std::vector<double> numbers_;  // row by row
  std::unordered_map<std::string, int, Hash, std::equal_to<>> rows_;
};

}  // namespace nascent
