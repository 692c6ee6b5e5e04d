// The kernels as functions for sources that a host compiler compiles; nascent_enable_cuda(target)
// brings their definitions (kernels.cu). All are asynchronous, on `stream`.
#pragma once

#include <cstdint>

#include "nascent/cuda/step.hpp"

struct CUstream_st;  // CUDA's own name for what a cudaStream_t points to

namespace nascent::cuda {

using Stream = CUstream_st*;

/// Writes images `order`[begin ...] as a batch; `order` null: begin, begin + 1, ...; begin -1: it
/// follows from `at->step` and the images of a full step, `batch`.
void make_batch(const ResidentImages& from, const int* order, const StepState* at, int begin,
                int batch, const AugmentOptions& options, const BatchView& to, Stream stream);

/// One step of clipped SGD with momentum and weight decay at the learning rate rates[at->step];
/// writes norms[at->step], the gradient's L2 norm before clipping; `partial` has room for
/// kPartialSums numbers.
void sgd_step(const FlatNetwork& network, const SgdOptions& options, double* partial,
              const double* rates, double* norms, const StepState* at, Stream stream);

/// Adds right answers to `at->correct`, writes losses[at->step] if there is a loss, and moves
/// `at->step` on.
void count_answers(const float* logits, const std::int64_t* labels, int images, int classes,
                   const float* loss, double* losses, StepState* at, Stream stream);

}  // namespace nascent::cuda
