#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/operation/network_builder.hpp"
#include "nascent/space/encoding.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A macro network of TransNAS-Bench-101: a chain of modules, each plain (1), or with twice the
/// channels (2), with stride 2 (3), or with both (4).
struct TransNasMacroNetwork {
  static constexpr std::size_t kMost = 6;  ///< modules

  /// In their order; those after the last are 0.
  std::array<std::uint8_t, kMost> modules{};

  /// How many modules it has, 4 to 6.
  constexpr int depth() const {
    int depth = kMost;
    while (depth > 0 && modules[static_cast<std::size_t>(depth) - 1] == 0) --depth;
    return depth;
  }

  /// A digit a module, as in NASLib's tables.
  friend std::string to_string(const TransNasMacroNetwork& network) {
    std::string text(static_cast<std::size_t>(network.depth()), '0');
    for (std::size_t i = 0; i < text.size(); ++i)
      text[i] = static_cast<char>('0' + network.modules[i]);
    return text;
  }
  friend constexpr bool operator==(const TransNasMacroNetwork&,
                                   const TransNasMacroNetwork&) = default;
};

/// The macro space of TransNAS-Bench-101 (Duan et al. 2021): 4 to 6 modules, of which 1 to 4 have
/// stride 2 and 1 to 3 double the channels; 3,256 networks.
///
/// The network, as the authors' code builds it: two convolutions with stride 2 to 64 channels; a
/// module is two residual blocks of two 3x3 convolutions (ReLU, convolution, batch norm; He et al.
/// 2016), of which the first widens and halves, beside it then a 1x1 convolution and a batch norm;
/// the mean of the map and a linear layer.
struct TransNasMacroSpace {
  using Architecture = TransNasMacroNetwork;

  int channels = 64;                   ///< of the stem
  Problem problem{{3, 224, 224}, 75};  ///< image and classes of the network

  NetworkDescription describe(const Architecture& network) const {
    require(network);
    NetworkBuilder net(problem);
    net.convolution({.channels = channels / 2, .stride = 2}).batch_norm();
    convolve(net, channels, 2);
    for (int i = 0; i < network.depth(); ++i) {
      const int module = network.modules[static_cast<std::size_t>(i)];
      const int width = net.shape().channels * (widens(module) ? 2 : 1);
      net.begin_block(i);
      append_block(net, width, halves(module) ? 2 : 1);
      append_block(net, width, 1);
    }
    net.begin_block(LayerDescription::kHead);
    net.global_average_pool().linear(problem.classes);
    return std::move(net).finish();
  }

  /// Networks are for this problem from now on.
  void fit_to(const Problem& given) { problem = given; }

  template <class Field>
  void options(Field&& field) const {
    field("channels", channels);
    field("image_channels", problem.image.channels);
    field("image_height", problem.image.height);
    field("image_width", problem.image.width);
    field("classes", problem.classes);
  }

  /// Uniform over architectures; most of them are deep.
  Architecture sample(Random& random) const {
    constexpr int of_4 = 4 * 4 * 4 * 4, of_5 = 4 * of_4, of_6 = 4 * of_5;
    while (true) {
      const int drawn = random.below(of_4 + of_5 + of_6);
      const Architecture network = drawn < of_4          ? chain(4, drawn)
                                   : drawn < of_4 + of_5 ? chain(5, drawn - of_4)
                                                         : chain(6, drawn - of_4 - of_5);
      if (contains(network)) return network;
    }
  }

  /// A module replaced, put in or taken out, as likely; its place and its kind uniform; drawn again
  /// until that is another network of the space.
  Architecture mutate(const Architecture& network, Random& random) const {
    require(network);
    const int depth = network.depth();
    while (true) {
      Architecture other;
      switch (random.below(3)) {
        case 0: {
          const int place = random.below(depth);
          other = substituted(network, place, drawn_module(random));
          break;
        }
        case 1: {
          const int place = random.below(depth + 1);
          const std::uint8_t module = drawn_module(random);
          if (depth == static_cast<int>(Architecture::kMost)) continue;
          other = inserted(network, place, module);
          break;
        }
        default:
          other = erased(network, random.below(depth));
      }
      if (other != network && contains(other)) return other;
    }
  }

