#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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

/// A cell of NAS-Bench-201: four nodes, the first the input and the last the output, and an
/// operation on each edge 0-1, 0-2, 0-3, 1-2, 1-3, 2-3, in this order.
struct NasBench201Cell {
  static constexpr std::size_t kEdges = 6;  ///< of a cell of four nodes
  /// The digits of the text form, and their number.
  enum Operation : std::uint8_t { skip, none, conv3x3, conv1x1, average_pool, kOperations };

  /// Indices, one an edge: 0-1, 0-2, 0-3, 1-2, 1-3, 2-3.
  std::array<std::uint8_t, kEdges> operations{};

  /// Six digits, as in NASLib's tables.
  friend std::string to_string(const NasBench201Cell& cell) {
    std::string text(kEdges, '0');
    for (std::size_t i = 0; i < kEdges; ++i) text[i] = static_cast<char>('0' + cell.operations[i]);
    return text;
  }
  friend constexpr bool operator==(const NasBench201Cell&, const NasBench201Cell&) = default;
};

/// NAS-Bench-201 (Dong & Yang 2020): 15,625 cells in one fixed skeleton.
///
/// The network: a 3x3 stem; three stages of `cells` equal cells with `channels`, 2 and 4 times as
/// many; between stages a residual block that halves the map; batch norm, rectifier, global average
/// pooling and one linear layer. A node is the sum of its edges; `none` is no edge, and a node
/// without edges is zero.
struct NasBench201Space {
  using Architecture = NasBench201Cell;

  int channels = 16;  ///< of the first stage (paper: 16)
  int cells = 5;      ///< a stage (paper: 5)
  Problem problem{};  ///< image and classes that networks are described for

  // The network.

  NetworkDescription describe(const Architecture& cell) const {
    check();
    require(cell);
    NetworkBuilder net(problem);
    int block = 0;
    net.convolution({.channels = channels}).batch_norm();
    for (const int width : {channels, 2 * channels, 4 * channels}) {
      if (width != channels) {
        net.begin_block(block++);
        reduce(net, width);
      }
      for (int i = 0; i < cells; ++i) {
        net.begin_block(block++);
        append(net, cell);
      }
    }
    net.begin_block(LayerDescription::kHead);
    net.batch_norm().relu().global_average_pool().linear(problem.classes);
    return std::move(net).finish();
  }

  /// Trainable parameters.
  std::int64_t parameters(const Architecture& cell) const { return describe(cell).parameters(); }

  /// Multiply-adds for one image of `problem`.
  std::int64_t macs(const Architecture& cell) const { return describe(cell).macs(); }

  // The set.

  /// Uniform over architectures.
  Architecture sample(Random& random) const {
    Architecture drawn;
    for (auto& operation : drawn.operations)
      operation = static_cast<std::uint8_t>(random.below(Architecture::kOperations));
    return drawn;
  }

  /// Another operation on one edge, both uniform.
  Architecture mutate(Architecture cell, Random& random) const {
    auto& operation = cell.operations[static_cast<std::size_t>(random.below(Architecture::kEdges))];
    const int other = random.below(Architecture::kOperations - 1);
    operation = static_cast<std::uint8_t>(other < operation ? other : other + 1);
    return cell;
  }

  /// The 24 cells with another operation on one edge, in the order of edges and operations.
  std::vector<Architecture> neighbours(const Architecture& cell) const {
    std::vector<Architecture> found;
    found.reserve(Architecture::kEdges * (Architecture::kOperations - 1));
    for (std::size_t edge = 0; edge < Architecture::kEdges; ++edge)
      for (std::uint8_t operation = 0; operation < Architecture::kOperations; ++operation) {
        if (operation == cell.operations[edge]) continue;
        found.push_back(cell);
        found.back().operations[edge] = operation;
      }
    return found;
  }

  bool contains(const Architecture& cell) const {
    return std::all_of(cell.operations.begin(), cell.operations.end(),
                       [](int operation) { return operation < Architecture::kOperations; });
  }

  /// Throws std::invalid_argument for what is no cell.
  void require(const Architecture& cell) const {
    if (!contains(cell)) refuse(to_string(cell));
  }

