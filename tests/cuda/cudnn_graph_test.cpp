// The graph of the path through cuDNN, planned for an H100 that need not be here. Computing it
// needs a GPU.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef NASCENT_CUDNN
#include <ATen/ATen.h>
#include <dlfcn.h>

#include <string>

#include "../support/support.hpp"
#include "nascent/cuda/cudnn_graph.hpp"
#include "nascent/cuda/cudnn_pointwise.hpp"
#endif

namespace nascent::cuda {
namespace {

#ifdef NASCENT_CUDNN

using testing::HasSubstr;

/// As cuDNN 9.8 and later write the properties of a GPU; numbers of an H100 SXM.
CudnnDevice h100() {
  return CudnnDevice(std::string(R"({
    "cudnnVersion": 91900, "deviceName": "NVIDIA H100 80GB HBM3", "deviceVer": 900,
    "driverVer": 13000, "cudaDeviceId": 0, "maxGridSize": [2147483647, 65535, 65535],
    "maxBlockSize": [1024, 1024, 64], "regsPerBlock": 65536, "multiProcessorCount": 132,
    "warpSize": 32, "maxSharedMemoryPerBlock": 49152, "maxSharedMemoryPerBlockOptin": 232448,
    "reservedSharedMemoryPerBlock": 1024, "maxRegistersPerSM": 65536, "maxCtasPerSM": 32,
    "maxThreadsPerBlock": 1024, "maxThreadsPerSM": 2048, "pciDeviceId": 0, "isTccDriver": 0,
    "supportCoopLaunch": 1, "totalGlobalMem": 84929347584, "smClockRateKHz": 1980000,
    "memClockRateKHz": 2619000, "l2CacheSize": 52428800})"));
}

/// Of the network 18x54 with a batch of 64; its 54 channels are stored as 56.
PointwiseShape shape(bool norm, bool relu, bool sums) {
  return {64, 32, 32, 56, 56, norm, relu, sums};
}

/// The engines for these graphs are compiled when a plan is made, by what the driver's library has;
/// the toolkit's stub of it has all but a GPU to load the result.
bool driver_library_is_there() {
  if (::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_GLOBAL) != nullptr) return true;
#ifdef NASCENT_CUDA_STUB
  if (::dlopen(NASCENT_CUDA_STUB, RTLD_LAZY | RTLD_GLOBAL) != nullptr) return true;
#endif
  return false;
}

/// Empty where a plan was made; why not, else.
std::string refusal(const PointwiseShape& shape, bool tensor_cores) {
  return message_of<CudnnError>([&] { CudnnPlan(CudnnGraph(shape), h100(), tensor_cores); });
}

TEST(CudnnGraph, IsMadeWithAndWithoutWhatStandsAroundTheProduct) {
  for (const bool norm : {false, true})
    for (const bool relu : {false, true})
      for (const bool sums : {false, true})
        EXPECT_NO_THROW(CudnnGraph{shape(norm, relu, sums)})
            << "norm " << norm << ", relu " << relu << ", sums " << sums;
}

TEST(CudnnGraph, RefusesAMapWithoutPixelsInCudnnsWords) {
  EXPECT_THAT(message_of<CudnnError>([] {
                CudnnGraph({64, 0, 32, 56, 56, true, true, true});
              }),
              HasSubstr("cuDNN cannot describe an operation: CUDNN_STATUS_BAD_PARAM"));
}

TEST(CudnnPlan, OfTheProductAloneIsMadeForAGpuThatIsNotHere) {
  const CudnnPlan plan(CudnnGraph(shape(false, false, false)), h100(), true);
  EXPECT_GE(plan.workspace(), 0);
}

TEST(CudnnPlan, OfTheWholePatternIsCompiledForAnH100) {
  if (!driver_library_is_there())
    GTEST_SKIP() << "neither a driver nor the CUDA Toolkit's stub of its library is here";
  // The network's own, whose rectifier comes before the depthwise convolution, and with everything.
  for (const PointwiseShape& pattern : {shape(false, false, true), shape(true, true, true)}) {
    const std::string reason = refusal(pattern, true);
    if (reason.empty()) continue;
    // Loading what was compiled is all that needs a GPU.
    EXPECT_THAT(reason, HasSubstr("cuLibraryLoadData"));
  }
}

TEST(CudnnPlan, IsNotMadeWhereFactorsMustNotBeRounded) {
  EXPECT_THAT(refusal(shape(true, true, true), false),
              HasSubstr("it knows none that keeps single precision"));
}

/// On a GPU, against LibTorch's own operations in double precision.
TEST(CudnnPointwise, GivesTheProductAndItsSums) {
  if (!at::hasCUDA()) GTEST_SKIP() << "this machine has no GPU";
  ::setenv("NASCENT_CUDA_CUDNN", "check", 1);
  at::globalContext().setAllowTF32CuBLAS(true);
  const auto options = at::TensorOptions(at::kCUDA).dtype(at::kFloat);
  const at::Tensor x = at::randn({3 * 8 * 8, 56}, options), w = at::randn({64, 56}, options),
                   scale = at::rand({56}, options), shift = at::randn({56}, options);
  at::Tensor y = at::empty({3 * 8 * 8, 64}, options), sums = at::empty({2, 64}, options);
  const auto map = [](const at::Tensor& rows) {
    const int channels = static_cast<int>(rows.size(1));
    return Map{rows.mutable_data_ptr<float>(), 3, 8, 8, channels, channels};
  };
  for (const bool norm : {false, true}) {
    Norm reads;
    if (norm)
      reads = {scale.const_data_ptr<float>(), shift.const_data_ptr<float>(), nullptr, nullptr,
               true};
    ASSERT_TRUE(CudnnPointwise(0).run(map(x), reads, w.const_data_ptr<float>(), map(y),
                                      sums.mutable_data_ptr<float>()));
    const at::Tensor read =
        norm ? (x.to(at::kDouble) * scale + shift).clamp_min(0) : x.to(at::kDouble);
    const at::Tensor exact = read.mm(w.to(at::kDouble).t());
    EXPECT_LT((y - exact).abs().max().item<double>(), 5e-3 * exact.abs().max().item<double>());
    EXPECT_LT((sums[0] - y.to(at::kDouble).sum(0)).abs().max().item<double>(), 1e-2);
    EXPECT_LT((sums[1] - y.to(at::kDouble).square().sum(0)).abs().max().item<double>(), 2);
  }
  EXPECT_EQ(Verdicts::of(FastPart::cudnn, 0), Verdict::passed);
  ::unsetenv("NASCENT_CUDA_CUDNN");
}

#else

TEST(CudnnGraph, NeedsCudnn) { GTEST_SKIP() << "built without cuDNN: cmake --preset cuda"; }

#endif

}  // namespace
}  // namespace nascent::cuda
