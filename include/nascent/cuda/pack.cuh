#pragma once

#include "nascent/cuda/maps.hpp"
#include "nascent/cuda/portable.cuh"

namespace nascent::cuda {

/// Copies all matrices of a network into their buffer, or back.
template <bool Back>
struct Pack {
  static constexpr int kThreads = 256, kPhases = 1, kBlocks = 8;  // blocks of a matrix
  struct Shared {};

  const Packing* packings;
  float *flat, *packed;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared&, Place place) const {
    const Packing p = packings[place.block / kBlocks];
    const int size = p.rows * p.columns;
    for (int i = place.block % kBlocks * kThreads + place.thread; i < size;
         i += kBlocks * kThreads) {
      float& one = flat[p.flat + i];
      float& other = packed[p.packed + i / p.columns * p.stride + i % p.columns];
      if constexpr (Back)
        one = other;
      else
        other = one;
    }
  }
};

}  // namespace nascent::cuda
