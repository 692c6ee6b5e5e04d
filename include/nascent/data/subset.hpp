// A share of the training images, for cheaper trainings.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nascent/data/hold_out.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/search/fidelity.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Numbers by which images are compared: the means of a grid of at most 4x4 cells in each channel,
/// [images, features], of bytes.
struct ImageFeatures {
  static constexpr int kGrid = 4;  ///< cells to a side

  int count = 0;              ///< features of one image
  std::vector<float> values;  ///< [images, count]

  /// Computes them for all images.
  explicit ImageFeatures(const ImageSet& images)
      : count(images.image.channels * (std::min)(kGrid, images.image.height) *
              (std::min)(kGrid, images.image.width)) {
    values.reserve(static_cast<std::size_t>(images.size()) * static_cast<std::size_t>(count));
    for (int i = 0; i < images.size(); ++i) append(images.image, images[i]);
  }

  /// How many images there are.
  int images() const { return static_cast<int>(values.size()) / count; }
  /// The `count` features of one image.
  const float* operator[](int image) const {
    return values.data() + static_cast<std::size_t>(image) * static_cast<std::size_t>(count);
  }

  /// Squared, between an image's features and a point.
  float distance(int image, const float* point) const {
    const float* at = (*this)[image];
    float sum = 0;
    for (int f = 0; f < count; ++f) sum += (at[f] - point[f]) * (at[f] - point[f]);
    return sum;
  }

 private:
  void append(Shape shape, std::span<const std::uint8_t> bytes) {
    const int rows = (std::min)(kGrid, shape.height), columns = (std::min)(kGrid, shape.width);
    for (int c = 0; c < shape.channels; ++c)
      for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
          const int top = row * shape.height / rows, bottom = (row + 1) * shape.height / rows;
          const int left = column * shape.width / columns;
          const int right = (column + 1) * shape.width / columns;
          int sum = 0;
          for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
              sum += bytes[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
          values.push_back(static_cast<float>(sum) /
                           static_cast<float>((bottom - top) * (right - left)));
        }
  }
};

/// Greedy k-centre (Gonzalez 1985; as a core-set: Sener & Savarese 2018): the image nearest to the
/// mean, then ever again the one that is farthest from all chosen, of equal ones the first. The
/// largest distance of any image to the chosen ones is at most twice the least possible.
/// In the order of choice, so that a smaller choice is the beginning of a larger one. Takes
/// `count` times the images times their features.
inline std::vector<int> k_centres(const ImageFeatures& features, int count) {
  std::vector<float> mean(static_cast<std::size_t>(features.count));
  for (int i = 0; i < features.images(); ++i)
    for (int f = 0; f < features.count; ++f)
      mean[std::size_t(f)] += features[i][f] / static_cast<float>(features.images());
  int next = 0;
  for (int i = 1; i < features.images(); ++i)
    if (features.distance(i, mean.data()) < features.distance(next, mean.data())) next = i;
  std::vector<int> chosen;
  std::vector<float> nearest(static_cast<std::size_t>(features.images()),
                             (std::numeric_limits<float>::max)());
  while (static_cast<int>(chosen.size()) < count) {
    chosen.push_back(next);
    for (int i = 0; i < features.images(); ++i)
      nearest[std::size_t(i)] =
          (std::min)(nearest[std::size_t(i)], features.distance(i, features[next]));
    nearest[std::size_t(next)] = -1;  // not again, even where other images are equal to it
    next = static_cast<int>(std::ranges::max_element(nearest) - nearest.begin());
  }
  return chosen;
}

/// Indices of a share of the images, ascending; at least one image. They follow from the images,
/// the share and the kind alone, not from a trial's seed: all candidates are trained on the same.
/// A smaller random or k-centre share is a part of a larger one.
/// std::invalid_argument where the share is not in (0, 1].
inline std::vector<int> share_of(const ImageSet& images, double share, Subset subset) {
  if (!(share > 0) || !(share <= 1))
    throw std::invalid_argument("a share of the training images must be above 0 and at most 1");
  const int count = (std::max)(1, static_cast<int>(std::lround(share * images.size())));
  std::vector<int> all(static_cast<std::size_t>(images.size())), chosen;
  std::iota(all.begin(), all.end(), 0);
  constexpr std::uint64_t kSeed = 0;
  switch (subset) {
    case Subset::random: {
      Random random(kSeed, "share");
      for (int k = 0; k < count; ++k)
        std::swap(all[std::size_t(k)], all[std::size_t(k + random.below(images.size() - k))]);
      chosen.assign(all.begin(), all.begin() + count);
      break;
    }
    case Subset::stratified:
      return stratified_draw(images, all, count, kSeed, "share").drawn;
    case Subset::k_centre:
      chosen = k_centres(ImageFeatures(images), count);
      break;
  }
  std::ranges::sort(chosen);
  return chosen;
}

/// Shares of one set of images, each made when it is first asked for. Any thread may ask; the first
/// makes it while the others wait.
class ImageShares {
 public:
  /// The part of `images` that is a `share` (from 0 to 1) of it, chosen as `subset` says.
  std::shared_ptr<const ImageSet> of(const ImageSet& images, double share, Subset subset) {
    const std::scoped_lock lock(mutex_);
    std::shared_ptr<const ImageSet>& made = made_[{share, subset}];
    if (!made)
      made = std::make_shared<const ImageSet>(images.subset(share_of(images, share, subset)));
    return made;
  }

 private:
  std::map<std::pair<double, Subset>, std::shared_ptr<const ImageSet>> made_;
  std::mutex mutex_;
};

}  // namespace nascent
