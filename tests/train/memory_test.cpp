#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "nascent/space/random.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/trainer.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

/// Largest resident memory of this process so far, kilobytes.
std::int64_t peak() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
  return 0;
}

TEST(Memory, StaysBoundedOverManyDifferentCandidates) {
  if (peak() == 0) GTEST_SKIP() << "this system does not tell how much memory a process has";
  SepConvSpace space;
  space.depth = {.min = 3, .max = 6};
  space.width = {.min = 4, .max = 24, .step = 1};
  space.fit_to({{1, 20, 20}, 4});
  const ImageSet images = toy_images(16);
  const Trainer trainer(PaperRecipe{.batch = 16}, Normalizer(std::vector{.3}, std::vector{.3}),
                        true);
  Random random(1);
  Monitor monitor;
  std::int64_t after_20 = 0;
  for (int k = 0; k < 200; ++k) {
    // The largest first, so that what follows has no reason to need more.
    const Architecture architecture = k == 0 ? Architecture(6, 24, {'c', 5}) : space.sample(random);
    Network network(space.describe(architecture), 1);
    trainer.train(network, images, images, 2, 1, monitor);
    if (k == 19) after_20 = peak();
  }
  EXPECT_LE(static_cast<double>(peak()), 1.5 * static_cast<double>(after_20));
}

}  // namespace
}  // namespace nascent
