// error: nascent: the depth of this literal, its d, lies outside the space.s `depth.min`
#include <nascent/space/literal.hpp>
#include <nascent/space/sep_conv_space.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
const auto architecture = literal<tiny(), "d4 w16 ops=sssc kernels=3335">();
#else
const auto architecture =
    literal<SepConvSpace{{.depth = {4, 10}}}, "d4 w16 ops=sssc kernels=3335">();
#endif
