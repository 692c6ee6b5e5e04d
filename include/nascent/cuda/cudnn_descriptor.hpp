// What cuDNN's graph API is written with. Needs cuDNN 9.8.
#pragma once

#include <cudnn_graph.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if CUDNN_VERSION < 90800
#error "Nascent's path through cuDNN needs cuDNN 9.8 or newer"
#endif

namespace nascent::cuda {

/// What cuDNN refused, and why, in its words.
struct CudnnError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

/// Throws CudnnError for anything but success; `what` completes "cuDNN cannot ...".
inline void check_cudnn(cudnnStatus_t status, const std::string& what) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  std::array<char, 512> words{};
  cudnnGetLastErrorString(words.data(), words.size());
  std::string why = words.data();
  why = why.substr(0, why.find('\n'));
  throw CudnnError("cuDNN cannot " + what + ": " + cudnnGetErrorString(status) +
                   (why.empty() ? "" : ", " + why));
}

/// How cuDNN calls a type.
template <class Value>
constexpr cudnnBackendAttributeType_t cudnn_type() {
  if constexpr (std::same_as<Value, std::int64_t>) return CUDNN_TYPE_INT64;
  if constexpr (std::same_as<Value, std::int32_t>) return CUDNN_TYPE_INT32;
  if constexpr (std::same_as<Value, bool>) return CUDNN_TYPE_BOOLEAN;
  if constexpr (std::same_as<Value, float>) return CUDNN_TYPE_FLOAT;
  if constexpr (std::same_as<Value, char>) return CUDNN_TYPE_CHAR;
  if constexpr (std::same_as<Value, void*>) return CUDNN_TYPE_VOID_PTR;
  if constexpr (std::same_as<Value, cudnnHandle_t>) return CUDNN_TYPE_HANDLE;
  if constexpr (std::same_as<Value, cudnnDataType_t>) return CUDNN_TYPE_DATA_TYPE;
  if constexpr (std::same_as<Value, cudnnConvolutionMode_t>) return CUDNN_TYPE_CONVOLUTION_MODE;
  if constexpr (std::same_as<Value, cudnnPointwiseMode_t>) return CUDNN_TYPE_POINTWISE_MODE;
  if constexpr (std::same_as<Value, cudnnGenStatsMode_t>) return CUDNN_TYPE_GENSTATS_MODE;
  if constexpr (std::same_as<Value, cudnnBackendHeurMode_t>) return CUDNN_TYPE_HEUR_MODE;
  if constexpr (std::same_as<Value, cudnnBackendNumericalNote_t>) return CUDNN_TYPE_NUMERICAL_NOTE;
}

}  // namespace detail

/// One descriptor: its attributes are set, then it is finished and changes no more.
class CudnnDescriptor {
 public:
  explicit CudnnDescriptor(cudnnBackendDescriptorType_t type) {
    detail::check_cudnn(cudnnBackendCreateDescriptor(type, &descriptor_), "make a descriptor");
  }
  ~CudnnDescriptor() {
    if (descriptor_ != nullptr) cudnnBackendDestroyDescriptor(descriptor_);
  }
  CudnnDescriptor(CudnnDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, nullptr)) {}
  CudnnDescriptor(const CudnnDescriptor&) = delete;
  CudnnDescriptor& operator=(const CudnnDescriptor&) = delete;

  template <class Value>
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, std::span<const Value> values) {
    return set(name, detail::cudnn_type<Value>(), values.size(), values.data());
  }
  template <class Value>
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const std::vector<Value>& values) {
    return set(name, std::span<const Value>(values));
  }
  template <class Value>
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const Value& value) {
    return set(name, std::span<const Value>(&value, 1));
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const CudnnDescriptor& other) {
    return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &other.descriptor_);
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name,
                       std::span<const cudnnBackendDescriptor_t> others) {
    return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, others.size(), others.data());
  }

  /// `what` completes "cuDNN cannot ..." where it refuses.
  CudnnDescriptor& finish(const std::string& what) {
    detail::check_cudnn(cudnnBackendFinalize(descriptor_), what);
    return *this;
  }

  /// Of an attribute with any number of values.
  template <class Value>
  std::vector<Value> get(cudnnBackendAttributeName_t name) const {
    std::vector<Value> values(count(name, detail::cudnn_type<Value>()));
    std::int64_t given = 0;
    detail::check_cudnn(
        cudnnBackendGetAttribute(descriptor_, name, detail::cudnn_type<Value>(),
                                 std::int64_t(values.size()), &given, values.data()),
        "read an attribute");
    values.resize(std::size_t(given));
    return values;
  }

  /// Of an attribute whose values are descriptors of this type.
  std::vector<CudnnDescriptor> get(cudnnBackendAttributeName_t name,
                                   cudnnBackendDescriptorType_t type) const {
    std::vector<CudnnDescriptor> values;
    std::vector<cudnnBackendDescriptor_t> raw;
    for (std::size_t i = count(name, CUDNN_TYPE_BACKEND_DESCRIPTOR); i > 0; --i)
      raw.push_back(values.emplace_back(type).descriptor_);
    std::int64_t given = 0;
    detail::check_cudnn(cudnnBackendGetAttribute(descriptor_, name, CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                                 std::int64_t(raw.size()), &given, raw.data()),
                        "read an attribute");
    while (std::int64_t(values.size()) > given) values.pop_back();
    return values;
  }

  /// For cuDNN's own functions.
  cudnnBackendDescriptor_t raw() const { return descriptor_; }

 private:
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                       std::size_t count, const void* values) {
    detail::check_cudnn(
        cudnnBackendSetAttribute(descriptor_, name, type, std::int64_t(count), values),
        "set an attribute");
    return *this;
  }

  std::size_t count(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) const {
    std::int64_t available = 0;
    detail::check_cudnn(cudnnBackendGetAttribute(descriptor_, name, type, 0, &available, nullptr),
                        "count an attribute");
    return std::size_t(available);
  }

  cudnnBackendDescriptor_t descriptor_ = nullptr;
};

}  // namespace nascent::cuda
