// error: nascent: this JointSpace has no such variable
#include <nascent/core.hpp>

using namespace nascent;

struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  double value(int index) const { return index; }
};

JointSpace<SepConvSpace, Mine>::Architecture architecture{Architecture(10, 64)};
#ifdef NASCENT_COMPILE_FAIL
int chosen = architecture.choice<Depth<>>();
#else
int chosen = architecture.choice<Mine>();
#endif
