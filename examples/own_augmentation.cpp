// An augmentation of your own: a step that changes the bytes of an image, among the paper's steps.
//   32x32, as many images, one of eight upside down: 106 of 1000
#include <cstdio>
#include <nascent/data/augment/augment.hpp>
#include <vector>

using namespace nascent;

struct VerticalFlip {
  int one_of = 8;  ///< images

  template <class Field>
  void options(Field&& field) const {
    field("vertical_flip", one_of);
  }

  void operator()(ImageView<std::uint8_t> image, Random& random) const {
    if (random.below(one_of) != 0) return;
    for (int c = 0; c < image.shape.channels; ++c)
      for (int y = 0; y < image.shape.height / 2; ++y)
        std::ranges::swap_ranges(image.row(c, y), image.row(c, image.shape.height - 1 - y));
  }
};

using Mine = Augment<RandomCrop<32, 4>, HorizontalFlip, VerticalFlip, Cutout<8>>;
// A recipe takes it: Trainer<Sgd, Cosine, Mine>, TorchEvaluator<Recipe<Sgd, Cosine, Mine>>.

int main() {
  const Mine mine;
  const Shape raw{1, 28, 28}, out = mine.output(raw);
  std::vector<std::uint8_t> image(784);
  for (std::size_t i = 0; i < 392; ++i) image[i] = 255;  // the upper half is white
  const Normalizer normalizer(std::vector{0.0}, std::vector{1.0});
  std::vector<float> values(static_cast<std::size_t>(out.size()));
  Mine::Workspace workspace;
  int turned = 0;
  for (int i = 0; i < 1000; ++i) {
    Random random = augmentation_stream(1, 0, i);
    mine({raw, image}, normalizer, random, values, workspace);
    double upper = 0, lower = 0;
    for (std::size_t k = 0; k < 1024; ++k) (k < 512 ? upper : lower) += values[k];
    turned += lower > upper;
  }
  std::printf("%dx%d, as many images, one of eight upside down: %d of 1000\n", out.height,
              out.width, turned);
}
