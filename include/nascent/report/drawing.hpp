// Architectures in words and as drawings in text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "nascent/space/architecture.hpp"

namespace nascent {

/// "8 layers, 16 channels in the first stage; 6 separable and 2 plain convolutions; kernels 3x3
/// (7) and 5x5 (1)", whatever operations a space has named by their letters otherwise.
inline std::string in_words(const Architecture& architecture) {
  const std::string operations = operations_of(architecture), kernels = kernels_of(architecture);
  const auto plural = [](std::size_t n, const std::string& one) {
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
  };
  std::string text = plural(operations.size(), "layer") + ", " +
                     plural(static_cast<std::size_t>(architecture.width), "channel") +
                     " in the first stage; ";
  const auto tally = [&](const std::string& letters, auto name) {
    std::string seen, list;
    for (const char letter : letters) {
      if (seen.find(letter) != std::string::npos) continue;
      seen += letter;
      const auto n = static_cast<std::size_t>(std::count(letters.begin(), letters.end(), letter));
      list += (list.empty() ? "" : ", ") + name(letter, n);
    }
    return list;
  };
  text += tally(operations, [&](char letter, std::size_t n) {
    const std::string name = letter == 's'   ? "separable convolution"
                             : letter == 'c' ? "plain convolution"
                                             : std::string("operation '") + letter + "'";
    return letter == 's' || letter == 'c' ? plural(n, name) : std::to_string(n) + " x " + name;
  });
  return text + "; kernels " + tally(kernels, [](char kernel, std::size_t n) {
           return std::string{kernel, 'x', kernel} + " (" + std::to_string(n) + ")";
         });
}

/// One line a stage: resolution, channels, and each layer as its letter and kernel, e.g.
///
///     32x32  16 | s3 s3
///     16x16  32 | c3 s5
///     8x8    64 | s3 s3
///
/// for images of `extent` x `extent` pixels.
inline std::string draw(const Architecture& architecture, int extent) {
  std::string text;
  int channels = architecture.width;
  const int depth = architecture.depth();
  const auto open_stage = [&] {
    std::string size = std::to_string(extent) + "x" + std::to_string(extent);
    size.resize((std::max)(size.size() + 1, std::size_t{8}), ' ');
    std::string width = std::to_string(channels);
    width.resize((std::max)(width.size(), std::size_t{5}), ' ');
    text += (text.empty() ? "  " : "\n  ") + size + width + "|";
  };
  open_stage();
  for (int i = 0; i < depth; ++i) {
    if (i == depth / 3 || i == 2 * depth / 3) {
      channels *= 2;
      extent = (extent + 1) / 2;
      open_stage();
    }
    const LayerChoice& layer = architecture.layers[static_cast<std::size_t>(i)];
    text += std::string(" ") + layer.operation + std::to_string(layer.kernel);
  }
  return text + "\n";
}

}  // namespace nascent
