#pragma once

#include <ATen/ops/logdet.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>

#include "nascent/train/tensor_operators.hpp"
#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// Log-determinant of the matrix that says in how many rectifiers' values two images agree on being
/// above 0, batch norm by the batch (Mellor et al. 2021, arXiv 2006.04647v3, section 3).
/// Minus infinity where two images agree throughout.
inline double naswot(const FreshNetwork& fresh) {
  Network network = fresh.make();
  const std::int64_t images = fresh.batch.size();
  at::Tensor agreeing = at::zeros({images, images}, fresh.batch.images.options());
  const at::NoGradGuard guard;
  network.observe(fresh.batch.images, true,
                  [&](const LayerDescription& layer, const at::Tensor& output) {
                    if (layer.kind != LayerKind::relu && layer.kind != LayerKind::prelu) return;
                    const at::Tensor on = output.flatten(1).gt(0).to(agreeing.dtype());
                    const at::Tensor off = 1 - on;
                    agreeing += at::matmul(on, on.t()) + at::matmul(off, off.t());
                  });
  return at::logdet(agreeing.to(at::kDouble)).item<double>();
}

}  // namespace nascent::zero_cost
