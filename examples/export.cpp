// A trained network as a file for other programs.
//
//   train_architecture --run runs/first --epochs 600
//   export --run runs/first --format onnx --normalise
//
// docs/exports.md shows how each file is used.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nascent/export/cpp_source.hpp>
#include <nascent/export/python_source.hpp>
#include <nascent/export/trained_network.hpp>
#include <nascent/search/append_file.hpp>
#include <string>
#include <system_error>
#include <vector>

#ifdef NASCENT_WITH_ONNX
#include <nascent/export/onnx.hpp>
#endif
#ifdef NASCENT_WITH_TORCH
#include "export/torch_script.hpp"
#endif

#include "program.hpp"

namespace {

using namespace nascent;
namespace fs = std::filesystem;

/// Endings of the formats' files.
const std::map<std::string, std::string> kEndings{{"safetensors", ".safetensors"},
                                                  {"python", ".py"},
                                                  {"onnx", ".onnx"},
                                                  {"torchscript", ".pt"},
                                                  {"cpp", ".hpp"}};

bool is_training(const fs::path& directory) { return fs::exists(directory / "last.safetensors"); }

/// The directory of a training: the run's own, or the only one in it.
fs::path training_in(const fs::path& run) {
  if (is_training(run)) return run;
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(run, ignored))
    if (is_training(entry.path())) found.push_back(entry.path());
  if (found.empty())
    throw DataError(run.string() + " holds no finished training; run `train_architecture --run " +
                    run.string() + "` first");
  if (found.size() > 1)
    throw DataError(run.string() + " holds " + std::to_string(found.size()) +
                    " trainings; give one of them to --run, such as " + found.front().string());
  return found.front();
}

fs::path weights_in(const fs::path& training, std::string which) {
  if (which.empty()) which = fs::exists(training / "best.safetensors") ? "best" : "last";
  return training / (which + ".safetensors");
}

void write_torchscript([[maybe_unused]] const fs::path& out,
                       [[maybe_unused]] const TrainedNetwork& network,
                       [[maybe_unused]] const ExportOptions& options) {
#ifdef NASCENT_WITH_TORCH
  write_torch_script_file(out, network, options);
#else
  throw std::runtime_error(
      "this program was built without LibTorch; run `make setup`, then configure and build again");
#endif
}

void write_onnx_file([[maybe_unused]] const fs::path& out,
                     [[maybe_unused]] const TrainedNetwork& network,
                     [[maybe_unused]] const ExportOptions& options) {
#ifdef NASCENT_WITH_ONNX
  write_onnx(out, network, options);
#else
  throw std::runtime_error(
      "this program was built without ONNX's schema; install it with `apt-get install libonnx-dev "
      "libprotobuf-dev`, then configure and build again");
#endif
}

void write(const std::string& format, const fs::path& out, const TrainedNetwork& network,
           const ExportOptions& options) {
  if (format == "safetensors") return network.write(out);
  if (format == "python") return detail::write_whole(out, python_source(network, options));
  if (format == "cpp") return detail::write_whole(out, cpp_source(network, options));
  if (format == "torchscript") return write_torchscript(out, network, options);
  write_onnx_file(out, network, options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes a trained network in a form that other programs read."};
  std::string run, format, weights, out;
  bool normalise = false;
  app.add_option("--run", run, "directory of a training, or of a search with one training in it")
      ->required();
  app.add_option(
         "--format", format,
         "safetensors, python (a PyTorch module and its weights), onnx, torchscript, or cpp "
         "(a header for LibTorch and its weights)")
      ->required()
      ->check(CLI::IsMember({"safetensors", "python", "onnx", "torchscript", "cpp"}));
  app.add_option("--weights", weights,
                 "best (by the held-out images) or last; default: best where there is one")
      ->check(CLI::IsMember({"best", "last"}));
  app.add_option("--out", out, "file to write (default: network.ENDING beside the weights)");
  app.add_flag("--normalise", normalise,
               "the network takes pixel / 255 and normalises it itself; otherwise it takes "
               "normalised images");
  return run_program(app, argc, argv, [&] {
    const fs::path training = training_in(run), from = weights_in(training, weights);
    const TrainedNetwork network = TrainedNetwork::read(from);
    const fs::path to = out.empty() ? training / ("network" + kEndings.at(format)) : fs::path(out);
    const ExportOptions options{to.stem().string(), normalise};
    write(format, to, network, options);
    std::string files = to.string();
    if (format == "python" || format == "cpp") {
      const fs::path beside = fs::path(to).replace_extension(".safetensors");
      network.write(beside);
      files += " and " + beside.string();
    }
    std::printf("%s: %s\n", files.c_str(), detail::summary_of(network.description).c_str());
    return 0;
  });
}
