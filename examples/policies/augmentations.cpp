// RandomCrop, HorizontalFlip, Cutout: the steps of the paper's augmentation, and the shape they
// give. RandomAffine, BrightnessContrast: those of faces, which keep it.
//   32 x 32, 28 x 28
#include <nascent/data/augment/augment.hpp>
#include <nascent/data/augment/brightness_contrast.hpp>
#include <nascent/data/augment/random_affine.hpp>

#include "policies.hpp"

using namespace nascent;

void show_augmentations() {
  const Augment<RandomCrop<32, 4>, HorizontalFlip, Cutout<8>> augment;
  const Shape shape = augment.output({1, 28, 28});
  const Augment<RandomAffine, BrightnessContrast> faces;
  const Shape face = faces.output({1, 28, 28});
  std::printf("%d x %d, %d x %d\n", shape.height, shape.width, face.height, face.width);
}
