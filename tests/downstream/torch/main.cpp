#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>
#include <nascent/torch.hpp>

int main() { return at::ones({3}).sum().item<float>() == 3.0f ? 0 : 1; }
