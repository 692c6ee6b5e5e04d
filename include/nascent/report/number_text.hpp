// Numbers as people read them, whatever the locale.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace nascent {

/// "82.30" for (82.3, 2); "" for what is no number.
inline std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "";
  char text[400];  // 1e308 has 309 digits
  return {text,
          std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr};
}

/// "27,682"
inline std::string grouped(std::int64_t value) {
  std::string text = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

/// "950", "27.7 k", "4.95 M", "1.20 G": three significant digits.
inline std::string short_count(std::int64_t value) {
  double rest = static_cast<double>(value);
  const char* const units[] = {"", " k", " M", " G", " T"};
  int unit = 0;
  for (; std::abs(rest) >= 999.5 && unit < 4; ++unit) rest /= 1000;
  const int digits = unit == 0 || std::abs(rest) >= 99.95 ? 0 : std::abs(rest) >= 9.995 ? 1 : 2;
  return fixed(rest, digits) + units[unit];
}

}  // namespace nascent
