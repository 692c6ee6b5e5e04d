// A data set of your own: bars drawn at random, upright ones and lying ones. Anything with these
// members is one; no reader and no file is needed.
//   bars: 900 images of 1x12x12 to train on, 100 held out, 200 sealed for the test; 450 are upright
#include <algorithm>
#include <cstdio>
#include <nascent/data/dataset_policy.hpp>
#include <string>
#include <vector>

using namespace nascent;

struct Bars {
  std::string name = "bars";
  ImageSet train = draw(1000, 1), test = draw(200, 2);
  std::vector<double> mean{0.25}, deviation{0.43};  // of raw / 255, one a channel
  bool flip = true;                                 // a mirrored bar is of the same class

  static ImageSet draw(int count, std::uint64_t seed) {
    ImageSet images{{1, 12, 12}, 2, {}, {}};
    Random random(seed, "bars");
    for (int i = 0; i < count; ++i) {
      const int label = i % 2, first = random.below(10);
      std::vector<std::uint8_t> pixels;
      for (int y = 0; y < 12; ++y)
        for (int x = 0; x < 12; ++x) {
          const int across = label == 0 ? x : y;
          pixels.push_back(across >= first && across < first + 3 ? 255 : 0);
        }
      images.append(pixels, label);
    }
    return images;
  }
};
static_assert(DatasetPolicy<Bars>);

int main() {
  const HoldOut parts = hold_out(Bars{}, 0.1);  // what TorchEvaluator takes
  const Shape image = parts.train.image;
  std::printf(
      "%s: %d images of %dx%dx%d to train on, %d held out, %d sealed for the test; "
      "%d are upright\n",
      parts.name.c_str(), parts.train.size(), image.channels, image.height, image.width,
      parts.held_out.size(), parts.test.size(),
      static_cast<int>(std::ranges::count(parts.train.labels, 0)));
}
