// error: nascent: a Constraint is `quantity <= bound` or `quantity >= bound`
#include <nascent/space/constrained.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Constraint constraint = objectives::parameters < 500'000;
#else
Constraint constraint = objectives::parameters <= 500'000;
#endif
