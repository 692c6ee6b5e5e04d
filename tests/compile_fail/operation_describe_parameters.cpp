// error: nascent: your Operation needs `static void describe.NetworkBuilder& net, LayerTarget
// target
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  static constexpr char letter = 'm';
  static constexpr std::string_view name = "mine";
  static void describe(NetworkBuilder& net) { net.relu(); }
};
#else
struct Mine {
  static constexpr char letter = 'm';
  static constexpr std::string_view name = "mine";
  static void describe(NetworkBuilder& net, LayerTarget) { net.relu(); }
};
#endif

ChainSpace<Depth<>, Width<>, Operations<Mine>, Kernels<3>> space;
