// Kernel bodies as plain C++: the GPU runs them as kernels, the host in a loop over blocks and
// threads, so that every body is tested where there is no GPU.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#if defined(__CUDACC__)
#include <cuda_runtime.h>
#define NASCENT_HOST_DEVICE __host__ __device__
#define NASCENT_UNROLL _Pragma("unroll")
#else
#define NASCENT_HOST_DEVICE
#define NASCENT_UNROLL
#endif

namespace nascent::cuda {

/// Which thread of which block runs.
struct Place {
  int block, blocks, thread;
};

NASCENT_HOST_DEVICE inline double square_root(double x) {
#if defined(__CUDA_ARCH__)
  return ::sqrt(x);
#else
  return __builtin_sqrt(x);
#endif
}

/// Between two phases of a body all threads of a block wait for each other.
template <int Number>
using Phase = std::integral_constant<int, Number>;

// A body is a struct with
//   static constexpr int kThreads, kPhases;      threads of a block, phases
//   struct Shared;                               trivial: what the threads of a block share
//   void operator()(Phase<I>, Shared&, Place) const;   for each phase; NASCENT_HOST_DEVICE
// Nothing but Shared and global memory lives on from one phase to the next.

/// Block after block, phase after phase, thread after thread.
template <class Body>
void run_on_host(const Body& body, int blocks) {
  const auto shared = std::make_unique<typename Body::Shared>();
  for (int block = 0; block < blocks; ++block) [&]<int... I>(std::integer_sequence<int, I...>) {
      const auto run = [&](auto phase) {
        for (int thread = 0; thread < Body::kThreads; ++thread)
          body(phase, *shared, Place{block, blocks, thread});
      };
      (run(Phase<I>{}), ...);
    }
  (std::make_integer_sequence<int, Body::kPhases>{});
}

#if defined(__CUDACC__)

template <class Body, int Number = 0>
__device__ void run_phases(const Body& body, typename Body::Shared& shared, Place place) {
  if constexpr (Number < Body::kPhases) {
    if constexpr (Number > 0) __syncthreads();
    body(Phase<Number>{}, shared, place);
    run_phases<Body, Number + 1>(body, shared, place);
  }
}

template <class Body>
__global__ void __launch_bounds__(Body::kThreads) run_on_device(const Body body) {
  __shared__ typename Body::Shared shared;
  run_phases(body, shared, Place{int(blockIdx.x), int(gridDim.x), int(threadIdx.x)});
}

/// Asynchronously; errors show at the caller's next check of the stream.
template <class Body>
void launch(const Body& body, int blocks, cudaStream_t stream) {
  run_on_device<<<blocks, Body::kThreads, 0, stream>>>(body);
}

#endif

}  // namespace nascent::cuda
