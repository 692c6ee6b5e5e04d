// error: nascent: your augmentation step has an `output` and so needs
#include <nascent/data/augment/augment.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  Shape output(Shape raw) const { return raw; }
  void operator()(ImageView<std::uint8_t>, Random&) const {}
};
#else
struct Mine {
  Shape output(Shape raw) const { return raw; }
  void operator()(ImageView<const std::uint8_t>, ImageView<std::uint8_t>, Random&) const {}
};
#endif

Augment<Mine> augment;
