// RandomCrop, HorizontalFlip, Cutout: the steps of the paper's augmentation, and the shape they
// give.
//   32 x 32
#include <nascent/data/augment/augment.hpp>

#include "policies.hpp"

using namespace nascent;

void show_augmentations() {
  const Augment<RandomCrop<32, 4>, HorizontalFlip, Cutout<8>> augment;
  const Shape shape = augment.output({1, 28, 28});
  std::printf("%d x %d\n", shape.height, shape.width);
}
