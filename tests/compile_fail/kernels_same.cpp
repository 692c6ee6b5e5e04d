// error: nascent: the sizes of Kernels must differ
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Kernels<3, 5, 3> kernels;
#else
Kernels<3, 5, 7> kernels;
#endif
