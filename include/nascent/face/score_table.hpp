// Scores of comparisons, from a table.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/data/read_text.hpp"
#include "nascent/data/text_lines.hpp"
#include "nascent/face/comparisons.hpp"
#include "nascent/face/identification.hpp"

namespace nascent {

/// Rows of a table of scores.
struct ScoreTable {
  std::string name;                     ///< of the file
  std::vector<ScoredPair> comparisons;  ///< in the order of the file
  std::vector<int> lines;               ///< where each one stands, counted from 1
  std::vector<std::string> probes;      ///< the probe of each one; empty without that column

  /// The comparisons of each probe together, in the order in which probes first appear; those
  /// without a score are left out. DataError where the table names no probes.
  std::vector<Probe> by_probe() const {
    if (probes.empty())
      throw DataError(name +
                      " names no probes, which ranks need; give a column `probe`, or safetensors "
                      "of a gallery and probes");
    std::map<std::string_view, std::size_t> places;
    std::vector<Probe> all;
    for (std::size_t i = 0; i < comparisons.size(); ++i) {
      const std::size_t place = places.emplace(probes[i], all.size()).first->second;
      if (place == all.size()) all.emplace_back();
      if (std::isnan(comparisons[i].score)) continue;
      Probe& probe = all[place];
      (comparisons[i].same ? probe.mates : probe.non_mates).push_back(comparisons[i].score);
    }
    return all;
  }
};

namespace detail {

/// Where the columns of a table of scores are.
struct ScoreColumns {
  std::size_t label = 0, score = 1, count = 2;
  std::optional<std::size_t> probe{};

  static ScoreColumns of_header(const std::string& file, const TextLine& line) {
    const auto names = line_fields(line.text, ',');
    const auto column = [&](std::string_view wanted) -> std::optional<std::size_t> {
      const auto found = std::ranges::find_if(names, [&](std::string_view name) {
        return std::ranges::equal(name, wanted, {},
                                  [](unsigned char c) { return std::tolower(c); });
      });
      if (found == names.end()) return std::nullopt;
      return static_cast<std::size_t>(found - names.begin());
    };
    const auto label = column("label"), score = column("score");
    if (!label || !score)
      fail_at_line(file, line.number,
                   "'" + std::string(line.text) +
                       "' is neither a comparison nor a header; write label,score");
    return {*label, *score, names.size(), column("probe")};
  }
};

inline ScoredPair comparison_of(const std::string& file, const TextLine& line,
                                std::string_view label_text, std::string_view score_text) {
  const auto label = parsed_number<double>(label_text), score = parsed_number<double>(score_text);
  if (!label || (*label != 0 && *label != 1))
    fail_at_line(file, line.number,
                 "'" + std::string(label_text) +
                     "' is no label; write 1 for one person, 0 for different ones");
  if (!score || std::isinf(*score))
    fail_at_line(file, line.number,
                 "'" + std::string(score_text) +
                     "' is no score; write a number, or nan where none could be computed");
  return {*label == 1, *score};
}

}  // namespace detail

/// Parses lines `label,score`: label 1 for a comparison of one person, 0 for one of different
/// persons; `nan` where no score could be computed. A first line that begins with no number is a
/// header and names the columns, in any order; one of the name `probe` says what was looked up, and
/// others are passed over. Blank lines and CRLF do no harm. DataError with file and line; `name`
/// stands for the file.
inline ScoreTable parse_scores(std::string_view text, const std::string& name) {
  ScoreTable table{name, {}, {}, {}};
  detail::ScoreColumns columns;
  bool first = true;
  for (const TextLine& line : lines_of(text)) {
    const auto fields = line_fields(line.text, ',');
    const bool header = first && !parsed_number<double>(fields.front());
    first = false;
    if (header) {
      columns = detail::ScoreColumns::of_header(name, line);
      continue;
    }
    if (fields.size() != columns.count)
      fail_at_line(name, line.number,
                   "'" + std::string(line.text) + "' has " + std::to_string(fields.size()) +
                       " fields where " + std::to_string(columns.count) +
                       " are expected; complete it or remove it");
    table.comparisons.push_back(
        detail::comparison_of(name, line, fields[columns.label], fields[columns.score]));
    table.lines.push_back(line.number);
    if (columns.probe) table.probes.emplace_back(fields[*columns.probe]);
  }
  if (table.comparisons.empty())
    throw DataError(name + " holds no comparison; give lines label,score");
  return table;
}

/// Reads such a file.
inline ScoreTable read_scores(const std::filesystem::path& path) {
  return parse_scores(read_text(path), path.string());
}

}  // namespace nascent
