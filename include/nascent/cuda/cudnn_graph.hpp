// A pointwise convolution, what stands in front of it and the sums behind it, as one operation of
// cuDNN. Needs no LibTorch, and for all but its execution no GPU.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nascent/cuda/cudnn_descriptor.hpp"

namespace nascent::cuda {

/// y = conv1x1(relu(scale x + shift)), and the sums over the pixels of y and of its squares: what
/// one graph computes. Single precision, channels last, channels in multiples of 8.
struct PointwiseShape {
  std::int64_t images = 0, height = 0, width = 0, in = 0, out = 0;
  bool norm = false;  ///< scale and shift, one number a channel
  bool relu = false;
  bool sums = false;

  friend auto operator<=>(const PointwiseShape&, const PointwiseShape&) = default;
};

/// Where the tensors of a graph lie on the device; those that it has not are null. `weight` is
/// [out, in].
struct PointwiseTensors {
  void *x = nullptr, *scale = nullptr, *shift = nullptr, *weight = nullptr, *y = nullptr,
       *sum = nullptr, *squares = nullptr;
};

/// The operations and how they hang together. CudnnError where cuDNN refuses them.
class CudnnGraph {
 public:
  explicit CudnnGraph(const PointwiseShape& s) : graph_(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR) {
    const Extent map{s.images, s.in, s.height, s.width};
    const CudnnDescriptor* x = &tensor(kX, map);
    if (s.norm) {
      x = &pointwise(CUDNN_POINTWISE_MUL, *x, &tensor(kScale, {1, s.in, 1, 1}), map);
      x = &pointwise(CUDNN_POINTWISE_ADD, *x, &tensor(kShift, {1, s.in, 1, 1}), map);
    }
    if (s.relu) x = &pointwise(CUDNN_POINTWISE_RELU_FWD, *x, nullptr, map);
    const CudnnDescriptor& y = tensor(kY, {s.images, s.out, s.height, s.width});
    convolve(*x, tensor(kWeight, {s.out, s.in, 1, 1}), y);
    if (s.sums) add_up(y, tensor(kSum, {1, s.out, 1, 1}), tensor(kSquares, {1, s.out, 1, 1}));
    graph_.set(CUDNN_ATTR_OPERATIONGRAPH_OPS,
               std::span<const cudnnBackendDescriptor_t>(operations_));
    graph_.finish("make a graph of a pointwise convolution");
  }

  /// For engines and plans.
  const CudnnDescriptor& descriptor() const { return graph_; }

  /// How plans are told where its tensors lie.
  static CudnnDescriptor located(const PointwiseTensors& t, void* workspace) {
    std::vector<std::int64_t> numbers;
    std::vector<void*> pointers;
    const auto add = [&](Number number, void* pointer) {
      if (pointer == nullptr) return;
      numbers.push_back(number);
      pointers.push_back(pointer);
    };
    add(kX, t.x);
    add(kScale, t.scale);
    add(kShift, t.shift);
    add(kWeight, t.weight);
    add(kY, t.y);
    add(kSum, t.sum);
    add(kSquares, t.squares);
    CudnnDescriptor pack(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, numbers)
        .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, pointers)
        .set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, workspace)
        .finish("take the tensors of a graph");
    return pack;
  }

 private:
  /// Names of tensors; from kBetween on those that one operation gives to the next.
  enum Number : std::int64_t { kX = 1, kScale, kShift, kWeight, kY, kSum, kSquares, kBetween };

  struct Extent {
    std::int64_t images, channels, height, width;
  };

  CudnnDescriptor& make(cudnnBackendDescriptorType_t type) { return kept_.emplace_back(type); }

  const CudnnDescriptor& tensor(std::int64_t number, const Extent& e) {
    return make(CUDNN_BACKEND_TENSOR_DESCRIPTOR)
        .set(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_DATA_FLOAT)
        .set(CUDNN_ATTR_TENSOR_DIMENSIONS,
             std::vector<std::int64_t>{e.images, e.channels, e.height, e.width})
        .set(CUDNN_ATTR_TENSOR_STRIDES,
             std::vector<std::int64_t>{e.channels * e.height * e.width, 1, e.channels * e.width,
                                       e.channels})
        .set(CUDNN_ATTR_TENSOR_UNIQUE_ID, number)
        .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, std::int64_t{16})
        .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, number >= kBetween)
        .finish("describe a tensor");
  }

  void add_operation(CudnnDescriptor& operation) {
    operations_.push_back(operation.finish("describe an operation").raw());
  }

  /// Gives the result, which exists only within the graph.
  const CudnnDescriptor& pointwise(cudnnPointwiseMode_t mode, const CudnnDescriptor& in,
                                   const CudnnDescriptor* other, const Extent& extent) {
    const CudnnDescriptor& what = make(CUDNN_BACKEND_POINTWISE_DESCRIPTOR)
                                      .set(CUDNN_ATTR_POINTWISE_MODE, mode)
                                      .set(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_DATA_FLOAT)
                                      .finish("describe a pointwise operation");
    const CudnnDescriptor& out = tensor(kBetween + std::int64_t(operations_.size()), extent);
    CudnnDescriptor& operation = make(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
                                     .set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, what)
                                     .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, in)
                                     .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, out);
    if (other != nullptr) operation.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, *other);
    add_operation(operation);
    return out;
  }

  void convolve(const CudnnDescriptor& x, const CudnnDescriptor& weight, const CudnnDescriptor& y) {
    const std::vector<std::int64_t> one{1, 1}, none{0, 0};
    const CudnnDescriptor& what =
        make(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
            .set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, std::int64_t{2})
            .set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT)
            .set(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_CROSS_CORRELATION)
            .set(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, one)
            .set(CUDNN_ATTR_CONVOLUTION_DILATIONS, one)
            .set(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, none)
            .set(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, none)
            .finish("describe a convolution");
    add_operation(make(CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, what)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, x)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, weight)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, y)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, 1.F)
                      .set(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, 0.F));
  }

  void add_up(const CudnnDescriptor& y, const CudnnDescriptor& sum,
              const CudnnDescriptor& squares) {
    add_operation(make(CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR)
                      .set(CUDNN_ATTR_OPERATION_GENSTATS_MODE, CUDNN_GENSTATS_SUM_SQSUM)
                      .set(CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC, CUDNN_DATA_FLOAT)
                      .set(CUDNN_ATTR_OPERATION_GENSTATS_XDESC, y)
                      .set(CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC, sum)
                      .set(CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC, squares));
  }

  std::deque<CudnnDescriptor> kept_;  // where references to them stay good
  std::vector<cudnnBackendDescriptor_t> operations_;
  CudnnDescriptor graph_;
};