  /// All networks that a module replaced, put in or taken out makes of this one, each once.
  std::vector<Architecture> neighbours(const Architecture& network) const {
    std::vector<Architecture> found;
    const auto add = [&](const Architecture& other) {
      if (other != network && contains(other) &&
          std::find(found.begin(), found.end(), other) == found.end())
        found.push_back(other);
    };
    const int depth = network.depth();
    for (int place = 0; place < depth; ++place)
      for (std::uint8_t module = 1; module <= kModules; ++module)
        add(substituted(network, place, module));
    for (int place = 0; depth < static_cast<int>(Architecture::kMost) && place <= depth; ++place)
      for (std::uint8_t module = 1; module <= kModules; ++module)
        add(inserted(network, place, module));
    for (int place = 0; place < depth; ++place) add(erased(network, place));
    return found;
  }

  bool contains(const Architecture& network) const {
    const int depth = network.depth();
    int doublings = 0, strides = 0;
    for (int i = 0; i < depth; ++i) {
      const int module = network.modules[static_cast<std::size_t>(i)];
      if (module < 1 || module > kModules) return false;
      doublings += widens(module);
      strides += halves(module);
    }
    return depth >= kLeast && 1 <= strides && strides <= 4 && 1 <= doublings && doublings <= 3;
  }

  /// Throws std::invalid_argument for what is no network of the space.
  void require(const Architecture& network) const {
    if (!contains(network)) refuse(to_string(network));
  }

  /// Reads 4 to 6 digits; std::invalid_argument for any text that is no network of the space.
  Architecture parse(std::string_view text) const {
    Architecture parsed;
    if (text.size() > Architecture::kMost) refuse(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] < '1' || text[i] > '0' + kModules) refuse(text);
      parsed.modules[i] = static_cast<std::uint8_t>(text[i] - '0');
    }
    if (!contains(parsed)) refuse(text);
    return parsed;
  }

  // As lists of numbers: six modules, of which the last may be absent, 0.

  std::vector<int> choices() const { return std::vector<int>(Architecture::kMost, kModules + 1); }
  std::vector<int> encode(const Architecture& network) const {
    return {network.modules.begin(), network.modules.end()};
  }
  Architecture decode(const std::vector<int>& code) const {
    detail::require_code(choices(), code);
    Architecture decoded;
    for (std::size_t i = 0; i < Architecture::kMost; ++i)
      decoded.modules[i] = static_cast<std::uint8_t>(code[i]);
    return decoded;
  }

 private:
  static constexpr int kModules = 4;
  static constexpr int kLeast = 4;

  static constexpr bool widens(int module) { return module == 2 || module == 4; }
  static constexpr bool halves(int module) { return module == 3 || module == 4; }

  static void convolve(NetworkBuilder& net, int width, int stride) {
    net.relu().convolution({.channels = width, .stride = stride}).batch_norm();
  }

  static void append_block(NetworkBuilder& net, int width, int stride) {
    const int in = net.here(), channels_in = net.shape().channels;
    convolve(net, width, stride);
    convolve(net, width, 1);
    const int residual = net.here();
    net.from(in);
    if (channels_in != width || stride != 1)
      net.convolution({.channels = width, .kernel = 1, .stride = stride}).batch_norm();
    net.add(residual);
  }

  [[noreturn]] static void refuse(std::string_view text) {
    throw std::invalid_argument(
        "architecture '" + std::string(text) +
        "' is no macro network of TransNAS-Bench-101: write 4 to 6 digits from 1 to 4, of which 1 "
        "to 4 are 3 or 4 (stride 2) and 1 to 3 are 2 or 4 (channels doubled), such as 131214");
  }

  /// The `number`-th of all chains of this depth.
  static Architecture chain(int depth, int number) {
    Architecture network;
    for (int i = 0; i < depth; ++i, number /= kModules)
      network.modules[static_cast<std::size_t>(i)] =
          static_cast<std::uint8_t>(1 + number % kModules);
    return network;
  }

  static std::uint8_t drawn_module(Random& random) {
    return static_cast<std::uint8_t>(1 + random.below(kModules));
  }

  static Architecture substituted(Architecture network, int place, std::uint8_t module) {
    network.modules[static_cast<std::size_t>(place)] = module;
    return network;
  }

  static Architecture inserted(Architecture network, int place, std::uint8_t module) {
    auto& modules = network.modules;
    std::copy_backward(modules.begin() + place, modules.end() - 1, modules.end());
    modules[static_cast<std::size_t>(place)] = module;
    return network;
  }

  static Architecture erased(Architecture network, int place) {
    auto& modules = network.modules;
    std::copy(modules.begin() + place + 1, modules.end(), modules.begin() + place);
    modules.back() = 0;
    return network;
  }
};

static_assert(EncodedSpace<TransNasMacroSpace>);

}  // namespace nascent
