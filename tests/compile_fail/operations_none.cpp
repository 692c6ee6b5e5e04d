// error: nascent: Operations needs at least one type
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Operations<> operations;
#else
Operations<Conv> operations;
#endif
