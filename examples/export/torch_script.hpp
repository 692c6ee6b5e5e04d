// LibTorch brings headers of another protobuf than ONNX's schema needs, so it is included in a
// source of its own.
#pragma once

#include <filesystem>
#include <nascent/export/trained_network.hpp>

void write_torch_script_file(const std::filesystem::path& path,
                             const nascent::TrainedNetwork& network,
                             const nascent::ExportOptions& options);
