#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

#include "nascent/operation/network_description.hpp"

namespace nascent {
namespace detail {

/// Reads a description line by line; what it has read is sound.
class NetworkReader {
 public:
  explicit NetworkReader(const std::string& text) : text_(text) {}

  NetworkDescription read() {
    std::string word;
    next_line();
    net_.problem.image = shape();
    if (!(words_ >> word) || word != "," || !(words_ >> net_.problem.classes) ||
        net_.problem.classes < 1 || !(words_ >> word) || word != "classes")
      fail("expected the image and the classes, such as '3x32x32, 10 classes'");
    while (next_line()) read_layer();
    if (net_.layers.empty()) fail("expected a layer");
    return std::move(net_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::invalid_argument("line " + std::to_string(line_) + " of the network: " + what);
  }

  bool next_line() {
    std::string line;
    ++line_;
    if (!std::getline(text_, line)) return false;
    words_ = std::istringstream(line);
    return true;
  }

  Shape shape() {
    Shape read;
    char x = 0, y = 0;
    if (!(words_ >> read.channels >> x >> read.height >> y >> read.width) || x != 'x' || y != 'x' ||
        std::min({read.channels, read.height, read.width}) < 1)
      fail("expected a shape such as 3x32x32");
    return read;
  }

  void read_layer() {
    std::string kind;
    words_ >> kind;
    LayerDescription layer;
    const auto known = kind_of(kind);
    if (!known) fail("unknown layer '" + kind + "'");
    layer.kind = *known;
    layer.in = shape();
    layer.out = shape();
    if (!(words_ >> layer.block >> layer.input >> layer.other >> layer.kernel >> layer.stride >>
          layer.groups))
      fail("expected six numbers after the shapes");
    if (layer.kind == LayerKind::dropout &&
        (!(words_ >> layer.percent) || layer.percent < 0 || layer.percent > 99))
      fail("expected the per cent of a dropout, from 0 to 99, as the seventh number");
    check(layer);
    net_.layers.push_back(layer);
  }

  void check(const LayerDescription& layer) const {
    if (std::min({layer.kernel, layer.stride, layer.groups}) < 1 ||
        layer.in.channels % layer.groups != 0 || layer.out.channels % layer.groups != 0)
      fail("kernel, stride and groups must be positive, and groups divide the channels");
    if (layer.block < LayerDescription::kHead) fail("there is no such block");
    if (shape_of(layer.input) != layer.in) fail("its input has another shape");
    if (layer.kind == LayerKind::add && shape_of(layer.other) != layer.in)
      fail("its second summand has another shape");
  }

  Shape shape_of(int layer) const {
    if (layer == LayerDescription::kImage) return net_.problem.image;
    if (layer < 0 || layer >= static_cast<int>(net_.layers.size()))
      fail("it reads a layer that does not come before it");
    return net_.layers[static_cast<std::size_t>(layer)].out;
  }

  static std::optional<LayerKind> kind_of(const std::string& name) {
    for (int k = 0; k <= static_cast<int>(LayerKind::dropout); ++k)
      if (const auto kind = static_cast<LayerKind>(k); to_string(kind) == name) return kind;
    return std::nullopt;
  }

  std::istringstream text_, words_;
  int line_ = 0;
  NetworkDescription net_;
};

}  // namespace detail

/// Reads what to_string(NetworkDescription) wrote; std::invalid_argument names the line that is no
/// layer of a network.
inline NetworkDescription parse_network(const std::string& text) {
  return detail::NetworkReader(text).read();
}

}  // namespace nascent
