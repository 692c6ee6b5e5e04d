#include <cstdio>
#include <nascent/cuda/chain_kernels.hpp>
#include <nascent/cuda/fast_mode.hpp>
#include <nascent/train/device.hpp>

#ifndef NASCENT_CUDA
#error "nascent_enable_cuda(app) must define NASCENT_CUDA"
#endif

int main() {
  // Called where there is a GPU; elsewhere that it is linked is all there is to see.
  const nascent::Device device("auto");
  if (!device.is_cpu()) nascent::cuda::chain_kernels(nullptr);
  std::printf("%s\n", device.type().c_str());
  return nascent::cuda::fast_mode() == nascent::cuda::FastMode::on ? 0 : 1;
}
