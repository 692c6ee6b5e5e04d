// error: nascent: the width of this literal, its w, is not from 1 to the space.s `width.max`
#include <nascent/space/literal.hpp>
#include <nascent/space/sep_conv_space.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
const auto architecture = literal<tiny(), "d10 w100 ops=ssscsscsss kernels=3353335333">();
#else
const auto architecture = literal<mobile(), "d10 w100 ops=ssscsscsss kernels=3353335333">();
#endif
