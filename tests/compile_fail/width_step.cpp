// error: nascent: Width<Min, Max, Step> needs 1 <= Min <= Max and a Step of at least 1
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Width<16, 64, 0> width;
#else
Width<16, 64, 2> width;
#endif
