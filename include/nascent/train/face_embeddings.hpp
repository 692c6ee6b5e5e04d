// What a trained network makes of faces.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include <cstddef>
#include <vector>

#include "nascent/data/image_set.hpp"
#include "nascent/face/embeddings.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/face_training.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/precision.hpp"

namespace nascent {

/// Embeddings of length 1 of images, each fused with its mirror image: the direction of the sum of
/// both, with their lengths (`fuse`). [images, numbers], on the CPU.
inline at::Tensor face_embeddings(Network& network, const ImageSet& images,
                                  const Normalizer& normalizer) {
  constexpr int kAtOnce = 100;
  const at::NoGradGuard guard;
  const Products exact = network.products();
  std::vector<at::Tensor> parts;
  for (int begin = 0; begin < images.size(); begin += kAtOnce) {
    const at::Tensor part =
        evaluation_batch(images, normalizer, begin, kAtOnce, network.device()).images;
    parts.push_back(network.forward(part, false) + network.forward(part.flip({3}), false));
  }
  return as_embeddings(at::cat(parts)).embeddings.cpu();
}

/// A matrix [images, numbers] as the protocols take it.
inline Embeddings embeddings_of(const at::Tensor& vectors) {
  const at::Tensor rows = vectors.contiguous();
  const float* values = rows.const_data_ptr<float>();
  return {static_cast<int>(rows.size(1)), std::vector<float>(values, values + rows.numel())};
}

}  // namespace nascent
