// Chains of searched layers: the search space of the paper (section 3.1), open to other operations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/operation/network_builder.hpp"
#include "nascent/space/architecture.hpp"
#include "nascent/space/chain_morphs.hpp"
#include "nascent/space/chain_slots.hpp"
#include "nascent/space/encoding.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"
#include "nascent/space/variable/depth.hpp"
#include "nascent/space/variable/kernels.hpp"
#include "nascent/space/variable/operations.hpp"
#include "nascent/space/variable/width.hpp"

namespace nascent {
/// Architectures of DepthVariable x WidthVariable x, for every layer, OperationVariable x
/// KernelVariable. The members are the bounds of this run.
///
/// The network: a 3x3 stem to twice the width; each layer by its operation; at layers depth/3 and
/// 2 depth/3 (integer division) the channels double and the map halves; global average pooling and
/// one linear layer.
template <class DepthVariable, class WidthVariable, class OperationVariable, class KernelVariable>
struct ChainSpace {
  static_assert(
      detail::explain_chain<DepthVariable, WidthVariable, OperationVariable, KernelVariable>());

  using Architecture = nascent::Architecture;

  DepthVariable depth{};  ///< searched layers, with the bounds of this run
  WidthVariable width{};  ///< channels of the first stage, with the bounds of this run
  Problem problem{};      ///< image and classes that networks are described for

  // The network.

  NetworkDescription describe(const Architecture& architecture) const {
    require_known(architecture);
    const int layers = architecture.depth();
    int channels = architecture.width;
    NetworkBuilder net(problem);
    net.reserve(static_cast<std::size_t>(layers) * kPrimitivesPerLayer + 4);
    net.convolution({.channels = 2 * channels, .kernel = 3}).batch_norm();
    for (int i = 0; i < layers; ++i) {
      const bool reduces = i == layers / 3 || i == 2 * layers / 3;
      if (reduces) channels *= 2;
      const LayerChoice& choice = architecture.layers[static_cast<std::size_t>(i)];
      net.begin_block(i);
      OperationVariable::find(choice.operation)
          ->describe(net,
                     {.channels = channels, .kernel = choice.kernel, .stride = reduces ? 2 : 1});
    }
    net.begin_block(LayerDescription::kHead);
    net.global_average_pool().linear(problem.classes);
    return std::move(net).finish();
  }

  /// Trainable parameters.
  std::int64_t parameters(const Architecture& architecture) const {
    return describe(architecture).parameters();
  }

  /// Multiply-adds for one image of `problem`.
  std::int64_t macs(const Architecture& architecture) const {
    return describe(architecture).macs();
  }

  // The moves of Algorithm 1.

  /// The shallowest and widest network, the first operation and kernel everywhere.
  Architecture start() const { return {depth.min, width.max, first_choice()}; }

  bool can_deepen(const Architecture& architecture) const {
    return architecture.depth() < depth.max;
  }
  Architecture deeper(Architecture architecture) const {
    architecture.layers.push_back(first_choice());
    return architecture;
  }
  bool can_narrow(const Architecture& architecture) const {
    return architecture.width - width.step >= width.min;
  }
  Architecture narrower(Architecture architecture) const {
    architecture.width -= width.step;
    return architecture;
  }
  int depth_of(const Architecture& architecture) const { return architecture.depth(); }
  int width_of(const Architecture& architecture) const { return architecture.width; }
  Architecture with_width(Architecture architecture, int channels) const {
    architecture.width = channels;
    return architecture;
  }
  static constexpr int operation_choices() { return OperationVariable::count(); }
  Architecture with_operation(Architecture architecture, int layer, int choice) const {
    architecture.layers.at(static_cast<std::size_t>(layer)).operation =
        OperationVariable::value(choice);
    return architecture;
  }
  static constexpr int kernel_choices() { return KernelVariable::count(); }
  Architecture with_kernel(Architecture architecture, int layer, int choice) const {
    architecture.layers.at(static_cast<std::size_t>(layer)).kernel =
        static_cast<std::uint8_t>(KernelVariable::value(choice));
    return architecture;
  }

  // The set.

  /// Reads the text of an architecture of this space; std::invalid_argument for any other text.
  Architecture parse(std::string_view text) const {
    Architecture parsed = parse_architecture(text);
    require(parsed);
    return parsed;
  }

  /// Uniform over the values of each variable, not over architectures: those of the largest depth
  /// would be nearly all that is ever drawn.
  Architecture sample(Random& random) const {
    Architecture drawn(depth.value(random.below(depth.count())),
                       width.value(random.below(width.count())));
    for (LayerChoice& layer : drawn.layers) layer = any(random);
    return drawn;
  }

