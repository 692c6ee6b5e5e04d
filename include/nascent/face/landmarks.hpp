// Five points of each face, from a table.
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "nascent/data/read_text.hpp"
#include "nascent/data/text_lines.hpp"
#include "nascent/face/alignment.hpp"

namespace nascent {

/// The five points of faces, by IDENTITY/FILE.
using Landmarks = std::map<std::string, FivePoints>;

/// Parses lines `path,x1,y1,...,x5,y5` in pixels: left eye, right eye, nose, mouth left, mouth
/// right, as they lie in the picture. The path is IDENTITY/FILE; folders above are passed over. A
/// first line whose second field is no number is a header. DataError with file and line; `name`
/// stands for the file.
inline Landmarks parse_landmarks(std::string_view text, const std::string& name) {
  Landmarks landmarks;
  bool first = true;
  for (const TextLine& line : lines_of(text)) {
    const auto fields = line_fields(line.text, ',');
    const bool header = first && fields.size() > 1 && !parsed_number<double>(fields[1]);
    first = false;
    if (header) continue;
    if (fields.size() != 11)
      fail_at_line(name, line.number,
                   std::to_string(fields.size()) +
                       " fields where path,x1,y1,...,x5,y5 are 11; complete it or remove it");
    FivePoints points;
    for (std::size_t i = 0; i < 10; ++i) {
      const auto value = parsed_number<double>(fields[i + 1]);
      if (!value || !std::isfinite(*value))
        fail_at_line(name, line.number,
                     "'" + std::string(fields[i + 1]) + "' is no coordinate; write a number");
      (i % 2 == 0 ? points[i / 2].x : points[i / 2].y) = *value;
    }
    const std::filesystem::path path(fields[0]);
    const auto key = path.parent_path().filename() / path.filename();
    if (!landmarks.emplace(key.generic_string(), points).second)
      fail_at_line(name, line.number, key.generic_string() + " is there twice; remove one");
  }
  return landmarks;
}

/// Reads such a file.
inline Landmarks read_landmarks(const std::filesystem::path& path) {
  return parse_landmarks(read_text(path), path.string());
}

}  // namespace nascent
