// error: nascent: this literal has an operation that the space does not know
#include <nascent/space/literal.hpp>
#include <nascent/space/sep_conv_space.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
const auto architecture = literal<tiny(), "d10 w16 ops=sssxsscsss kernels=3353335333">();
#else
const auto architecture = literal<tiny(), "d10 w16 ops=ssscsscsss kernels=3353335333">();
#endif
