// Needs the schema of ONNX, compiled for C++: Debian's libonnx-dev and libprotobuf-dev; CMake's
// target nascent::onnx has what it takes.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/export/trained_network.hpp"
#include "nascent/operation/module_names.hpp"
#include "nascent/version.hpp"

namespace nascent {
namespace detail {

/// Writes an onnx::GraphProto, a node a layer or two.
class OnnxGraph {
 public:
  OnnxGraph(onnx::GraphProto& graph, const TrainedNetwork& network)
      : graph_(graph), network_(network) {}

  /// A value; an extent given as a text may be any.
  struct Extent {
    std::int64_t number = 0;
    const char* any = nullptr;
  };

  static void describe(onnx::ValueInfoProto& value, const char* name,
                       const std::vector<Extent>& shape) {
    value.set_name(name);
    auto& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx::TensorProto::FLOAT);
    for (const Extent& extent : shape) {
      auto& dimension = *tensor.mutable_shape()->add_dim();
      if (extent.any)
        dimension.set_dim_param(extent.any);
      else
        dimension.set_dim_value(extent.number);
    }
  }

  /// x - mean, divided by the deviation.
  std::string normalised(const std::string& x) {
    const auto channels = static_cast<std::int64_t>(network_.mean.size());
    constant("mean", {1, channels, 1, 1}, network_.mean);
    constant("deviation", {1, channels, 1, 1}, network_.deviation);
    node("Sub", {x, "mean"}, "centred");
    node("Div", {"centred", "deviation"}, "normalised");
    return "normalised";
  }

  void layer(const LayerDescription& layer, const std::string& module, const std::string& in,
             const std::string& other, const std::string& out) {
    switch (layer.kind) {
      case LayerKind::convolution: {
        auto& conv = node("Conv", {in, weight(module + ".weight")}, out);
        window(conv, layer, layer.kernel / 2);
        number(conv, "group", layer.groups);
        return;
      }
      case LayerKind::batch_norm: {
        auto& norm = node("BatchNormalization",
                          {in, weight(module + ".weight"), weight(module + ".bias"),
                           weight(module + ".running_mean"), weight(module + ".running_var")},
                          out);
        auto& epsilon = attribute(norm, "epsilon", onnx::AttributeProto::FLOAT);
        epsilon.set_f(1e-5F);
        return;
      }
      case LayerKind::relu:
        node("Relu", {in}, out);
        return;
      case LayerKind::add:
        node("Add", {in, other}, out);
        return;
      case LayerKind::global_average_pool:
        node("GlobalAveragePool", {in}, out);
        return;
      case LayerKind::average_pool:  // by default a mean of what lies within the map
        window(node("AveragePool", {in}, out), layer, (layer.kernel - 1) / 2);
        return;
      case LayerKind::zero:
        node("Shape", {in}, out + ".shape");
        node("ConstantOfShape", {out + ".shape"}, out);
        return;
      case LayerKind::linear: {
        node("Flatten", {in}, out + ".input");
        auto& gemm = node(
            "Gemm", {out + ".input", weight(module + ".weight"), weight(module + ".bias")}, out);
        number(gemm, "transB", 1);
        return;
      }
      case LayerKind::prelu: {  // one slope a channel, spread over the map
        const std::string slope = weight(module + ".weight");
        auto& tensor = *graph_.mutable_initializer(graph_.initializer_size() - 1);
        if (layer.out.size() != layer.out.channels) {
          tensor.add_dims(1);
          tensor.add_dims(1);
        }
        node("PRelu", {in, slope}, out);
        return;
      }
      case LayerKind::plain_batch_norm: {
        const std::vector<std::int64_t> shape{layer.out.channels};
        const auto count = static_cast<std::size_t>(layer.out.channels);
        const std::string scale = module + ".scale", shift = module + ".shift";
        constant(scale.c_str(), shape, std::vector<double>(count, 1));
        constant(shift.c_str(), shape, std::vector<double>(count, 0));
        auto& norm = node(
            "BatchNormalization",
            {in, scale, shift, weight(module + ".running_mean"), weight(module + ".running_var")},
            out);
        attribute(norm, "epsilon", onnx::AttributeProto::FLOAT).set_f(1e-5F);
        return;
      }
      case LayerKind::dropout:  // which leaves all as it is in evaluation
        node("Identity", {in}, out);
        return;
    }
  }

