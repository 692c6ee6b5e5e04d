// error: nascent: your augmentation step needs `void operator...ImageView<std::uint8_t> image,
// Random& random. const`
#include <nascent/data/augment/augment.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  void operator()(ImageView<std::uint8_t>) const {}
};
#else
struct Mine {
  void operator()(ImageView<std::uint8_t>, Random&) const {}
};
#endif

Augment<Mine, HorizontalFlip> augment;
