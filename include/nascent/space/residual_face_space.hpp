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
#include "nascent/space/depth_share.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/residual_face_network.hpp"
#include "nascent/space/space_policy.hpp"
#include "nascent/space/variable/depth.hpp"
#include "nascent/space/variable/width.hpp"

namespace nascent {

/// AdaFace's improved-residual backbones (Kim et al. 2022; Deng et al. 2019), with depth and width
/// as variables (arXiv 2502.03553, 4.2): networks that turn a face into an embedding.
///
/// The network: a stem (3x3 convolution, batch norm, PReLU); four stages with W, 2W, 4W and 8W
/// channels, the first block of each with stride 2; batch norm, dropout, one linear layer with bias
/// from the whole map, batch norm that is not affine. A block i -> o: batch norm, convolution i ->
/// o, batch norm, PReLU, convolution o -> o with the stride, batch norm; plus every stride-th pixel
/// of its input where i = o, else a 1x1 convolution with the stride and a batch norm of it.
/// A layer is one of the two convolutions of a block, plain (`c`) or separable (`s`: depthwise kxk
/// with the stride, then 1x1). What tells people apart while it is trained, the matrix of classes,
/// belongs to the head.
struct ResidualFaceSpace {
  using Architecture = ResidualFaceNetwork;

  Depth<4, 29> blocks{};       ///< of all stages; N blocks make R-(2N + 2), so 10 .. 60
  Width<8, 32, 2> width{};     ///< W_max is 32 in the paper's small setting, 64 in its medium one
  DepthShare shares{};         ///< how blocks are dealt among the stages
  char start_operation = 'c';  ///< of all layers at the start; `s` as in Algorithm 1
  int embedding = 512;         ///< numbers that a face becomes
  int dropout = 40;            ///< per cent, before the linear layer
  Problem problem{{3, 112, 112}, 2};  ///< image, and the people that the head tells apart

  // The network.

  /// Its `problem` is of this image and as many classes as the embedding has numbers.
  NetworkDescription describe(const Architecture& network) const {
    check();
    require_known(network);
    NetworkBuilder net({problem.image, embedding});
    net.convolution({.channels = network.width, .kernel = 3}).batch_norm().prelu();
    int channels = network.width, block = 0;
    for (std::size_t stage = 0; stage < Architecture::kStages; ++stage, channels *= 2)
      for (int i = 0; i < network.blocks[stage]; ++i, ++block) {
        net.begin_block(block);
        append_block(net, network, block, channels, i == 0 ? 2 : 1);
      }
    net.begin_block(LayerDescription::kHead);
    net.batch_norm().dropout(dropout).linear(embedding).plain_batch_norm();
    return std::move(net).finish();
  }

  /// Trainable parameters, without the matrix of classes.
  std::int64_t parameters(const Architecture& network) const {
    return describe(network).parameters();
  }

  /// Multiply-adds for one image.
  std::int64_t macs(const Architecture& network) const { return describe(network).macs(); }

  // The moves of Algorithm 1.

  /// The fewest blocks at the largest width, the start operation everywhere.
  Architecture start() const { return {shares.deal(blocks.min), width.max, first_choice()}; }

  bool can_deepen(const Architecture& network) const { return network.block_count() < blocks.max; }
  /// A block more, which is two layers, at the end of the stage whose turn it is.
  Architecture deeper(Architecture network) const {
    const std::size_t stage = shares.next(network.blocks);
    return with_block(std::move(network), stage);
  }
  bool can_narrow(const Architecture& network) const {
    return network.width - width.step >= width.min;
  }
  Architecture narrower(Architecture network) const {
    network.width -= width.step;
    return network;
  }
  int depth_of(const Architecture& network) const {
    return static_cast<int>(network.layers.size());
  }
  int width_of(const Architecture& network) const { return network.width; }
  Architecture with_width(Architecture network, int channels) const {
    network.width = channels;
    return network;
  }
  /// Choice 0 is the start operation.
  static constexpr int operation_choices() { return 2; }
  Architecture with_operation(Architecture network, int layer, int choice) const {
    const char other = start_operation == 'c' ? 's' : 'c';
    network.layers.at(static_cast<std::size_t>(layer)).operation =
        choice == 0 ? start_operation : other;
    return network;
  }
  static constexpr int kernel_choices() { return 2; }
  Architecture with_kernel(Architecture network, int layer, int choice) const {
    network.layers.at(static_cast<std::size_t>(layer)).kernel = kKernels.at(std::size_t(choice));
    return network;
  }
  Position position(const Architecture& network) const {
    return {network.block_count() - blocks.min, (width.max - network.width) / width.step};
  }

