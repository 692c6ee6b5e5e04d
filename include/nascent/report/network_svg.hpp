// Networks as drawings, after Figures 1 and 2 of the paper.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/report/escaped.hpp"
#include "nascent/report/network_blocks.hpp"
#include "nascent/report/number_text.hpp"

namespace nascent {

/// A network and what stands above it.
struct NetworkDrawing {
  std::string title;     ///< a line of text
  DrawnNetwork network;  ///< what is drawn
};

/// Size and arrangement of a drawing.
struct SvgOptions {
  int width = 880;  ///< of the whole drawing, pixels
  int columns = 1;  ///< networks side by side
};

namespace detail {

/// Writes one SVG document; see `svg`.
class SvgWriter {
 public:
  SvgWriter(const std::vector<NetworkDrawing>& drawings, SvgOptions options)
      : options_(options), drawings_(drawings) {
    column_ = (options.width - 2 * kMargin - (options.columns - 1) * kGutter) / options.columns;
    fit();
  }

  std::string write() {
    const int rows = (static_cast<int>(drawings_.size()) + options_.columns - 1) / options_.columns;
    std::string body;
    for (std::size_t i = 0; i < drawings_.size(); ++i) {
      const int column = static_cast<int>(i) % options_.columns;
      const int row = static_cast<int>(i) / options_.columns;
      body += "<g transform=\"translate(" + std::to_string(kMargin + column * (column_ + kGutter)) +
              " " + std::to_string(kMargin + row * kPanel) + ")\">\n" + panel(drawings_[i]) +
              "</g>\n";
    }
    double bottom = kMargin + rows * kPanel;
    body += legend(bottom);
    return head(static_cast<int>(bottom) + kMargin) + body + "</svg>\n";
  }

 private:
  static constexpr int kMargin = 12, kGutter = 28, kTall = 120, kTop = 44, kPanel = 216;
  static constexpr double kLetter = 6.3, kBoldLetter = 8.7;  // mean widths, at 11 and 14 pixels
  static constexpr double kHeadWidth = 4, kHeadHeight = 30, kLeastBand = 12;  // for its number

  /// One scale for all networks, so that they can be compared.
  void fit() {
    int most = 1;
    scale_ = 6;  // pixels a channel, at most
    for (const NetworkDrawing& drawing : drawings_) {
      int channels = 0;
      for (const DrawnBlock& block : drawing.network.blocks) {
        if (block.block != LayerDescription::kHead) channels += block.channels;
        most = (std::max)(most, block.height);
      }
      gap_ = (std::min)(gap_, 80.0 / static_cast<double>(drawing.network.blocks.size() + 1));
      const double room =
          column_ - gap_ * static_cast<double>(drawing.network.blocks.size()) - kHeadWidth;
      if (channels > 0) scale_ = (std::min)(scale_, room / channels);
    }
    tall_ = static_cast<double>(kTall) / most;
  }

