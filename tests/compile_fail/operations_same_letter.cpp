// error: nascent: two of your Operations have the same letter
#include <nascent/core.hpp>

using namespace nascent;

struct Mine : Conv {
#ifdef NASCENT_COMPILE_FAIL
  static constexpr char letter = 'c';
#else
  static constexpr char letter = 'm';
#endif
};

Operations<SeparableConv, Conv, Mine> operations;