  /// Reads six digits; std::invalid_argument for any other text.
  Architecture parse(std::string_view text) const {
    Architecture parsed;
    if (text.size() != Architecture::kEdges) refuse(text);
    for (std::size_t i = 0; i < Architecture::kEdges; ++i) {
      if (text[i] < '0' || text[i] >= '0' + Architecture::kOperations) refuse(text);
      parsed.operations[i] = static_cast<std::uint8_t>(text[i] - '0');
    }
    return parsed;
  }

  // As lists of numbers.

  std::vector<int> choices() const {
    return std::vector<int>(Architecture::kEdges, Architecture::kOperations);
  }
  std::vector<int> encode(const Architecture& cell) const {
    return {cell.operations.begin(), cell.operations.end()};
  }
  Architecture decode(const std::vector<int>& code) const {
    detail::require_code(choices(), code);
    Architecture decoded;
    for (std::size_t i = 0; i < Architecture::kEdges; ++i)
      decoded.operations[i] = static_cast<std::uint8_t>(code[i]);
    return decoded;
  }

  /// Counts are for this problem from now on.
  void fit_to(const Problem& given) { problem = given; }

  /// Throws std::invalid_argument when the skeleton cannot be built.
  void check() const {
    if (channels < 1 || channels > kMost || cells < 0 || cells > kMost)
      throw std::invalid_argument("NasBench201Space: channels and cells may be at most " +
                                  std::to_string(kMost) + ", and there is at least one channel");
    const Shape& image = problem.image;
    if (image.height < 4 || image.width < 4 || image.height % 4 != 0 || image.width % 4 != 0)
      throw std::invalid_argument(
          "NasBench201Space: the height and the width of the images must be multiples of 4, since "
          "the map is halved twice");
  }

  template <class Field>
  void options(Field&& field) const {
    field("channels", channels);
    field("cells", cells);
    field("image_channels", problem.image.channels);
    field("image_height", problem.image.height);
    field("image_width", problem.image.width);
    field("classes", problem.classes);
  }

 private:
  static constexpr int kMost = 1000;  // keeps counts within 64 bits

  [[noreturn]] static void refuse(std::string_view text) {
    throw std::invalid_argument(
        "architecture '" + std::string(text) +
        "' is no cell of NAS-Bench-201: write six digits from 0 to 4, such as 433323");
  }

  static constexpr std::size_t edge(std::size_t from, std::size_t to) {
    return from * (5 - from) / 2 + to - 1;
  }

  static void append(NetworkBuilder& net, const Architecture& cell) {
    std::array<int, 4> node{net.here()};
    for (std::size_t to = 1; to < node.size(); ++to) {
      std::optional<int> sum;
      for (std::size_t from = 0; from < to; ++from) {
        const std::uint8_t operation = cell.operations[edge(from, to)];
        if (operation == Architecture::none) continue;
        append(net.from(node[from]), operation);
        if (sum) net.add(*sum);
        sum = net.here();
      }
      if (!sum) net.from(node[0]).zero();
      node[to] = net.here();
    }
  }

  static void append(NetworkBuilder& net, std::uint8_t operation) {
    const int width = net.shape().channels;
    if (operation == Architecture::conv3x3) convolve(net, width, 3);
    if (operation == Architecture::conv1x1) convolve(net, width, 1);
    if (operation == Architecture::average_pool) net.average_pool(3, 1);
  }

  static void convolve(NetworkBuilder& net, int width, int kernel, int stride = 1) {
    net.relu().convolution({.channels = width, .kernel = kernel, .stride = stride}).batch_norm();
  }

  /// Halves the map, as the residual blocks of He et al. 2016 do.
  static void reduce(NetworkBuilder& net, int width) {
    const int in = net.here();
    convolve(net, width, 3, 2);
    convolve(net, width, 3);
    const int residual = net.here();
    net.from(in).average_pool(2, 2).convolution({.channels = width, .kernel = 1}).add(residual);
  }
};

static_assert(EncodedSpace<NasBench201Space>);

}  // namespace nascent
