// error: nascent: your Space needs `using Architecture = ...;`
#include <nascent/core.hpp>

using namespace nascent;

struct Mine {
  static constexpr std::string_view name = "mine";
  int count() const { return 2; }
  double value(int index) const { return index; }
};

#ifdef NASCENT_COMPILE_FAIL
JointSpace<Depth<>, Mine> space;
#else
JointSpace<SepConvSpace, Mine> space;
#endif
