// A training recorded step by step by another implementation, to be repeated and compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nascent/evaluator/fixture_json.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/space/architecture.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {

/// What arch.json says: the network and the recipe of a fixture.
struct ParityArchitecture {
  Architecture architecture;                       ///< that was trained
  int in_channels = 0, classes = 0;                ///< of the images
  int epochs = 0, steps_per_epoch = 0, batch = 0;  ///< `batch` images a step
  /// Of the recipe; `clip` is the largest L2 norm of the gradient.
  double learning_rate = 0, momentum = 0, weight_decay = 0, clip = 0;
  std::int64_t parameters = 0;  ///< trainable, as recorded

  /// Of images of this extent.
  NetworkDescription describe(int height, int width) const {
    TrgSpace space;
    space.depth = {.min = 3, .max = architecture.depth()};
    space.width = {.min = 1, .max = architecture.width, .step = 1};
    space.fit_to({{in_channels, height, width}, classes});
    return space.describe(architecture);
  }
};

/// Reads the text of an arch.json; DataError names the field that is missing or wrong.
inline ParityArchitecture parse_parity_architecture(std::string_view text,
                                                    const std::string& name) {
  constexpr int kMost = 1 << 16;
  const auto json = FixtureJson::parse(text, name);
  ParityArchitecture arch;
  arch.in_channels = json.count("in_channels", 1, kMost);
  arch.classes = json.count("classes", 1, kMost);
  arch.epochs = json.count("epochs", 1, kMost);
  arch.steps_per_epoch = json.count("steps_per_epoch", 1, kMost);
  arch.batch = json.count("batch", 1, kMost);
  arch.learning_rate = json.number("lr", 0, 1e6);
  arch.momentum = json.number("momentum", 0, 1e6);
  arch.weight_decay = json.number("weight_decay", 0, 1e6);
  arch.clip = json.number("grad_clip", 0, 1e30);
  arch.parameters = static_cast<std::int64_t>(json.number("parameters", 1, 1e15));
  arch.architecture.width = json.count("width", 1, 1 << 12);
  const int depth = json.count("depth", 3, 1 << 12);
  const auto &operations = json.at("ops"), &kernels = json.at("kernels");
  if (!operations.is_array() || !kernels.is_array() || operations.size() != std::size_t(depth) ||
      kernels.size() != std::size_t(depth))
    json.fail("does not have one of its 'ops' and 'kernels' for each of its layers");
  for (int i = 0; i < depth; ++i) {
    const auto &operation = operations[std::size_t(i)], &kernel = kernels[std::size_t(i)];
    if (operation != "sep_conv" && operation != "conv")
      json.fail("has an operation that is neither sep_conv nor conv in layer " + std::to_string(i));
    if (kernel != 3 && kernel != 5 && kernel != 7)
      json.fail("has a kernel that is not 3, 5 or 7 in layer " + std::to_string(i));
    arch.architecture.layers.push_back(
        {operation == "conv" ? 'c' : 's', kernel.get<std::uint8_t>()});
  }
  return arch;
}

}  // namespace nascent