 private:
  onnx::NodeProto& node(const char* operation, const std::vector<std::string>& inputs,
                        const std::string& output) {
    onnx::NodeProto& made = *graph_.add_node();
    made.set_op_type(operation);
    made.set_name(output);
    for (const std::string& input : inputs) made.add_input(input);
    made.add_output(output);
    return made;
  }

  static onnx::AttributeProto& attribute(onnx::NodeProto& node, const char* name,
                                         onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(type);
    return made;
  }

  static void number(onnx::NodeProto& node, const char* name, int value) {
    attribute(node, name, onnx::AttributeProto::INT).set_i(value);
  }

  static void window(onnx::NodeProto& node, const LayerDescription& layer, int padding) {
    const auto numbers = [&](const char* name, int count, int value) {
      auto& list = attribute(node, name, onnx::AttributeProto::INTS);
      for (int i = 0; i < count; ++i) list.add_ints(value);
    };
    numbers("kernel_shape", 2, layer.kernel);
    numbers("strides", 2, layer.stride);
    numbers("pads", 4, padding);
  }

  /// Adds a tensor of the network's; gives back its name.
  std::string weight(const std::string& name) {
    const Safetensors::Tensor& tensor = network_.weights.at(name);
    if (tensor.dtype != "F32")
      throw DataError("the tensor '" + name + "' is of type " + tensor.dtype +
                      " where F32 is exported; store it as that");
    onnx::TensorProto& made = initializer(name, tensor.shape);
    made.set_raw_data(tensor.bytes.data(), tensor.bytes.size());
    return name;
  }

  void constant(const char* name, const std::vector<std::int64_t>& shape,
                const std::vector<double>& values) {
    onnx::TensorProto& made = initializer(name, shape);
    for (const double value : values) made.add_float_data(static_cast<float>(value));
  }

  onnx::TensorProto& initializer(const std::string& name, const std::vector<std::int64_t>& shape) {
    onnx::TensorProto& made = *graph_.add_initializer();
    made.set_name(name);
    made.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t extent : shape) made.add_dims(extent);
    return made;
  }

  onnx::GraphProto& graph_;
  const TrainedNetwork& network_;
};

}  // namespace detail

/// A network as an ONNX model of opset 17, from `images` [batch, channels, height, width] of any
/// batch and extent to `logits` [batch, classes]. Names of classes are its metadata "classes", a
/// JSON list. std::invalid_argument where it cannot normalise, DataError where weights are missing.
inline onnx::ModelProto onnx_model(const TrainedNetwork& network,
                                   const ExportOptions& options = {}) {
  detail::require_exportable(network, options);
  onnx::ModelProto model;
  model.set_ir_version(8);  // the one of opset 17
  model.set_producer_name("Nascent");
  model.set_producer_version(std::to_string(version.major) + "." + std::to_string(version.minor) +
                             "." + std::to_string(version.patch));
  model.add_opset_import()->set_version(17);
  if (!network.classes.empty()) {
    auto& entry = *model.add_metadata_props();
    entry.set_key("classes");
    entry.set_value(detail::names_text(network.classes));
  }
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name(options.name);
  const Problem& problem = network.description.problem;
  using Graph = detail::OnnxGraph;
  Graph::describe(*graph.add_input(), "images",
                  {{0, "batch"}, {problem.image.channels}, {0, "height"}, {0, "width"}});
  Graph::describe(*graph.add_output(), "logits", {{0, "batch"}, {problem.classes}});

  Graph writer(graph, network);
  const std::vector<LayerDescription>& layers = network.description.layers;
  const std::vector<std::string> modules = module_names(network.description);
  const std::string images = options.normalise ? writer.normalised("images") : "images";
  // Values are named as their layers; the last one is the logits.
  const auto value = [&](int layer) {
    if (layer == LayerDescription::kImage) return images;
    const auto i = static_cast<std::size_t>(layer);
    return i + 1 == layers.size() ? std::string("logits") : modules[i];
  };
  for (std::size_t i = 0; i < layers.size(); ++i)
    writer.layer(layers[i], modules[i], value(layers[i].input), value(layers[i].other),
                 value(static_cast<int>(i)));
  return model;
}

/// The same as a file.
inline void write_onnx(const std::filesystem::path& path, const TrainedNetwork& network,
                       const ExportOptions& options = {}) {
  std::ofstream file(path, std::ios::binary);
  if (!onnx_model(network, options).SerializeToOstream(&file) || !file.flush())
    throw DataError(path.string() +
                    " cannot be written; check that its folder exists and that there is room");
}

}  // namespace nascent