  // The set.

  /// Uniform over the values of each variable; blocks are dealt by the shares.
  Architecture sample(Random& random) const {
    const int count = blocks.value(random.below(blocks.count()));
    const int channels = width.value(random.below(width.count()));
    Architecture drawn(shares.deal(count), channels);
    for (LayerChoice& layer : drawn.layers) {
      layer.operation = random.below(2) == 0 ? 'c' : 's';
      layer.kernel = kKernels[static_cast<std::size_t>(random.below(kernel_choices()))];
    }
    return drawn;
  }

  /// A block more or less in any stage, one width step, another operation or kernel in one layer.
  std::vector<Architecture> neighbours(const Architecture& network) const {
    std::vector<Architecture> found;
    for (std::size_t stage = 0; stage < Architecture::kStages; ++stage) {
      if (can_deepen(network)) found.push_back(with_block(network, stage));
      if (network.block_count() > blocks.min && network.blocks[stage] > 1)
        found.push_back(without_block(network, stage));
    }
    if (can_narrow(network)) found.push_back(narrower(network));
    if (network.width + width.step <= width.max)
      found.push_back(with_width(network, network.width + width.step));
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      found.push_back(network);
      char& operation = found.back().layers[i].operation;
      operation = operation == 'c' ? 's' : 'c';
      found.push_back(network);
      std::uint8_t& kernel = found.back().layers[i].kernel;
      kernel = kernel == kKernels[0] ? kKernels[1] : kKernels[0];
    }
    return found;
  }

  /// In the set, however its blocks are dealt and whatever its width, from 1 to the largest.
  bool contains(const Architecture& network) const {
    return is_known(network) && blocks.contains(network.block_count()) &&
           network.width <= width.max;
  }

  /// Throws std::invalid_argument for an architecture outside the bounds of this run.
  void require(const Architecture& network) const {
    if (contains(network)) return;
    require_known(network);
    throw std::invalid_argument(
        "architecture '" + to_string(network) + "' lies outside the bounds of this space: " +
        std::to_string(blocks.min) + " to " + std::to_string(blocks.max) + " blocks, width 1 to " +
        std::to_string(width.max) + "; give another, or widen the bounds");
  }

  /// Reads the form of `to_string`; std::invalid_argument for any other text.
  Architecture parse(std::string_view text) const {
    Architecture parsed = read(text);
    if (to_string(parsed) != text || !is_known(parsed)) refuse(text);
    require(parsed);
    return parsed;
  }

  /// Counts are for this image from now on.
  void fit_to(const Problem& given) { problem = given; }