  std::string head(int height) const {
    std::string title, description;
    for (const NetworkDrawing& drawing : drawings_) {
      title += (title.empty() ? "" : "; ") + drawing.title;
      description += drawing.title + ": " + words(drawing.network) + ". ";
    }
    const std::string size = std::to_string(options_.width) + " " + std::to_string(height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"network\" viewBox=\"0 0 " + size +
           "\" width=\"" + std::to_string(options_.width) + "\" role=\"img\" aria-label=\"" +
           escaped(title) + "\">\n<title>" + escaped(title) + "</title>\n<desc>" +
           escaped(description) +
           "Each block is a layer: its height is the resolution, its width the number of "
           "channels, its colour the operation and the kernel.</desc>\n<style>"
           ".network{font:11px system-ui,sans-serif;max-width:100%;height:auto}"
           ".network text{fill:#1f2328}.network .name{font-size:14px;font-weight:600}"
           ".network .soft{fill:#59636e}.network .fixed{fill:#8b949e;fill-opacity:.3}"
           ".network rect{stroke:#1f2328;stroke-opacity:.45;stroke-width:.6}"
           ".network .dark{fill:#1b1f24}.network .light{fill:#fff}"
           "@media (prefers-color-scheme:dark){.network text{fill:#e6edf3}"
           ".network .soft{fill:#9198a1}.network rect{stroke:#e6edf3}"
           ".network .dark{fill:#1b1f24}.network .light{fill:#fff}}</style>\n";
  }

  static std::string words(const DrawnNetwork& network) {
    return std::to_string(network.depth()) + " layers, " + grouped(network.parameters) +
           " parameters, " + short_count(network.macs) + " multiply-adds";
  }

  std::string panel(const NetworkDrawing& drawing) {
    std::string text =
        heading(drawing.title) + label(0, 30, "soft", words(drawing.network), "start");
    const std::vector<DrawnBlock>& blocks = drawing.network.blocks;
    double x = 0;
    for (std::size_t i = 0; i < blocks.size();) {
      const double begin = x;
      std::size_t end = i;
      for (; end < blocks.size() && blocks[end].same_size(blocks[i]); ++end) {
        text += block(blocks[end], x);
        x += width_of(blocks[end]) + gap_;
      }
      if (x - begin > 30 && blocks[i].block != LayerDescription::kHead)
        text += stage_label(blocks[i], (begin + x - gap_) / 2);
      i = end;
    }
    return text;
  }

  /// On one line: a long title in smaller letters, and of what then does not fit the beginning.
  std::string heading(const std::string& title) const {
    if (static_cast<double>(title.size()) * kBoldLetter <= column_)
      return label(0, 14, "name", title, "start");
    const auto room = static_cast<std::size_t>((std::max)(4.0, column_ / kLetter));
    if (title.size() <= room) return label(0, 14, "", title, "start");
    std::size_t end = room - 3;
    while (end > 0 && (title[end] & 0xC0) == 0x80) --end;  // no half of a letter in UTF-8
    return label(0, 14, "", title.substr(0, end) + "...", "start");
  }

  double width_of(const DrawnBlock& block) const {
    if (block.block == LayerDescription::kHead) return kHeadWidth;
    return (std::max)(1.0, block.channels * scale_);
  }

  std::string stage_label(const DrawnBlock& block, double x) const {
    const std::string extent = std::to_string(block.height) + "x" + std::to_string(block.width);
    return label(x, kTop + kTall + 16, "", extent, "middle") +
           label(x, kTop + kTall + 30, "soft", std::to_string(block.channels), "middle");
  }

  /// Several operations share its height.
  std::string block(const DrawnBlock& block, double x) {
    const bool is_head = block.block == LayerDescription::kHead;
    const double height = is_head ? kHeadHeight : (std::max)(2.0, block.height * tall_);
    const double width = width_of(block), top = kTop + (kTall - height) / 2;
    if (block.block < 0)
      return rectangle(x, top, width, height, "class=\"fixed\"", is_head ? "head" : "stem");
    const std::size_t bands = block.operations.size();
    shared_ = shared_ || bands > 1;
    std::string text;
    for (std::size_t i = 0; i < bands; ++i) {
      const DrawnOperation& operation = block.operations[i];
      if (std::find(seen_.begin(), seen_.end(), operation) == seen_.end())
        seen_.push_back(operation);
      const double band = height / static_cast<double>(bands);
      const double y = top + band * static_cast<double>(i);
      text += rectangle(x, y, width, band, "fill=\"" + colour_of(operation) + "\"",
                        "layer " + std::to_string(block.block + 1) + ": " + operation.name + ", " +
                            std::to_string(block.channels) + " channels, " +
                            std::to_string(block.height) + "x" + std::to_string(block.width));
      if (operation.kernel > 0 && width >= 9 && band >= kLeastBand)
        text += label(x + width / 2, y + band / 2 + 4, operation.kernel <= 3 ? "dark" : "light",
                      std::to_string(operation.kernel), "middle");
    }
    return text;
  }

  std::string legend(double& bottom) const {
    std::vector<DrawnOperation> entries = seen_;
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return std::pair(a.kind, a.kernel) < std::pair(b.kind, b.kernel);
    });
    std::string text;
    double x = kMargin, y = bottom;
    const auto entry = [&](const std::string& fill, const std::string& name) {
      const double wide = 26 + kLetter * static_cast<double>(name.size());
      if (x > kMargin && x + wide > options_.width - kMargin) {
        x = kMargin;
        y += 20;
      }
      text += rectangle(x, y, 12, 12, fill, "") + label(x + 17, y + 10, "", name, "start");
      x += wide;
    };
    for (const DrawnOperation& operation : entries)
      entry("fill=\"" + colour_of(operation) + "\"", operation.name);
    entry("class=\"fixed\"", "stem and head");
    y += 32;
    std::string key = "Height: resolution. Width: channels (below each stage). Number: kernel.";
    if (shared_) key += " Several operations in one layer share its height.";
    text += label(kMargin, y, "soft", key, "start");
    bottom = y;
    return text;
  }

  static std::string rectangle(double x, double y, double width, double height,
                               const std::string& fill, const std::string& title) {
    return "<rect x=\"" + fixed(x, 1) + "\" y=\"" + fixed(y, 1) + "\" width=\"" + fixed(width, 1) +
           "\" height=\"" + fixed(height, 1) + "\" " + fill +
           (title.empty() ? "/>\n" : "><title>" + escaped(title) + "</title></rect>\n");
  }

  static std::string label(double x, double y, std::string_view kind, const std::string& text,
                           std::string_view anchor) {
    return "<text x=\"" + fixed(x, 1) + "\" y=\"" + fixed(y, 1) + "\"" +
           (kind.empty() ? "" : " class=\"" + std::string(kind) + "\"") +
           (anchor == "start" ? "" : " text-anchor=\"" + std::string(anchor) + "\"") + ">" +
           escaped(text) + "</text>\n";
  }

  SvgOptions options_;
  const std::vector<NetworkDrawing>& drawings_;
  std::vector<DrawnOperation> seen_;
  int column_ = 0;
  double scale_ = 1, tall_ = 1, gap_ = 2;
  bool shared_ = false;  // several operations in one layer
};

}  // namespace detail

/// An SVG document that shows the networks on one scale, with a legend: a layer is a block whose
/// height is the resolution of its output, whose width is its channels and whose colour is its
/// operation and kernel; several operations in one layer share its height. It refers to nothing
/// outside, suits light and dark surroundings, and is the same for the same networks.
inline std::string svg(const std::vector<NetworkDrawing>& networks, SvgOptions options = {}) {
  return detail::SvgWriter(networks, options).write();
}

}  // namespace nascent
