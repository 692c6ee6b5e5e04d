// SepConvSpace: the paper's; `tiny()` and `mobile()` are its two settings.
//   0.02 million parameters, 4.4 million multiply-adds
#include <nascent/space/literal.hpp>

#include "policies.hpp"

using namespace nascent;

void show_sep_conv_space() {
  const Architecture small = literal<tiny(), "d10 w16 ops=ssssssssss kernels=3333333333">();
  const auto million = [](std::int64_t count) { return 1e-6 * static_cast<double>(count); };
  std::printf("%.2f million parameters, %.1f million multiply-adds\n",
              million(tiny().parameters(small)), million(tiny().macs(small)));
}
