// The kernels of a chain of convolutions, as sources for a host compiler see them.
#pragma once

#include <cstdint>
#include <memory>

#include "nascent/cuda/kernels.hpp"
#include "nascent/cuda/maps.hpp"

namespace nascent::cuda {

/// Each is asynchronous and reads through the batch norm and the rectifier in front of a map. Sums
/// are taken in an order that depends on the shapes alone.
class ChainKernels {
 public:
  virtual ~ChainKernels() = default;

  /// out = depthwise(relu(norm(in))); the rest of a longer row of `out` becomes 0.
  virtual void depthwise(const Map& in, const Norm& norm, const Depthwise& d, const Map& out) = 0;

  /// to = the gradient of norm(in), given that of the depthwise convolution's output; `sums` as
  /// `finish_norm_gradient` needs them, unless its values are null.
  virtual void depthwise_input_gradient(const Map& gradient, const Depthwise& d, const Map& in,
                                        const Norm& norm, const Map& to, const PairSums& sums) = 0;

  /// to[channels, kernel, kernel] = the gradient of the weight; `partial` has room for kMostRows
  /// times as many numbers.
  virtual void depthwise_weight_gradient(const Map& gradient, const Map& in, const Norm& norm,
                                         const Depthwise& d, float* partial, float* to) = 0;

  /// The numbers of a batch norm over `map` in training, which moves its running statistics:
  /// momentum 0.1, epsilon 1e-5, unbiased running variance.
  virtual void batch_norm(const Map& map, const PairSums& sums, const NormNumbers& numbers) = 0;

  /// The same from sums over `count` pixels that are there already, perhaps of more channels.
  virtual void batch_norm(int channels, const PairSums& sums, std::int64_t count,
                          const NormNumbers& numbers) = 0;

  /// The same in evaluation, from the running statistics.
  virtual void batch_norm(int channels, const NormNumbers& numbers) = 0;

  /// Gradients of a batch norm's weight and bias, and what `through_norm` needs, from the sums over
  /// `count` pixels.
  virtual void finish_norm_gradient(const PairSums& sums, std::int64_t count,
                                    const NormGradients& to) = 0;

  /// to = the gradient of `in`, given that of norm(in); the rest of a longer row becomes 0.
  virtual void through_norm(const Map& gradient, const Map& in, const Norm& norm,
                            const NormGradients& means, const Map& to) = 0;

  /// to = relu(norm(in))
  virtual void activate(const Map& in, const Norm& norm, const Map& to) = 0;

  /// to = the gradient of norm(in), given that of relu(norm(in)), or, with one pixel an image, of
  /// its mean over all pixels; sums as those of `depthwise_input_gradient`.
  virtual void through_relu(const Map& gradient, const Map& in, const Norm& norm, const Map& to,
                            const PairSums& sums) = 0;

  /// Copies `count` matrices from the flat parameters into a buffer.
  virtual void pack(const Packing* packings, int count, const float* flat, float* packed) = 0;

  /// The same back.
  virtual void unpack(const Packing* packings, int count, const float* packed, float* flat) = 0;

  /// to[images, channels] = the mean of relu(norm(in)) over the pixels.
  virtual void pool(const Map& in, const Norm& norm, float* to) = 0;
};

/// On a GPU; nascent_enable_cuda(target) brings the definition.
std::unique_ptr<ChainKernels> chain_kernels(Stream stream);

}  // namespace nascent::cuda
