// Lines of a text file, and what is wrong in one of them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "nascent/data/data_error.hpp"

namespace nascent {

/// One line of a text, without its end and without white space around it.
struct TextLine {
  int number = 0;         ///< counted from 1
  std::string_view text;  ///< refers to the whole text
};

/// Without white space before and after.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The lines that are not blank; they end with LF or CRLF. A byte order mark is passed over.
inline std::vector<TextLine> lines_of(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<TextLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty()) lines.push_back({number, line});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The parts of a line between separators, each without white space around it.
inline std::vector<std::string_view> line_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

/// The number that a text is, whole; nothing where it is none, or too large.
template <class Number>
std::optional<Number> parsed_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const char* end = text.data() + text.size();
  const auto [reached, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || reached != end) return std::nullopt;
  return value;
}

/// Throws a DataError about a line of a file: what is wrong, and what to do.
[[noreturn]] inline void fail_at_line(const std::string& file, int line, const std::string& what) {
  throw DataError(file + ", line " + std::to_string(line) + ": " + what);
}

}  // namespace nascent
