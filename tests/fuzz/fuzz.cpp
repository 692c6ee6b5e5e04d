// One fuzzer: NASCENT_FUZZ_TARGET is the name of a function in fuzz_targets.hpp.
#include "fuzz_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nascent::fuzz::NASCENT_FUZZ_TARGET({data, size});
  return 0;
}
