// SeparableConv, Conv: what a layer may compute; parameters and multiply-adds follow from the
// description.
//   ssssssssss: 23610 parameters
//   cccccccccc: 163658 parameters
#include "policies.hpp"

using namespace nascent;

void show_operations() {
  const SepConvSpace space = tiny();
  for (const Architecture& net : {Architecture(10, 16, {'s', 3}), Architecture(10, 16, {'c', 3})})
    std::printf("%s: %lld parameters\n", operations_of(net).c_str(),
                static_cast<long long>(space.parameters(net)));
}
