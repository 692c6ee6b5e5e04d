// error: nascent: argument 2 of ChainSpace is the width and needs `int min, max, step`
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
ChainSpace<Width<8, 16, 2>, Depth<4, 9>, Operations<SeparableConv, Conv>, Kernels<3, 5>> space;
#else
ChainSpace<Depth<4, 9>, Width<8, 16, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5>> space;
#endif
