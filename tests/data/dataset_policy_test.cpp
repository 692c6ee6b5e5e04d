#include "nascent/data/dataset_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

/// A type of a user's own, which shares nothing with Dataset.
struct Stripes {
  const char* name = "stripes";
  ImageSet train = images(40), test = images(8);
  std::vector<double> mean{.5}, deviation{.5};
  static constexpr bool flip = true;

  static ImageSet images(int count) {
    ImageSet set{{1, 2, 2}, 2, {}, {}};
    for (int i = 0; i < count; ++i) {
      const std::array<std::uint8_t, 4> across{0, 255, 0, 255}, along{0, 0, 255, 255};
      set.append(i % 2 == 0 ? across : along, i % 2);
    }
    return set;
  }
};
static_assert(DatasetPolicy<Stripes>);

struct Nameless {
  ImageSet train, test;
  std::vector<double> mean, deviation;
  bool flip;
};
static_assert(!DatasetPolicy<Nameless>);
static_assert(!DatasetPolicy<int>);

/// What parting the data set complains of after it was spoilt.
template <class Spoil>
std::string complaint(Spoil spoil) {
  Stripes data;
  spoil(data);
  return message_of<std::invalid_argument>([&] { hold_out(data, 0.1); });
}

TEST(DatasetPolicy, PartsAnyTypeThatModelsIt) {
  const HoldOut parts = hold_out(Stripes{}, {.images = 10, .train_images = 20});
  EXPECT_EQ(parts.name, "stripes");
  EXPECT_EQ(parts.train.size(), 20);
  EXPECT_EQ(parts.held_out.size(), 10);
  EXPECT_EQ(parts.test.size(), 8);
  EXPECT_TRUE(parts.flip);
  EXPECT_EQ(hold_out(Stripes{}, 0.25).held_out.size(), 10);
}

TEST(DatasetPolicy, RefusesPartsThatDoNotFitTogether) {
  EXPECT_EQ(complaint([](Stripes&) {}), "");
  EXPECT_THAT(complaint([](Stripes& data) { data.train.pixels.pop_back(); }),
              HasSubstr("the training images of 'stripes' have 159 bytes of pixels for 40 labels"));
  EXPECT_THAT(complaint([](Stripes& data) { data.test.labels[3] = 2; }),
              HasSubstr("the test images of 'stripes' have a label 2 outside 0 .. 1"));
  EXPECT_THAT(complaint([](Stripes& data) {
                data.test.image = {1, 1, 4};
              }),
              HasSubstr("have another shape or number of classes"));
  EXPECT_THAT(complaint([](Stripes& data) {
                data.mean = {.1, .2};
              }),
              HasSubstr("'stripes' needs a mean and a deviation above 0 for each of 1 channels"));
  EXPECT_THAT(complaint([](Stripes& data) { data.deviation = {0}; }), HasSubstr("above 0"));
}

}  // namespace
}  // namespace nascent
