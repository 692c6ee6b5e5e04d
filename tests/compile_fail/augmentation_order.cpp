// error: nascent: your Augment<...> needs its steps on bytes before those on normalised numbers
#include <nascent/data/augment/augment.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
using Mine = Augment<Cutout<>, HorizontalFlip>;
#else
using Mine = Augment<HorizontalFlip, Cutout<> >;
#endif

Mine augment;
