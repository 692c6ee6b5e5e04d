// error: nascent: Kernels needs at least one size
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Kernels<> kernels;
#else
Kernels<3> kernels;
#endif
