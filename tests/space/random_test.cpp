#include "nascent/space/random.hpp"

#include <array>
#include <random>
#include <set>

#include "../support/support.hpp"

namespace nascent {
namespace {

static_assert(std::uniform_random_bit_generator<Random>);

TEST(Random, GivesTheSameNumbersForEver) {
  Random random(1);
  EXPECT_EQ(random(), 13830413928045401970ULL);
  constexpr int at_compile_time = Random(5, "purpose").below(1000);
  EXPECT_EQ(Random(5, "purpose").below(1000), at_compile_time);
}

TEST(Random, HasAnIndependentStreamForEachSeedAndPurpose) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    for (const char* purpose : {"", "a", "b", "random strategy"})
      first.insert(Random(seed, purpose)());
  EXPECT_EQ(first.size(), 4000u);
}

TEST(Random, BelowIsUniform) {
  for (const int count : {1, 2, 3, 7, 64, 1000}) {
    std::vector<double> seen(static_cast<std::size_t>(count));
    Random random(17, "below");
    const int draws = 200 * count;
    for (int i = 0; i < draws; ++i) ++seen.at(static_cast<std::size_t>(random.below(count)));
    double chi = 0;
    for (const double n : seen) chi += (n - 200) * (n - 200) / 200;
    EXPECT_LT(chi, count + 4 * std::sqrt(2.0 * count)) << count;  // 4 standard deviations
  }
}

TEST(Random, UnitLiesInZeroToOneWithMeanOneHalf) {
  Random random(2);
  double sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double x = random.unit();
    ASSERT_TRUE(0 <= x && x < 1);
    sum += x;
  }
  EXPECT_NEAR(sum / 20'000, 0.5, 4 * 0.2887 / std::sqrt(20'000));
}

}  // namespace
}  // namespace nascent
