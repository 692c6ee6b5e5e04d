// How the images of a data set are kept apart: those that train, those that guide the search, and
// those that are looked at once, at the end.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/image_set.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

class FinalEvaluation;
class PaperMode;

/// Leave to look at test images. Only a final evaluation, and a search that says that it is guided
/// by them, can make one.
class TestSetKey {
  friend FinalEvaluation;
  friend PaperMode;
  TestSetKey() = default;
};

/// Test images behind a seal: every look at them is counted, across all copies.
class SealedImages {
 public:
  /// Seals the images.
  explicit SealedImages(ImageSet images) : content_(std::make_shared<Content>(std::move(images))) {}

  /// The images, by `FinalEvaluation::look` or `PaperMode::look`.
  const ImageSet& open(const TestSetKey&) const {
    ++content_->opened;
    return content_->images;
  }

  /// By anyone who has a copy.
  int times_opened() const { return content_->opened; }
  /// How many there are; tells nothing of them.
  int size() const { return content_->images.size(); }
  /// Of the content, see ImageSet::checksum.
  std::uint64_t checksum() const { return content_->images.checksum(); }

 private:
  struct Content {
    explicit Content(ImageSet given) : images(std::move(given)) {}
    ImageSet images;
    std::atomic<int> opened = 0;
  };
  std::shared_ptr<Content> content_;
};

/// Looks at the test images once a training has ended: the only honest use of them.
class FinalEvaluation {
 public:
  /// Counts as one look.
  static const ImageSet& look(const SealedImages& test) { return test.open(TestSetKey()); }
};

/// Looks at the test images while a search is under way, as the paper's authors did. Whoever does
/// so stamps every result (an evaluator's `caveat`).
class PaperMode {
 public:
  /// Counts as one look.
  static const ImageSet& look(const SealedImages& test) { return test.open(TestSetKey()); }
};

/// A data set parted for a search; made by `Dataset::hold_out`.
struct HoldOut {
  std::string name;                     ///< of the data set
  ImageSet train;                       ///< candidates are trained on these
  ImageSet held_out;                    ///< the signal that guides the search
  SealedImages test;                    ///< for the final evaluation only
  std::vector<double> mean, deviation;  ///< per channel, of raw / 255
  bool flip = false;                    ///< a mirrored image keeps its class
};

/// How the training images of a data set are parted.
struct HoldOutOptions {
  double share = 0.1;      ///< of the training images held out, when `images` is 0
  int images = 0;          ///< held out
  int train_images = 0;    ///< to train on; 0 = all that are not held out
  std::uint64_t seed = 0;  ///< of the choice
};

namespace detail {

/// How many of `count` fall to each class: in proportion, the largest remainders rounded up, the
/// lower class first where they are equal.
inline std::vector<int> quotas(std::span<const int> class_sizes, int count) {
  const std::int64_t total = std::accumulate(class_sizes.begin(), class_sizes.end(), 0);
  std::vector<int> share(class_sizes.size()), order(class_sizes.size());
  std::vector<std::int64_t> remainder(class_sizes.size());
  int given = 0;
  for (std::size_t c = 0; c < class_sizes.size(); ++c) {
    const std::int64_t exact = std::int64_t{class_sizes[c]} * count;
    share[c] = static_cast<int>(exact / total);
    remainder[c] = exact % total;
    given += share[c];
  }
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](int c) { return remainder[std::size_t(c)]; });
  for (int i = 0; given < count; ++i, ++given) ++share[std::size_t(order[std::size_t(i)])];
  return share;
}

}  // namespace detail

/// Indices of images, ascending: those that were drawn and those that were not.
struct Draw {
  std::vector<int> drawn, rest;  ///< indices
};

/// Draws `count` of the `candidates` (indices into `images`) so that classes keep their
/// proportions. The draw depends on `seed` and `purpose` alone.
inline Draw stratified_draw(const ImageSet& images, std::span<const int> candidates, int count,
                            std::uint64_t seed, std::string_view purpose) {
  std::vector<std::vector<int>> members(static_cast<std::size_t>(images.classes));
  for (const int i : candidates) members[std::size_t(images.label(i))].push_back(i);
  std::vector<int> sizes;
  for (const auto& of_class : members) sizes.push_back(static_cast<int>(of_class.size()));
  const std::vector<int> quota = detail::quotas(sizes, count);

  Draw draw;
  Random random(seed, purpose);
  for (std::size_t c = 0; c < members.size(); ++c) {
    std::vector<int>& of_class = members[c];
    for (int k = 0; k < quota[c]; ++k)
      std::swap(of_class[std::size_t(k)], of_class[std::size_t(k + random.below(sizes[c] - k))]);
    const auto middle = of_class.begin() + quota[c];
    draw.drawn.insert(draw.drawn.end(), of_class.begin(), middle);
    draw.rest.insert(draw.rest.end(), middle, of_class.end());
  }
  std::ranges::sort(draw.drawn);
  std::ranges::sort(draw.rest);
  return draw;
}

/// Images to train on and images held out, by `options`; std::invalid_argument when there are not
/// so many images.
inline std::pair<ImageSet, ImageSet> part_images(const ImageSet& train,
                                                 const HoldOutOptions& options) {
  const int held = options.images > 0 ? options.images
                                      : static_cast<int>(std::lround(options.share * train.size()));
  const int wanted = options.train_images > 0 ? options.train_images : train.size() - held;
  if (held < 1 || wanted < 1 || held > train.size() - wanted)
    throw std::invalid_argument("the data set has " + std::to_string(train.size()) +
                                " training images: " + std::to_string(held) +
                                " cannot be held out and " + std::to_string((std::max)(0, wanted)) +
                                " trained on; both must be at least 1 and together no more than "
                                "there are");
  std::vector<int> all(static_cast<std::size_t>(train.size()));
  std::iota(all.begin(), all.end(), 0);
  const Draw first = stratified_draw(train, all, held, options.seed, "hold-out");
  const Draw second = stratified_draw(train, first.rest, wanted, options.seed, "train-images");
  return {train.subset(second.drawn), train.subset(first.drawn)};
}

}  // namespace nascent
