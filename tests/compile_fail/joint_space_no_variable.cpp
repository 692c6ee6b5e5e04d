// error: nascent: JointSpace needs a variable after the space
#include <nascent/core.hpp>

using namespace nascent;

struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  double value(int index) const { return index; }
};

#ifdef NASCENT_COMPILE_FAIL
JointSpace<SepConvSpace> space;
#else
JointSpace<SepConvSpace, Mine> space;
#endif
