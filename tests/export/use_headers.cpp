// Loads two exported headers and compares their logits with those in cases.safetensors; see
// torch_exports_test.cpp.
#include <cstdio>
#include <exception>
#include <string>

#include "pixels_cell.hpp"
#include "pixels_chain.hpp"
#include "plain_cell.hpp"
#include "plain_chain.hpp"

/// The largest difference.
template <class Network>
float check(const std::string& directory, const std::string& name, const std::string& input,
            int channels, int classes) {
  Network network;
  network->load(directory + "/" + name + ".safetensors");
  network->eval();
  float difference = 0;
  const plain_chain::Weights cases(directory + "/cases.safetensors");
  const int extents[][2] = {{32, 32}, {28, 28}, {24, 40}};
  for (int k = 0; k < 3; ++k) {
    torch::Tensor images = torch::empty({2 * k + 1, channels, extents[k][0], extents[k][1]});
    torch::Tensor logits = torch::empty({2 * k + 1, classes});
    cases.read(input + "." + std::to_string(k), images);
    cases.read("logits." + std::to_string(k), logits);
    difference =
        std::max(difference, at::abs(network(images) - logits).max().template item<float>());
  }
  return difference;
}

int main(int, char** argv) {
  const torch::NoGradGuard guard;
  const float chain =
      std::max(check<plain_chain::Network>(argv[1], "plain_chain", "images", 1, 10),
               check<pixels_chain::Network>(argv[1], "pixels_chain", "pixels", 1, 10));
  const float cell = std::max(check<plain_cell::Network>(argv[2], "plain_cell", "images", 3, 7),
                              check<pixels_cell::Network>(argv[2], "pixels_cell", "pixels", 3, 7));
  try {
    plain_chain::Network()->load(std::string(argv[2]) + "/plain_cell.safetensors");
    return 2;
  } catch (const std::exception& error) {
    std::printf("other weights: %s\n", error.what());
  }
  std::printf("%s: LibTorch, largest differences %.2g (chain), %.2g (cell)\n",
              plain_cell::kClasses[1].c_str(), chain, cell);
  return chain < 1e-5F && cell < 1e-5F ? 0 : 1;
}
