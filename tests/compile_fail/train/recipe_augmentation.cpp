// error: nascent: your Augmentation, argument 3 of Recipe, needs to be `Augment<...>` around its
// steps
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
using Mine = HorizontalFlip;
#else
using Mine = Augment<HorizontalFlip>;
#endif

Recipe<Sgd, Cosine, Mine> recipe;
