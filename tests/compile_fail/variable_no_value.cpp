// error: nascent: your Variable needs `value.int index. const`
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  void value(int) const {}
};
#else
struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  double value(int index) const { return index; }
};
#endif

JointSpace<SepConvSpace, Mine> space;
