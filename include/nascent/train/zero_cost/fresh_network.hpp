// What zero-cost proxies share: the network as initialised, its batch, its weights.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nascent/operation/network_description.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/loss/cross_entropy.hpp"
#include "nascent/train/named_tensors.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/tensor_operators.hpp"

namespace nascent::zero_cost {

/// A network as its seed initialises it, and the batch that it is scored on.
struct FreshNetwork {
  const NetworkDescription& description;  ///< outlives this
  std::uint64_t seed;                     ///< of its weights
  ImageBatch batch;                       ///< on the device that computes

  /// Differentiated by LibTorch down to the images, in either precision.
  Network make(at::ScalarType precision = at::kFloat) const {
    return Network(description, seed, batch.images.device(), MemoryLayout::nchw, precision);
  }
};

/// The weights of convolutions and linear layers, without biases and batch norms, as views of
/// `flat`: the parameters of a network, or their gradients.
inline std::vector<at::Tensor> weights(const NetworkDescription& description,
                                       const at::Tensor& flat) {
  std::vector<at::Tensor> found;
  for (const NamedTensor& tensor : named_parameters(description, flat))
    if (tensor.values.dim() > 1) found.push_back(tensor.values);
  return found;
}

/// Sum over all weights of |weight x its gradient|.
inline double saliency(const NetworkDescription& description, Network& network) {
  const std::vector<at::Tensor> values = weights(description, network.flat_parameters());
  const std::vector<at::Tensor> gradients = weights(description, network.flat_gradients());
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += (values[i] * gradients[i]).abs().sum(at::kDouble).item<double>();
  return sum;
}

/// Sets the network's gradients to those of the mean cross entropy, batch norm by the batch.
inline void differentiate_loss(Network& network, const ImageBatch& batch) {
  const at::AutoGradMode gradients(true);
  at::Tensor logits = network.forward(batch.images, true);
  logits.requires_grad_(true);
  CrossEntropy{}(logits, batch.labels).backward();
  network.backward(logits.grad());
}

}  // namespace nascent::zero_cost
