// error: nascent: the sizes of Kernels are odd and below 10
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Kernels<3, 4> kernels;
#else
Kernels<3, 5> kernels;
#endif
