// error: nascent: Repeat<k> needs k of at least 1
#include <nascent/ranker/repeat.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Repeat<0> ranker;
#else
Repeat<1> ranker;
#endif