  /// All architectures one change away: a layer more or less at the end, one width step, another
  /// operation or kernel in one layer.
  std::vector<Architecture> neighbours(const Architecture& architecture) const {
    std::vector<Architecture> found;
    const auto add_if_other = [&](Architecture candidate) {
      if (candidate != architecture) found.push_back(std::move(candidate));
    };
    if (can_deepen(architecture)) found.push_back(deeper(architecture));
    if (architecture.depth() > depth.min) {
      found.push_back(architecture);
      found.back().layers.pop_back();
    }
    if (can_narrow(architecture)) found.push_back(narrower(architecture));
    if (architecture.width + width.step <= width.max)
      found.push_back(with_width(architecture, architecture.width + width.step));
    for (int i = 0; i < architecture.depth(); ++i) {
      for (int o = 0; o < operation_choices(); ++o)
        add_if_other(with_operation(architecture, i, o));
      for (int k = 0; k < kernel_choices(); ++k) add_if_other(with_kernel(architecture, i, k));
    }
    return found;
  }

  /// Another value of one variable: a layer put in or taken out anywhere, one width step, the
  /// operation or the kernel of one layer. Each variable that has another value is as likely, then
  /// each of its changes; so size is tried as often in deep networks as in shallow ones.
  Architecture mutate(Architecture architecture, Random& random) const {
    const bool deepen = can_deepen(architecture), shorten = architecture.depth() > depth.min;
    const bool narrow = can_narrow(architecture);
    const bool widen = architecture.width + width.step <= width.max;
    const std::array<bool, 4> varies{deepen || shorten, narrow || widen, operation_choices() > 1,
                                     kernel_choices() > 1};
    int open = 0;
    for (const bool can : varies) open += can;
    if (open == 0) return architecture;
    std::size_t variable = 0;
    for (int skip = random.below(open); !varies[variable] || skip-- > 0;) ++variable;
    const auto up = [&](bool can, bool can_down) { return can && (!can_down || random.below(2)); };
    auto& layers = architecture.layers;
    switch (variable) {
      case 0:
        if (up(deepen, shorten)) {
          const LayerChoice drawn = any(random);  // first: compilers order arguments as they like
          layers.insert(layers.begin() + random.below(architecture.depth() + 1), drawn);
        } else {
          layers.erase(layers.begin() + random.below(architecture.depth()));
        }
        return architecture;
      case 1:
        architecture.width += up(widen, narrow) ? width.step : -width.step;
        return architecture;
      default: {
        LayerChoice& layer = layers[static_cast<std::size_t>(random.below(architecture.depth()))];
        const LayerChoice old = layer;
        while (layer == old) {
          const LayerChoice drawn = any(random);
          if (variable == 2)
            layer.operation = drawn.operation;
          else
            layer.kernel = drawn.kernel;
        }
        return architecture;
      }
    }
  }

  // Growth with inherited weights (morphs.hpp).

  /// All that is one step larger and can compute the same: a layer put in, a width step more, a
  /// larger kernel in one layer.
  std::vector<Architecture> morphs(const Architecture& architecture) const {
    std::vector<Architecture> all;
    for (auto& kind : detail::chain_morphs(*this, architecture))
      all.insert(all.end(), kind.begin(), kind.end());
    return all;
  }
  /// One of them; a layer more, more width and a larger kernel are equally likely.
  Architecture morph(const Architecture& architecture, Random& random) const {
    return detail::chain_morph(*this, architecture, random);
  }
  /// The least depth and width, the smallest kernel and any operation in each layer.
  Architecture seedling(Random& random) const {
    Architecture small(depth.min, width.min);
    for (LayerChoice& layer : small.layers) layer = {any(random).operation, smallest_kernel()};
    return small;
  }
  /// For each layer of a grown architecture the parent's that it goes on from, or -1.
  static std::vector<int> origin(const Architecture& parent, const Architecture& child) {
    return detail::chain_origin(parent, child);
  }

  Position position(const Architecture& architecture) const {
    return {architecture.depth() - depth.min, (width.max - architecture.width) / width.step};
  }

  // As lists of numbers.

  /// Of the depth, of the width, and of the operation and the kernel of each layer that there can
  /// be.
  std::vector<int> choices() const {
    std::vector<int> counts{depth.count(), width.count()};
    for (int i = 0; i < depth.max; ++i)
      counts.insert(counts.end(), {operation_choices(), kernel_choices()});
    return counts;
  }
  /// A width off its grid becomes the nearest step of it; layers that are not there are 0.
  std::vector<int> encode(const Architecture& architecture) const {
    std::vector<int> code{nearest(depth, architecture.depth()), nearest(width, architecture.width)};
    code.reserve(2 + 2 * static_cast<std::size_t>(depth.max));
    for (const LayerChoice& layer : architecture.layers)
      code.insert(code.end(), {nearest(OperationVariable{}, layer.operation),
                               nearest(KernelVariable{}, layer.kernel)});
    code.resize(2 + 2 * static_cast<std::size_t>(depth.max));
    return code;
  }
  /// Layers beyond the depth are ignored. Throws std::invalid_argument for a list of another length
  /// and for values that there are not.
  Architecture decode(const std::vector<int>& code) const {
    detail::require_code(choices(), code);
    Architecture decoded(depth.value(code[0]), width.value(code[1]));
    auto value = code.begin() + 2;
    for (LayerChoice& layer : decoded.layers) {
      layer.operation = OperationVariable::value(*value++);
      layer.kernel = static_cast<std::uint8_t>(KernelVariable::value(*value++));
    }
    return decoded;
  }

