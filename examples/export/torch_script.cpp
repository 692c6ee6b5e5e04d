#include "torch_script.hpp"

#include <nascent/export/torch_script.hpp>

void write_torch_script_file(const std::filesystem::path& path,
                             const nascent::TrainedNetwork& network,
                             const nascent::ExportOptions& options) {
  nascent::write_torch_script(path, network, options);
}
