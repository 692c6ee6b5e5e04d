#pragma once

#include <string>
#include <vector>

#include "nascent/export/source_text.hpp"
#include "nascent/export/statements.hpp"
#include "nascent/export/trained_network.hpp"

namespace nascent {
namespace detail {

/// Modules by their dotted names: "mixlayers.0.op.1" lies in three dictionaries.
struct ModuleTree {
  std::string name;  ///< within the dictionary that it lies in
  std::string leaf;  ///< how a module is made; empty for a dictionary
  std::vector<ModuleTree> children;

  void add(const std::string& path, const std::string& made) {
    const auto dot = path.find('.');
    ModuleTree& child = this->child(path.substr(0, dot));
    if (dot == std::string::npos)
      child.leaf = made;
    else
      child.add(path.substr(dot + 1), made);
  }

  std::string text(const std::string& indent) const {
    if (!leaf.empty()) return leaf;
    std::string lines = "nn.ModuleDict({\n";
    for (const ModuleTree& tree : children)
      lines += indent + "    \"" + tree.name + "\": " + tree.text(indent + "    ") + ",\n";
    return lines + indent + "})";
  }

 private:
  ModuleTree& child(const std::string& wanted) {
    for (ModuleTree& tree : children)
      if (tree.name == wanted) return tree;
    return children.emplace_back(ModuleTree{wanted, {}, {}});
  }
};

/// "mixlayers.0.op.1" as an expression: self.mixlayers["0"]["op"]["1"].
inline std::string python_access(const std::string& module) {
  std::size_t at = module.find('.');
  std::string access = "self." + module.substr(0, at);
  while (at != std::string::npos) {
    const std::size_t next = module.find('.', at + 1);
    access += "[\"" + module.substr(at + 1, next - at - 1) + "\"]";
    at = next;
  }
  return access;
}

inline std::string python_module(const LayerDescription& layer) {
  const std::string in = std::to_string(layer.in.channels);
  const std::string out = std::to_string(layer.out.channels);
  if (layer.kind == LayerKind::batch_norm) return "nn.BatchNorm2d(" + out + ")";
  if (layer.kind == LayerKind::linear)
    return "nn.Linear(" + std::to_string(layer.in.size()) + ", " + out + ")";
  if (layer.kind == LayerKind::prelu) return "nn.PReLU(" + out + ")";
  if (layer.kind == LayerKind::plain_batch_norm) return "nn.BatchNorm1d(" + out + ", affine=False)";
  std::string made = "nn.Conv2d(" + in + ", " + out + ", " + std::to_string(layer.kernel);
  if (layer.stride != 1) made += ", stride=" + std::to_string(layer.stride);
  if (layer.kernel > 1) made += ", padding=" + std::to_string(layer.kernel / 2);
  if (layer.groups != 1) made += ", groups=" + std::to_string(layer.groups);
  return made + ", bias=False)";
}

inline std::string python_value(const Statement& s) {
  if (!has_parameters(s.layer.kind)) return stateless_value(s, kPython);
  const std::string in =
      s.layer.kind == LayerKind::linear ? "torch.flatten(" + s.in + ", 1)" : s.in;
  return python_access(s.module) + "(" + in + ")";
}

}  // namespace detail

/// A network as a PyTorch module: a file of Python that depends on torch and, to load the weights
/// beside it, on safetensors. `options.name` + ".safetensors" is the file it loads. Its tensors
/// have the names of `add_network`. std::invalid_argument where it cannot normalise.
inline std::string python_source(const TrainedNetwork& network, const ExportOptions& options = {}) {
  using detail::joined, detail::number_text, detail::quoted;
  detail::require_exportable(network, options);
  const std::vector<Statement> layers = statements(network.description);
  detail::ModuleTree modules;
  for (const Statement& s : layers)
    if (detail::has_parameters(s.layer.kind)) modules.add(s.module, detail::python_module(s.layer));

  const bool known = !network.mean.empty();
  std::string text =
      "\"\"\"A network found by Nascent: " + detail::summary_of(network.description) +
      ".\n\n"
      "    network = load()        # with the weights beside this file, for use\n"
      "    logits = network(images)\n\n"
      "`images` is a float tensor [images, channels, height, width] of ";
  if (!known)
    text += "normalised values.\n";
  else
    text +=
        options.normalise
            ? "values pixel / 255,\nwhich the network normalises itself; with normalise=False, of "
              "values\n(pixel / 255 - MEAN) / DEVIATION.\n"
            : "values\n(pixel / 255 - MEAN) / DEVIATION; with normalise=True, of values "
              "pixel / 255,\nwhich the network normalises itself.\n";
  text +=
      "\"\"\"\nfrom pathlib import Path\n\nimport torch\nimport torch.nn.functional as F\n"
      "from torch import nn\n\n";
  if (!network.classes.empty()) text += "CLASSES = [" + joined(network.classes, quoted) + "]\n";
  if (known)
    text += "# Of each channel of pixel / 255.\nMEAN = [" + joined(network.mean, number_text) +
            "]\nDEVIATION = [" + joined(network.deviation, number_text) + "]\n";
  const std::string argument =
      !known ? "" : std::string("normalise=") + (options.normalise ? "True" : "False");
  text += "\n\nclass Network(nn.Module):\n    def __init__(self" +
          (known ? ", " + argument : std::string()) + "):\n        super().__init__()\n";
  if (known)
    text +=
        "        self.normalise = normalise\n"
        "        for name, values in ((\"mean\", MEAN), (\"deviation\", DEVIATION)):\n"
        "            self.register_buffer(name, torch.tensor(values).view(1, -1, 1, 1), "
        "persistent=False)\n";
  for (const detail::ModuleTree& tree : modules.children)
    text += "        self." + tree.name + " = " + tree.text("        ") + "\n";
  text += "\n    def forward(self, x):\n";
  if (known)
    text += "        if self.normalise:\n            x = (x - self.mean) / self.deviation\n";
  for (const Statement& s : layers)
    text += "        " + s.out + " = " + detail::python_value(s) + "\n";
  text += "        return " + layers.back().out + "\n\n\n";
  text += "def load(path=Path(__file__).with_name(" + quoted(options.name + ".safetensors") + ")" +
          (known ? ", " + argument : std::string()) +
          "):\n"
          "    from safetensors.torch import load_file\n\n"
          "    network = Network(" +
          (known ? std::string("normalise") : std::string()) +
          ")\n"
          "    network.load_state_dict(load_file(path))\n"
          "    return network.eval()\n";
  return text;
}

}  // namespace nascent
