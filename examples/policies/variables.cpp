// Depth, Width, Operations, Kernels: what varies in a ChainSpace; the first value is where a search
// starts.
//   91 depths from 10, 25 widths from 64
//   operations 's' (separable convolution), 'c' (plain convolution); kernels 3, 5
#include "policies.hpp"

using namespace nascent;

void show_variables() {
  const Depth<10, 100> depth;
  const Width<16, 64, 2> width;
  std::printf("%d depths from %d, %d widths from %d\n", depth.count(), depth.value(0),
              width.count(), width.value(0));
  std::printf("operations %s; kernels %s\n", Operations<SeparableConv, Conv>::listed().c_str(),
              Kernels<3, 5>::listed().c_str());
}
