// error: nascent: your Variable needs `static constexpr std::string_view name`
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  int count() const { return 2; }
  double value(int index) const { return index; }
};
#else
struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  double value(int index) const { return index; }
};
#endif

JointSpace<SepConvSpace, Mine> space;
