// error: nascent: argument 3 of ChainSpace is `Operations<...>` around your operations
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
ChainSpace<Depth<4, 9>, Width<8, 16, 2>, Kernels<3, 5>, Operations<SeparableConv, Conv>> space;
#else
ChainSpace<Depth<4, 9>, Width<8, 16, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5>> space;
#endif
