#pragma once

#include "nascent/cuda/maps.hpp"

namespace nascent::cuda {

/// A pointwise convolution together with what stands in front of it and the sums that the next
/// batch norm needs, by a library: cudnn_pointwise.hpp.
class FusedPointwise {
 public:
  virtual ~FusedPointwise() = default;

  /// to = conv1x1(relu(norm(in))), and over all its pixels the sums of its numbers and of their
  /// squares, [2][to.stride]. Rows take part as long as they are, `norm`'s too; `weight` is
  /// [to.stride, in.stride]. False where it cannot: then both are left to be computed otherwise.
  virtual bool run(const Map& in, const Norm& norm, const float* weight, const Map& to,
                   float* sums) = 0;
};

}  // namespace nascent::cuda
