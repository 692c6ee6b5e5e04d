// Layers, shapes, parameters and multiply-adds of an architecture.
//
//   describe_architecture --architecture "d4 w16 ops=sscs kernels=3353"
//   describe_architecture --space nasbench201 --architecture 433323
//   describe_architecture --space transnas-macro --architecture 131214
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iterator>
#include <nascent/report/known_spaces.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;

std::string block_name(const LayerDescription& layer) {
  if (layer.block == LayerDescription::kStem) return "stem";
  if (layer.block == LayerDescription::kHead) return "head";
  return std::to_string(layer.block);
}

bool has_kernel(const LayerDescription& layer) {
  return layer.kind == LayerKind::convolution || layer.kind == LayerKind::average_pool;
}

nlohmann::ordered_json to_json(const LayerDescription& layer) {
  nlohmann::ordered_json json{{"block", block_name(layer)},
                              {"kind", to_string(layer.kind)},
                              {"in", {layer.in.channels, layer.in.height, layer.in.width}},
                              {"out", {layer.out.channels, layer.out.height, layer.out.width}},
                              {"parameters", layer.parameters()},
                              {"macs", layer.macs()},
                              {"flops", layer.flops()}};
  if (has_kernel(layer)) {
    json["kernel"] = layer.kernel;
    json["stride"] = layer.stride;
    json["groups"] = layer.groups;
  }
  return json;
}

void print(const std::string& architecture, const NetworkDescription& net) {
  std::printf("%s\n\n%-5s %-20s %6s %6s %6s  %-14s %12s %14s\n", architecture.c_str(), "block",
              "layer", "kernel", "stride", "groups", "output", "parameters", "multiply-adds");
  for (const LayerDescription& layer : net.layers) {
    const auto number = [&](int n) {
      return has_kernel(layer) ? std::to_string(n) : std::string();
    };
    const std::string out = std::to_string(layer.out.channels) + "x" +
                            std::to_string(layer.out.height) + "x" +
                            std::to_string(layer.out.width);
    std::printf("%-5s %-20s %6s %6s %6s  %-14s %12lld %14lld\n", block_name(layer).c_str(),
                std::string(to_string(layer.kind)).c_str(), number(layer.kernel).c_str(),
                number(layer.stride).c_str(), number(layer.groups).c_str(), out.c_str(),
                static_cast<long long>(layer.parameters()), static_cast<long long>(layer.macs()));
  }
  std::printf("\n%lld parameters, %lld multiply-adds, %lld FLOPs as NASLib counts\n",
              static_cast<long long>(net.parameters()), static_cast<long long>(net.macs()),
              static_cast<long long>(net.flops()));
}

template <class Space>
void describe(Space space, const std::string& text, const Problem& problem, bool json) {
  space.fit_to(problem);
  const auto architecture = space.parse(text);
  const NetworkDescription net = space.describe(architecture);
  if (!json) return print(to_string(architecture), net);
  nlohmann::ordered_json document{{"architecture", to_string(architecture)},
                                  {"parameters", net.parameters()},
                                  {"macs", net.macs()},
                                  {"flops", net.flops()}};
  for (const LayerDescription& layer : net.layers) document["layers"].push_back(to_json(layer));
  std::printf("%s\n", document.dump(2).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Describes an architecture: layers, shapes, parameters, multiply-adds."};
  std::string text, space = "chain";
  std::optional<int> classes, channels, image;
  bool json = false;
  app.add_option("--architecture", text, "e.g. \"d4 w16 ops=sscs kernels=3353\"")->required();
  app.add_option("--space", space, "what the text is of")
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(kKnownSpaces), std::end(kKnownSpaces))))
      ->capture_default_str();
  const auto number = [&](const char* name, std::optional<int>& value, const char* what, int most) {
    app.add_option(name, value, what + std::string(" (default: what is usual in the space)"))
        ->check(CLI::Range(1, most));
  };
  number("--classes", classes, "number of classes", 1'000'000);
  number("--channels", channels, "channels of the image", 1'000);
  number("--image", image, "height and width of the image, pixels", 1'000);
  app.add_flag("--json", json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    with_known_space(space, [&](auto known) {
      const Problem usual = known.problem;
      const int extent = image.value_or(usual.image.height);
      describe(std::move(known), text,
               {{channels.value_or(usual.image.channels), extent, extent},
                classes.value_or(usual.classes)},
               json);
    });
    return 0;
  });
}
