// The arithmetic of ChainNetwork, compiled once for each instruction set: kernels.hpp includes this
// file inside a namespace of its own, with NASCENT_LANES floats to a vector. Images are
// channels-last. No function of the standard library is called here: it would not be compiled for
// the instruction set.
//
// Channels that do not fill a whole number of vectors: the last vector of a pixel starts early and
// overlaps the one before, which is harmless where values are stored and not added. With fewer
// channels than one vector, loads reach beyond the pixel (every buffer has kSlack floats more than
// it needs) and stores are cut short.

#define NASCENT_INLINE inline __attribute__((always_inline))
#include "nascent/train/cpu/products.inl"
#include "nascent/train/cpu/depthwise.inl"
#include "nascent/train/cpu/layers.inl"

#undef NASCENT_INLINE
