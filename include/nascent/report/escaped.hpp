#pragma once

#include <string>
#include <string_view>

namespace nascent {

/// `text` as it may stand in HTML and SVG, between tags and within quoted attributes. Control
/// characters, which XML does not have, become spaces.
inline std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
    }
  return safe;
}

/// JSON as it may stand in a script element: no text in it can end the element.
inline std::string escaped_json(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json)
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  return safe;
}

}  // namespace nascent