  /// In the set; the micro search may leave the width's grid, so any width from 1 to the largest
  /// is.
  bool contains(const Architecture& architecture) const {
    if (!depth.contains(architecture.depth())) return false;
    if (architecture.width < 1 || architecture.width > width.max) return false;
    for (const LayerChoice& layer : architecture.layers)
      if (!OperationVariable::contains(layer.operation) || !KernelVariable::contains(layer.kernel))
        return false;
    return true;
  }

  /// Throws std::invalid_argument, naming the layer, for an operation or kernel that is not listed.
  void require_known(const Architecture& architecture) const {
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
      const LayerChoice& layer = architecture.layers[i];
      const auto where = [i] { return "layer " + std::to_string(i) + ": "; };
      if (!OperationVariable::contains(layer.operation))
        throw std::invalid_argument(where() + "unknown operation '" +
                                    std::string(1, layer.operation) + "'; this space has " +
                                    OperationVariable::listed());
      if (!KernelVariable::contains(layer.kernel))
        throw std::invalid_argument(where() + "unknown kernel " + std::to_string(layer.kernel) +
                                    "; this space has " + KernelVariable::listed());
    }
  }

  /// Throws std::invalid_argument for an architecture outside the bounds of this run.
  void require(const Architecture& architecture) const {
    if (contains(architecture)) return;
    require_known(architecture);
    throw std::invalid_argument("architecture '" + to_string(architecture) +
                                "' lies outside the bounds of this space: depth " +
                                std::to_string(depth.min) + " to " + std::to_string(depth.max) +
                                ", width 1 to " + std::to_string(width.max) +
                                "; give another, or widen the bounds");
  }

  /// Counts are for this problem from now on.
  void fit_to(const Problem& given) { problem = given; }

  /// Throws std::invalid_argument when the bounds make no space.
  void check() const {
    const auto refuse = [](const std::string& what) { throw std::invalid_argument(what); };
    const auto least = [&](const char* what, int value, int bound, const char* member) {
      if (value < bound)
        refuse(std::string(what) + " must be at least " + std::to_string(bound) + ", not " +
               std::to_string(value) + "; raise `" + member + "`");
    };
    const auto in_order = [&](const char* what, int smallest, int largest) {
      if (largest < smallest)
        refuse("the largest " + std::string(what) + " is below the smallest, " +
               std::to_string(largest) + " below " + std::to_string(smallest) + "; raise `" + what +
               ".max` or lower `" + what + ".min`");
      if (largest > Architecture::kMost)
        refuse(std::string(what) + " may be at most " + std::to_string(Architecture::kMost) +
               ", not " + std::to_string(largest) + "; lower `" + what + ".max`");
    };
    least("the smallest depth", depth.min, 3, "depth.min");
    in_order("depth", depth.min, depth.max);
    least("the smallest width", width.min, 1, "width.min");
    in_order("width", width.min, width.max);
    least("the width step", width.step, 1, "width.step");
    const Shape& image = problem.image;
    if (problem.classes < 2 || image.channels < 1 || image.height < 1 || image.width < 1)
      refuse("the problem needs at least two classes and an image of at least one pixel");
  }

  template <class Field>
  void options(Field&& field) const {
    field("depth_min", depth.min);
    field("depth_max", depth.max);
    field("width_min", width.min);
    field("width_max", width.max);
    field("width_step", width.step);
    field("channels", problem.image.channels);
    field("image_height", problem.image.height);
    field("image_width", problem.image.width);
    field("classes", problem.classes);
  }

 private:
  static constexpr std::size_t kPrimitivesPerLayer = 4;  // of a separable convolution

  /// Index of the value of `variable` that is nearest to `value`, the first of two.
  template <class Variable>
  static int nearest(const Variable& variable, int value) {
    int best = 0;
    for (int i = 1; i < variable.count(); ++i)
      if (std::abs(variable.value(i) - value) < std::abs(variable.value(best) - value)) best = i;
    return best;
  }

  static LayerChoice any(Random& random) {
    return {OperationVariable::value(random.below(operation_choices())),
            static_cast<std::uint8_t>(KernelVariable::value(random.below(kernel_choices())))};
  }

  static constexpr std::uint8_t smallest_kernel() {
    int smallest = KernelVariable::value(0);
    for (int k = 1; k < kernel_choices(); ++k)
      if (KernelVariable::value(k) < smallest) smallest = KernelVariable::value(k);
    return static_cast<std::uint8_t>(smallest);
  }

  static constexpr LayerChoice first_choice() {
    return {OperationVariable::value(0), static_cast<std::uint8_t>(KernelVariable::value(0))};
  }
};

/// Eq. 1 of the paper: (|O||K|)^Df * D * W for a final depth Df.
template <class D, class W, class O, class K>
constexpr double space_size(const ChainSpace<D, W, O, K>& space, int final_depth = 25) {
  double size = space.depth.count() * static_cast<double>(space.width.count());
  for (int i = 0; i < final_depth; ++i) size *= O::count() * static_cast<double>(K::count());
  return size;
}

}  // namespace nascent
