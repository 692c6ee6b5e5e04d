#pragma once

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/export/source_text.hpp"
#include "nascent/export/statements.hpp"
#include "nascent/export/trained_network.hpp"

namespace nascent {
namespace detail {

/// What every exported header begins with: a reader of .safetensors files, Nascent's convolution.
inline constexpr std::string_view kCppPreamble = R"(
/// The tensors of a .safetensors file.
class Weights {
 public:
  explicit Weights(const std::string& path) : path_(path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    std::uint64_t length = 0;
    if (bytes_.size() >= 8) std::memcpy(&length, bytes_.data(), 8);
    if (bytes_.size() < 8 || length > bytes_.size() - 8) fail("is no .safetensors file");
    header_ = bytes_.substr(8, length);
  }

  /// Fills `values`, of type float, from the tensor of this name and as many values.
  void read(const std::string& name, torch::Tensor values) const {
    const auto entry = header_.find("\"" + name + "\":{");
    const auto end = header_.find('}', entry);
    if (entry == std::string::npos || end == std::string::npos) fail("has no tensor " + name);
    const std::string text = header_.substr(entry, end - entry);
    const std::string key = "\"data_offsets\":[";
    const auto offsets = text.find(key);
    if (offsets == std::string::npos || text.find("\"dtype\":\"F32\"") == std::string::npos)
      fail("has no floats in " + name);
    char* comma = nullptr;
    const auto begin = std::strtoull(text.c_str() + offsets + key.size(), &comma, 10);
    const auto finish = std::strtoull(comma + 1, nullptr, 10);
    const auto data = 8 + header_.size();
    if (finish < begin || finish > bytes_.size() - data || finish - begin != values.nbytes())
      fail("has another number of values in " + name);
    const torch::Tensor read = torch::empty_like(values, torch::device(torch::kCPU));
    std::memcpy(read.data_ptr(), bytes_.data() + data + begin, finish - begin);
    values.copy_(read);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(path_ + " " + what);
  }

  std::string path_, bytes_, header_;
};

inline torch::nn::Conv2d convolution(int in, int out, int kernel, int stride, int groups) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                               .stride(stride)
                               .padding(kernel / 2)
                               .groups(groups)
                               .bias(false));
}
)";

/// "  torch::nn::Conv2d stem_0 = ...;"
inline std::string cpp_member(const Statement& s) {
  const LayerDescription& layer = s.layer;
  const std::string name = identifier(s.module);
  const std::string in = std::to_string(layer.in.channels);
  const std::string out = std::to_string(layer.out.channels);
  std::string type = "Conv2d", made;
  if (layer.kind == LayerKind::batch_norm) {
    type = "BatchNorm2d";
    made = "torch::nn::BatchNorm2d(" + out + ")";
  } else if (layer.kind == LayerKind::linear) {
    type = "Linear";
    made = "torch::nn::Linear(" + std::to_string(layer.in.size()) + ", " + out + ")";
  } else if (layer.kind == LayerKind::prelu) {
    type = "PReLU";
    made = "torch::nn::PReLU(torch::nn::PReLUOptions().num_parameters(" + out + "))";
  } else if (layer.kind == LayerKind::plain_batch_norm) {
    type = "BatchNorm1d";
    made = "torch::nn::BatchNorm1d(torch::nn::BatchNorm1dOptions(" + out + ").affine(false))";
  } else {
    made = "convolution(" + in + ", " + out + ", " + std::to_string(layer.kernel) + ", " +
           std::to_string(layer.stride) + ", " + std::to_string(layer.groups) + ")";
  }
  return "  torch::nn::" + type + " " + name + " = register_module(\"" + name + "\", " + made +
         ");\n";
}

inline std::string cpp_value(const Statement& s) {
  if (!has_parameters(s.layer.kind)) return stateless_value(s, kCpp);
  const std::string in =
      s.layer.kind == LayerKind::linear ? "torch::flatten(" + s.in + ", 1)" : s.in;
  return identifier(s.module) + "(" + in + ")";
}

inline void require_identifier(const std::string& name) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) || c == '_'; };
  const auto any = [&](unsigned char c) { return letter(c) || std::isdigit(c); };
  if (name.empty() || !letter(static_cast<unsigned char>(name.front())) ||
      !std::ranges::all_of(name, any))
    throw std::invalid_argument("'" + name +
                                "' cannot be a namespace of C++; choose a name of letters, digits "
                                "and underscores");
}

}  // namespace detail

