// error: nascent: Depth<Min, Max> needs 1 <= Min <= Max
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Depth<20, 10> depth;
#else
Depth<10, 20> depth;
#endif
