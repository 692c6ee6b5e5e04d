#include "nascent/search/accuracy.hpp"

#include "../support/support.hpp"

namespace nascent {
namespace {

// A tenth of a point of 10,000 images is 10 images; met exactly counts as met.
static_assert(Accuracy{9010, 10'000}.at_least({9000, 10'000}, 0.10));
static_assert(!Accuracy{9009, 10'000}.at_least({9000, 10'000}, 0.10));
static_assert(!Accuracy{9010, 10'000}.more_than({9000, 10'000}, 0.10));
static_assert(Accuracy{9011, 10'000}.more_than({9000, 10'000}, 0.10));
static_assert(Accuracy{8995, 10'000}.at_least({9000, 10'000}, -0.05));
static_assert(!Accuracy{8994, 10'000}.at_least({9000, 10'000}, -0.05));
static_assert(!Accuracy{9000, 10'000}.more_than({9000, 10'000}));

TEST(Accuracy, ThresholdsThatAreNoWholeNumberOfImagesAreExactToo) {
  // 0.10 points of 18,800 images are 18.8 of them, 0.05 points 9.4.
  const Accuracy best{16'900, 18'800};
  EXPECT_TRUE((Accuracy{16'919, 18'800}.at_least(best, 0.10)));
  EXPECT_FALSE((Accuracy{16'918, 18'800}.at_least(best, 0.10)));
  EXPECT_TRUE((Accuracy{16'891, 18'800}.at_least(best, -0.05)));
  EXPECT_FALSE((Accuracy{16'890, 18'800}.at_least(best, -0.05)));
}

TEST(Accuracy, EveryThresholdOfEveryCountAgreesWithWholeNumbers) {
  for (std::int64_t reference = 0; reference <= 10'000; reference += 37)
    for (int hundredths = -60; hundredths <= 60; ++hundredths)
      for (const std::int64_t off : {-1, 0, 1}) {
        const std::int64_t correct = reference + hundredths + off;
        const Accuracy mine{correct, 10'000}, other{reference, 10'000};
        EXPECT_EQ(mine.at_least(other, hundredths / 100.0), off >= 0);
        EXPECT_EQ(mine.more_than(other, hundredths / 100.0), off > 0);
      }
}

TEST(Accuracy, DifferentTotalsCompareAsFractions) {
  EXPECT_TRUE((Accuracy{1, 3}.more_than({333'333'333, 1'000'000'000})));
  EXPECT_FALSE((Accuracy{1, 3}.at_least({333'333'334, 1'000'000'000})));
  EXPECT_TRUE((Accuracy{1, 3}.at_least({2, 6})));
  EXPECT_FALSE((Accuracy{1, 3}.more_than({2, 6})));
  EXPECT_FALSE((Accuracy{1, 3} == Accuracy{2, 6}));  // not the same measurement
  EXPECT_TRUE((Accuracy{50'000, 50'000}.at_least({9'990, 10'000}, 0.1)));
}

TEST(Accuracy, PercentagesAreExactToAMillionth) {
  EXPECT_EQ(Accuracy::of_percent(99.9), (Accuracy{99'900'000, 100'000'000}));
  EXPECT_EQ(Accuracy::of_percent(1.001), (Accuracy{1'001'000, 100'000'000}));
  EXPECT_TRUE((Accuracy{9990, 10'000}.at_least(Accuracy::of_percent(99.9))));
  EXPECT_FALSE((Accuracy{9989, 10'000}.at_least(Accuracy::of_percent(99.9))));
  EXPECT_FALSE((Accuracy{9950, 10'000}.more_than(Accuracy::of_percent(99.5))));
  EXPECT_TRUE(Accuracy::of_percent(84.587).more_than(Accuracy::of_percent(84.586)));
  EXPECT_DOUBLE_EQ(Accuracy::of_percent(91.234567).percent(), 91.234567);
  EXPECT_DOUBLE_EQ((Accuracy{1, 8}.percent()), 12.5);
  EXPECT_DOUBLE_EQ(Accuracy{}.percent(), 0);
}

TEST(Accuracy, NothingMeasuredIsNothingRight) {
  EXPECT_TRUE(Accuracy{}.at_least({}));
  EXPECT_TRUE((Accuracy{1, 10}.more_than({})));
  EXPECT_FALSE(Accuracy{}.at_least({1, 10}));
}

TEST(Accuracy, LargeCountsDoNotOverflow) {
  constexpr std::int64_t kHuge = 1'000'000'000'000;
  EXPECT_TRUE((Accuracy{kHuge - 1, kHuge}.more_than({kHuge - 2, kHuge})));
  EXPECT_TRUE((Accuracy{kHuge, kHuge}.at_least(Accuracy::of_percent(100))));
}

Judged<SepConvSpace> judged(int correct) {
  return {Architecture(10, 64), Move::sample, scored(correct)};
}

TEST(Judged, AFailureIsWorseThanAllAndThanAFailure) {
  const auto failed = judged(-1), zero = judged(0), some = judged(5000);
  EXPECT_TRUE(failed.failed());
  for (const double points : {-100.0, 0.0, 100.0}) {
    EXPECT_FALSE(failed.beats(zero, points));
    EXPECT_FALSE(failed.beats(failed, points));
    EXPECT_FALSE(failed.exceeds(failed, points));
    EXPECT_FALSE(failed.within(failed, points));
    EXPECT_FALSE(failed.within(zero, points));
    EXPECT_TRUE(zero.beats(failed, points));
    EXPECT_TRUE(zero.exceeds(failed, points));
    EXPECT_TRUE(zero.within(failed, points));
  }
  EXPECT_TRUE(some.exceeds(zero, 49.99));
  EXPECT_FALSE(some.exceeds(zero, 50));
  EXPECT_TRUE(some.beats(zero, 50));
  EXPECT_TRUE(zero.within(some, 50));
  EXPECT_FALSE(zero.within(some, 49.99));
}

}  // namespace
}  // namespace nascent
