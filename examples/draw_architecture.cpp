// Draws architectures as SVG: height is resolution, width channels, colour operation and kernel.
//
//   draw_architecture --architecture "d10 w8 ops=sccsssccsc kernels=3333533333" --out network.svg
//   draw_architecture --space nasbench201 --architecture 433323 --out cell.svg
//   draw_architecture --space residual-face --architecture "b1-1-2-1 w32 ops=cccccccccc
//   kernels=3333333333" --out face.svg draw_architecture --space transnas-macro --architecture
//   131214 --out modules.svg
//
// --architecture may be given several times: the networks then share one scale, and --classes,
// --channels and --image are given once for all or once for each.
#include <CLI/CLI.hpp>
#include <iterator>
#include <nascent/report/known_spaces.hpp>
#include <nascent/report/network_svg.hpp>
#include <nascent/search/append_file.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;

/// What was given once for all networks, once for each of them, or not at all.
int value_for(std::size_t network, const std::vector<int>& given, int otherwise) {
  if (given.empty()) return otherwise;
  return given.size() == 1 ? given.front() : given.at(network);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Draws architectures as an SVG: height is resolution, width channels, colour "
      "operation and kernel."};
  std::vector<std::string> architectures, titles;
  std::string space = "chain", out;
  std::vector<int> classes, channels, images;
  SvgOptions options;
  app.add_option("--architecture", architectures,
                 "e.g. \"d4 w16 ops=sscs kernels=3353\"; may be repeated")
      ->required();
  app.add_option("--title", titles, "what stands above it (default: its text); may be repeated");
  app.add_option("--space", space, "what the text is of")
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(kKnownSpaces), std::end(kKnownSpaces))))
      ->capture_default_str();
  app.add_option("--out", out, "file to write")->required();
  const auto numbers = [&](const char* name, std::vector<int>& values, const char* what, int most) {
    app.add_option(name, values, what + std::string(" (default: what is usual in the space)"))
        ->check(CLI::Range(1, most));
  };
  numbers("--classes", classes, "number of classes", 1'000'000);
  numbers("--channels", channels, "channels of the image", 1'000);
  numbers("--image", images, "height and width of the image, pixels", 1'000);
  app.add_option("--columns", options.columns, "networks side by side")
      ->check(CLI::Range(1, 4))
      ->capture_default_str();
  app.add_option("--width", options.width, "of the drawing, pixels")
      ->check(CLI::Range(300, 10'000))
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    const std::size_t count = architectures.size();
    for (const auto* given : {&classes, &channels, &images})
      if (given->size() > 1 && given->size() != count)
        throw std::invalid_argument(
            "--classes, --channels and --image are given once, or once for each of the " +
            std::to_string(count) + " architectures");
    const Problem usual = usual_problem(space);
    std::vector<NetworkDrawing> networks;
    for (std::size_t i = 0; i < count; ++i) {
      const int extent = value_for(i, images, usual.image.height);
      const Problem problem{{value_for(i, channels, usual.image.channels), extent, extent},
                            value_for(i, classes, usual.classes)};
      networks.push_back({i < titles.size() ? titles[i] : architectures[i],
                          describe_known(space, architectures[i], problem)});
    }
    detail::write_whole(out, svg(networks, options));
    return 0;
  });
}
