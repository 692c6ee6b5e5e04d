// What the languages in which a network is written have in common.
#pragma once

#include <string>
#include <string_view>

#include "nascent/export/statements.hpp"
#include "nascent/operation/network_description.hpp"

namespace nascent::detail {

/// How a language calls LibTorch's functions.
struct TorchDialect {
  std::string_view torch;     ///< before a function: "torch."
  std::string_view avg_pool;  ///< the whole name of avg_pool2d
  char open, close;           ///< around a list
  std::string_view yes, no;
};

inline constexpr TorchDialect kPython{"torch.", "F.avg_pool2d", '[', ']', "True", "False"};
inline constexpr TorchDialect kTorchScript{"torch.", "torch.avg_pool2d", '[', ']', "True", "False"};
inline constexpr TorchDialect kCpp{"torch::", "torch::avg_pool2d", '{', '}', "true", "false"};

/// "[2, 2]"
inline std::string pair_of(const TorchDialect& dialect, int first, int second) {
  return dialect.open + std::to_string(first) + ", " + std::to_string(second) + dialect.close;
}

/// The value of a layer that has no parameters.
inline std::string stateless_value(const Statement& s, const TorchDialect& dialect) {
  const std::string torch(dialect.torch);
  const LayerDescription& layer = s.layer;
  switch (layer.kind) {
    case LayerKind::relu:
      return torch + "relu(" + s.in + ")";
    case LayerKind::add:
      return s.in + " + " + s.other;
    case LayerKind::global_average_pool:
      return torch + "mean(" + s.in + ", " + pair_of(dialect, 2, 3) + ", " +
             std::string(dialect.yes) + ")";
    case LayerKind::zero:
      return torch + "zeros_like(" + s.in + ")";
    case LayerKind::dropout:  // which leaves all as it is in evaluation
      return s.in;
    default: {  // average pooling; means are of what lies within the map
      const std::string no(dialect.no);
      const int kernel = layer.kernel, padding = (kernel - 1) / 2;
      return std::string(dialect.avg_pool) + "(" + s.in + ", " + pair_of(dialect, kernel, kernel) +
             ", " + pair_of(dialect, layer.stride, layer.stride) + ", " +
             pair_of(dialect, padding, padding) + ", " + no + ", " + no + ")";
    }
  }
}

inline bool has_parameters(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::batch_norm ||
         kind == LayerKind::linear || kind == LayerKind::prelu ||
         kind == LayerKind::plain_batch_norm;
}

/// A text as a literal of JSON, Python and C++ alike.
inline std::string quoted(const std::string& text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '\n') {
      literal += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + '"';
}

/// The items, as `text` writes each, between commas.
template <class Items, class Text>
std::string joined(const Items& items, Text&& text) {
  std::string line;
  for (const auto& item : items) line += (line.empty() ? "" : ", ") + text(item);
  return line;
}

/// A number that is read back as the same single-precision one.
inline std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  std::string number = text;
  if (number.find_first_of(".en") == std::string::npos) number += ".0";
  return number;
}

/// "d4 w16 ... , 1x28x28 images": what the first comment of every source says.
inline std::string summary_of(const NetworkDescription& description) {
  const Shape& image = description.problem.image;
  return std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " +
         std::to_string(image.width) + " images, " + std::to_string(description.problem.classes) +
         " classes, " + std::to_string(description.parameters()) + " parameters";
}

}  // namespace nascent::detail
