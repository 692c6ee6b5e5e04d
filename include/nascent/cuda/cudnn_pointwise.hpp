#pragma once

#include <memory>

#include "nascent/cuda/fast_mode.hpp"
#include "nascent/cuda/fused_pointwise.hpp"

#ifdef NASCENT_CUDNN
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/cudnn/Handle.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Device.h>
#include <c10/cuda/CUDAGraphsC10Utils.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "nascent/cuda/cudnn_graph.hpp"
#include "nascent/train/tensor_operators.hpp"
#endif

namespace nascent::cuda {

#ifdef NASCENT_CUDNN

/// FusedPointwise by cuDNN's graph API, on the current stream. The first result of each shape is
/// compared with LibTorch's product, in `check` mode every one outside of a capture; where it
/// differs, or cuDNN has no plan, the path is switched off for the process.
class CudnnPointwise final : public FusedPointwise {
 public:
  /// Of a GPU of this machine.
  explicit CudnnPointwise(int device) : device_(device) {}

  bool run(const Map& in, const Norm& norm, const float* weight, const Map& to,
           float* sums) override {
    if (Verdicts::of(FastPart::cudnn, device_) == Verdict::failed) return false;
    const bool capturing =
        c10::cuda::currentStreamCaptureStatusMayInitCtx() != c10::cuda::CaptureStatus::None;
    try {
      bool unproven = cudnn_mode() == FastMode::check;
      const CudnnPlan* plan = planned(shape_of(in, norm, to), capturing, unproven);
      if (plan == nullptr) return false;
      const at::Tensor workspace = at::empty({plan->workspace()}, on_device(at::kByte));
      plan->execute(at::native::getCudnnHandle(),
                    {in.values, const_cast<float*>(norm.scale), const_cast<float*>(norm.shift),
                     const_cast<float*>(weight), to.values, sums, sums + to.stride},
                    workspace.mutable_data_ptr());
      if (unproven && !capturing) prove(in, norm, weight, to, sums);
      return true;
    } catch (const CudnnError& error) {
      Verdicts::fail(FastPart::cudnn, device_, error.what());
      return false;
    }
  }

 private:
  static PointwiseShape shape_of(const Map& in, const Norm& norm, const Map& to) {
    return {in.images, in.height, in.width, in.stride, to.stride, norm.scale != nullptr,
            norm.relu, true};
  }

  static bool tensor_cores() { return at::globalContext().allowTF32CuBLAS(); }

  /// Null in a capture, if there is none yet. Each thread has its own, as they need not be safe to
  /// share; `fresh` becomes true for one that is made now.
  const CudnnPlan* planned(const PointwiseShape& shape, bool capturing, bool& fresh) const {
    thread_local std::map<std::tuple<int, bool, PointwiseShape>, CudnnPlan> plans;
    const auto key = std::tuple(device_, tensor_cores(), shape);
    auto found = plans.find(key);
    if (found == plans.end()) {
      if (capturing) return nullptr;
      fresh = true;
      found = plans.emplace(key, CudnnPlan(CudnnGraph(shape), CudnnDevice(device_), tensor_cores()))
                  .first;
    }
    return &found->second;
  }

  at::TensorOptions on_device(at::ScalarType type) const {
    return at::TensorOptions(at::Device(at::kCUDA, static_cast<at::DeviceIndex>(device_)))
        .dtype(type);
  }

  at::Tensor tensor(const float* values, at::IntArrayRef shape) const {
    return at::from_blob(const_cast<float*>(values), shape, on_device(at::kFloat));
  }

  /// Throws CudnnError where the result is not LibTorch's, or the sums are not the result's.
  void prove(const Map& in, const Norm& norm, const float* weight, const Map& to,
             const float* sums) const {
    at::Tensor read = tensor(in.values, {in.pixels(), in.stride});
    if (norm.scale != nullptr)
      read = read * tensor(norm.scale, {in.stride}) + tensor(norm.shift, {in.stride});
    if (norm.relu) read = read.clamp_min(0);
    const at::Tensor expected = read.mm(tensor(weight, {to.stride, in.stride}).t()),
                     got = tensor(to.values, {to.pixels(), to.stride});
    // Both round their factors to 10 bits where they may, and add them up in orders of their own.
    require(got - expected, expected, tensor_cores() ? 5e-3 : 1e-5, "its product differs");
    const at::Tensor exact = got.to(at::kDouble), given = tensor(sums, {2, to.stride});
    require(given[0] - exact.sum(0), exact.abs().sum(0), 1e-4, "its sums differ");
    require(given[1] - exact.square().sum(0), exact.square().sum(0), 1e-4,
            "its sums of squares differ");
    Verdicts::pass(FastPart::cudnn, device_);
  }

  static void require(const at::Tensor& difference, const at::Tensor& size, double tolerance,
                      const char* what) {
    const double apart = difference.abs().max().item<double>(),
                 largest = size.abs().max().item<double>();
    if (apart <= tolerance * largest) return;
    throw CudnnError(std::string(what) + " by " + std::to_string(apart) + " where the largest is " +
                     std::to_string(largest));
  }

  int device_;
};

#endif

/// Pointwise products by cuDNN, where NASCENT_CUDA_CUDNN asks for them; null otherwise.
inline std::shared_ptr<FusedPointwise> wanted_cudnn_pointwise(int device) {
  if (cudnn_mode() == FastMode::off || Verdicts::of(FastPart::cudnn, device) == Verdict::failed)
    return nullptr;
#ifdef NASCENT_CUDNN
  return std::make_shared<CudnnPointwise>(device);
#else
  Verdicts::fail(FastPart::cudnn, device, "this program was built without cuDNN");
  return nullptr;
#endif
}

}  // namespace nascent::cuda