/// A network as a header for LibTorch that needs nothing else: `options.name`::Network is a
/// torch::nn::Module that reads its weights from a .safetensors file with the names of
/// `add_network`. std::invalid_argument where the name is none of C++ or it cannot normalise.
inline std::string cpp_source(const TrainedNetwork& network, const ExportOptions& options = {}) {
  using detail::joined, detail::number_text, detail::quoted;
  detail::require_exportable(network, options);
  detail::require_identifier(options.name);
  const std::vector<Statement> layers = statements(network.description);

  std::string text = "// A network found by Nascent: " + detail::summary_of(network.description) +
                     ".\n//\n//   " + options.name + "::Network network;\n//   network->load(\"" +
                     options.name +
                     ".safetensors\");\n//   network->eval();\n"
                     "//   torch::Tensor logits = network(images);\n//\n"
                     "// Images are [images, channels, height, width], of floats ";
  text += options.normalise ? "pixel / 255, which the network\n// normalises itself.\n"
                            : "(pixel / 255 - mean) / deviation.\n";
  text +=
      "#pragma once\n\n#include <torch/torch.h>\n\n#include <cstdint>\n#include <cstdlib>\n"
      "#include <cstring>\n#include <fstream>\n#include <iterator>\n#include <stdexcept>\n"
      "#include <string>\n#include <vector>\n\nnamespace " +
      options.name + " {\n";
  if (!network.classes.empty())
    text += "\ninline const std::vector<std::string> kClasses{" + joined(network.classes, quoted) +
            "};\n";
  if (!network.mean.empty())
    text += "\n/// Of each channel of pixel / 255.\ninline const std::vector<float> kMean{" +
            joined(network.mean, [](double v) { return number_text(v) + "f"; }) +
            "};\ninline const std::vector<float> kDeviation{" +
            joined(network.deviation, [](double v) { return number_text(v) + "f"; }) + "};\n";
  text += detail::kCppPreamble;
  text += "\nstruct NetworkImpl : torch::nn::Module {\n";
  for (const Statement& s : layers)
    if (detail::has_parameters(s.layer.kind)) text += detail::cpp_member(s);
  if (options.normalise)
    text +=
        "  torch::Tensor mean = register_buffer(\"mean\", torch::tensor(kMean).view({1, -1, 1, "
        "1}));\n"
        "  torch::Tensor deviation =\n"
        "      register_buffer(\"deviation\", torch::tensor(kDeviation).view({1, -1, 1, 1}));\n";
  text += "\n  torch::Tensor forward(torch::Tensor x) {\n";
  if (options.normalise) text += "    x = (x - mean) / deviation;\n";
  std::vector<std::string> declared{"x"};
  for (const Statement& s : layers) {
    const bool fresh = std::ranges::find(declared, s.out) == declared.end();
    if (fresh) declared.push_back(s.out);
    text += std::string("    ") + (fresh ? "torch::Tensor " : "") + s.out + " = " +
            detail::cpp_value(s) + ";\n";
  }
  text += "    return " + layers.back().out + ";\n  }\n\n";
  text +=
      "  /// Reads the weights; std::runtime_error says what is wrong with the file.\n"
      "  void load(const std::string& path) {\n    const torch::NoGradGuard guard;\n"
      "    const Weights weights(path);\n";
  for (const Statement& s : layers)
    if (detail::has_parameters(s.layer.kind))
      text += "    load(weights, \"" + s.module + "\", *" + detail::identifier(s.module) + ");\n";
  text +=
      "  }\n\n private:\n"
      "  static void load(const Weights& weights, const std::string& name, torch::nn::Module& "
      "layer) {\n"
      "    for (auto& item : layer.named_parameters())\n"
      "      weights.read(name + \".\" + item.key(), item.value());\n"
      "    for (auto& item : layer.named_buffers())\n"
      "      if (item.key() != \"num_batches_tracked\")\n"
      "        weights.read(name + \".\" + item.key(), item.value());\n"
      "  }\n};\nTORCH_MODULE(Network);\n\n}  // namespace " +
      options.name + "\n";
  return text;
}

}  // namespace nascent
