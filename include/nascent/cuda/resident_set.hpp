#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstdint>

#include "nascent/cuda/step.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/data/normalizer.hpp"

namespace nascent::cuda {

/// A tensor on the device of `values`' copy; the copy is complete when this returns.
template <class Value>
at::Tensor on_device(const Value* values, std::int64_t count, at::ScalarType type,
                     at::Device device) {
  return at::from_blob(const_cast<Value*>(values), {count}, type).to(device);
}

/// All of an image set in the memory of a device, as bytes.
class ResidentSet {
 public:
  ResidentSet(const ImageSet& images, const Normalizer& normalizer, at::Device device)
      : shape_(images.image),
        size_(images.size()),
        pixels_(
            on_device(images.pixels.data(), std::int64_t(images.pixels.size()), at::kByte, device)),
        labels_(on_device(images.labels.data(), images.size(), at::kInt, device).to(at::kLong)) {
    at::Tensor table = at::empty({shape_.channels, 256}, at::kFloat);
    for (int c = 0; c < shape_.channels; ++c)
      std::ranges::copy(normalizer.table(c), table.mutable_data_ptr<float>() + c * 256);
    table_ = table.to(device);
  }

  ResidentImages view() const {
    return {pixels_.const_data_ptr<std::uint8_t>(),
            labels_.const_data_ptr<std::int64_t>(),
            table_.const_data_ptr<float>(),
            shape_.channels,
            shape_.height,
            shape_.width};
  }

  Shape shape() const { return shape_; }
  int size() const { return size_; }

 private:
  Shape shape_;
  int size_;
  at::Tensor pixels_, labels_, table_;
};

}  // namespace nascent::cuda