/// The properties of a GPU, by which cuDNN chooses.
class CudnnDevice {
 public:
  /// Of this machine.
  explicit CudnnDevice(int index) : properties_(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR) {
    properties_.set(CUDNN_ATTR_DEVICEPROP_DEVICE_ID, std::int32_t{index});
    properties_.finish("read the properties of a GPU");
  }

  /// Of one that need not be here, as cuDNN writes them.
  explicit CudnnDevice(const std::string& json) : properties_(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR) {
    properties_.set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
                    std::span<const char>(json.data(), json.size()));
    properties_.finish("read the properties of a GPU");
  }

  const CudnnDescriptor& descriptor() const { return properties_; }

 private:
  CudnnDescriptor properties_;
};

/// How a graph is computed on a GPU: by the first engine of cuDNN's heuristics that takes it and
/// gives the same bits every time. CudnnError where there is none.
class CudnnPlan {
 public:
  /// `tensor_cores`: factors may be rounded to TF32.
  CudnnPlan(CudnnGraph graph, CudnnDevice device, bool tensor_cores)
      : graph_(std::move(graph)), device_(std::move(device)) {
    std::string why = tensor_cores ? "it knows none that gives the same bits every time"
                                   : "it knows none that keeps single precision";
    for (const cudnnBackendHeurMode_t mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK})
      for (CudnnDescriptor& configuration : configurations(mode))
        if (!plan_ && is_exact(configuration, tensor_cores)) plan(std::move(configuration), why);
    if (!plan_) throw CudnnError("cuDNN has no engine for a pointwise convolution: " + why);
    workspace_ = plan_->get<std::int64_t>(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE).at(0);
  }

  /// Bytes of memory that an execution may write to.
  std::int64_t workspace() const { return workspace_; }

  /// Asynchronous, on the handle's stream.
  void execute(cudnnHandle_t handle, const PointwiseTensors& tensors, void* workspace) const {
    const CudnnDescriptor located = CudnnGraph::located(tensors, workspace);
    detail::check_cudnn(cudnnBackendExecute(handle, plan_->raw(), located.raw()),
                        "compute a pointwise convolution");
  }

 private:
  void plan(CudnnDescriptor configuration, std::string& why) {
    try {
      CudnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
      plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration)
          .set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, device_.descriptor())
          .finish("plan it");
      configuration_.emplace(std::move(configuration));
      plan_.emplace(std::move(plan));
    } catch (const CudnnError& error) {
      why = error.what();
    }
  }

  /// What one way of choosing knows; nothing where it refuses to choose.
  std::vector<CudnnDescriptor> configurations(cudnnBackendHeurMode_t mode) const {
    CudnnDescriptor heuristics(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    try {
      heuristics.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph_.descriptor())
          .set(CUDNN_ATTR_ENGINEHEUR_MODE, mode)
          .set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, device_.descriptor())
          .finish("choose an engine");
    } catch (const CudnnError&) {
      return {};
    }
    return heuristics.get(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  }

  /// Whether nothing is rounded that must not be, and sums are taken in a fixed order.
  static bool is_exact(const CudnnDescriptor& configuration, bool tensor_cores) {
    const auto engine =
        configuration.get(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR);
    for (const auto note :
         engine.at(0).get<cudnnBackendNumericalNote_t>(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE))
      if (note == CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC ||
          note == CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS ||
          note == CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION ||
          (note == CUDNN_NUMERICAL_NOTE_TENSOR_CORE && !tensor_cores))
        return false;
    return true;
  }

  // What a plan is made of lives as long as it.
  CudnnGraph graph_;
  CudnnDevice device_;
  std::optional<CudnnDescriptor> configuration_, plan_;
  std::int64_t workspace_ = 0;
};

}  // namespace nascent::cuda