  /// Throws std::invalid_argument when the bounds make no space.
  void check() const {
    const auto require_that = [](bool holds, const char* what) {
      if (!holds) throw std::invalid_argument("ResidualFaceSpace: " + std::string(what));
    };
    shares.check();
    require_that(4 <= blocks.min && blocks.min <= blocks.max && blocks.max <= kMost,
                 "there are 4 to 1000 blocks, one a stage at least, and `blocks.max` is no less "
                 "than `blocks.min`");
    require_that(1 <= width.min && width.min <= width.max && width.max <= kMost && width.step >= 1,
                 "the width is 1 to 1000, `width.max` is no less than `width.min`, and "
                 "`width.step` at least 1");
    require_that(start_operation == 'c' || start_operation == 's',
                 "`start_operation` is c (plain) or s (separable)");
    require_that(1 <= embedding && embedding <= 100'000, "an embedding has 1 to 100000 numbers");
    require_that(0 <= dropout && dropout <= 99, "`dropout` is 0 to 99 per cent");
    const Shape& image = problem.image;
    require_that(image.channels >= 1 && image.height >= 16 && image.width >= 16 &&
                     image.height % 16 == 0 && image.width % 16 == 0,
                 "the height and the width of the images must be multiples of 16, since the map "
                 "is halved four times");
  }

  template <class Field>
  void options(Field&& field) const {
    field("blocks_min", blocks.min);
    field("blocks_max", blocks.max);
    field("width_min", width.min);
    field("width_max", width.max);
    field("width_step", width.step);
    std::string dealt;
    for (const int share : shares.share)
      dealt += (dealt.empty() ? "" : "-") + std::to_string(share);
    field("shares", dealt);
    field("start_operation", std::string(1, start_operation));
    field("embedding", embedding);
    field("dropout", dropout);
    field("image_channels", problem.image.channels);
    field("image_height", problem.image.height);
    field("image_width", problem.image.width);
  }

 private:
  static constexpr std::array<std::uint8_t, 2> kKernels{3, 5};
  static constexpr int kMost = 1000;  // keeps counts within 64 bits

  LayerChoice first_choice() const { return {start_operation, kKernels[0]}; }

  /// Where the layers of the first block after a stage stand.
  static std::ptrdiff_t end_of(const Architecture& network, std::size_t stage) {
    std::ptrdiff_t end = 0;
    for (std::size_t k = 0; k <= stage; ++k) end += 2 * network.blocks[k];
    return end;
  }

  Architecture with_block(Architecture network, std::size_t stage) const {
    network.layers.insert(network.layers.begin() + end_of(network, stage), 2, first_choice());
    ++network.blocks[stage];
    return network;
  }

  static Architecture without_block(Architecture network, std::size_t stage) {
    const auto end = network.layers.begin() + end_of(network, stage);
    network.layers.erase(end - 2, end);
    --network.blocks[stage];
    return network;
  }

  static void append_block(NetworkBuilder& net, const Architecture& network, int block,
                           int channels, int stride) {
    const LayerChoice* layer = &network.layers[2 * static_cast<std::size_t>(block)];
    const int in = net.here(), channels_in = net.shape().channels;
    net.batch_norm();
    convolve(net, layer[0], channels, 1);
    net.batch_norm().prelu();
    convolve(net, layer[1], channels, stride);
    const int residual = net.batch_norm().here();
    net.from(in);
    if (channels_in != channels)
      net.convolution({.channels = channels, .kernel = 1, .stride = stride}).batch_norm();
    else if (stride > 1)
      net.average_pool(1, stride);  // a window of one pixel: every stride-th
    net.add(residual);
  }

  static void convolve(NetworkBuilder& net, LayerChoice choice, int channels, int stride) {
    const int in = net.shape().channels;
    if (choice.operation == 'c')
      net.convolution({.channels = channels, .kernel = choice.kernel, .stride = stride});
    else
      net.convolution({.channels = in, .kernel = choice.kernel, .stride = stride, .groups = in})
          .convolution({.channels = channels, .kernel = 1});
  }

  static bool is_known(const Architecture& network) {
    const auto known = [](const LayerChoice& layer) {
      return (layer.operation == 'c' || layer.operation == 's') && layer.kernel % 2 == 1 &&
             layer.kernel <= 9;
    };
    return network.width >= 1 &&
           std::ranges::all_of(network.blocks, [](int b) { return b >= 1; }) &&
           network.layers.size() == 2 * static_cast<std::size_t>(network.block_count()) &&
           std::ranges::all_of(network.layers, known);
  }

  static void require_known(const Architecture& network) {
    if (!is_known(network)) refuse(to_string(network));
  }

  [[noreturn]] static void refuse(std::string_view text) {
    throw std::invalid_argument(
        "architecture '" + std::string(text) +
        "' is no residual network for faces: the form is 'b1-1-1-1 w32 ops=cccccccc "
        "kernels=33333333', two layers a block, each c (plain) or s (separable) with an odd "
        "kernel");
  }

  /// Whatever is wrong with the text shows when it is written again.
  static Architecture read(std::string_view text) {
    Architecture parsed;
    std::size_t at = 0;
    const auto number = [&] {
      ++at;  // what is before it
      int value = 0;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && value <= kMost; ++at)
        value = 10 * value + (text[at] - '0');
      return value;
    };
    for (int& count : parsed.blocks) count = (std::min)(number(), kMost);
    ++at;
    parsed.width = number();
    const std::size_t operations = text.find("ops="), kernels = text.find(" kernels=");
    if (operations == text.npos || kernels == text.npos || kernels < operations) refuse(text);
    const std::string_view letters = text.substr(operations + 4, kernels - operations - 4);
    const std::string_view digits = text.substr(kernels + 9);
    if (letters.size() != digits.size()) refuse(text);
    for (std::size_t i = 0; i < letters.size(); ++i)
      parsed.layers.push_back({letters[i], static_cast<std::uint8_t>(digits[i] - '0')});
    return parsed;
  }
};

static_assert(MacroMicroSpace<ResidualFaceSpace>);

/// Paper 4.2, small setting: widths up to 32.
constexpr ResidualFaceSpace small_faces() { return {}; }

/// Paper 4.2, medium setting: widths up to 64.
constexpr ResidualFaceSpace medium_faces() {
  ResidualFaceSpace space;
  space.width.max = 64;
  return space;
}

}  // namespace nascent
