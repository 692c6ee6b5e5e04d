#include "nascent/space/enumerate.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

SepConvSpace small_space() {
  SepConvSpace space;
  space.depth = {.min = 3, .max = 4};
  space.width = {.min = 8, .max = 16, .step = 4};
  return space;
}

TEST(Enumerate, VisitsEachArchitectureOfTheSpaceOnce) {
  const SepConvSpace space = small_space();
  std::set<std::string> seen;
  enumerate(space, [&](const Architecture& architecture) {
    EXPECT_TRUE(space.contains(architecture));
    EXPECT_TRUE(seen.insert(to_string(architecture)).second);
  });
  EXPECT_EQ(seen.size(), 3U * (64 + 256));  // widths x (4^3 + 4^4)
  EXPECT_EQ(architecture_count(space), 960);
}

TEST(Enumerate, BeginsAtTheStartOfTheSearchAndVariesTheLastLayerFirst) {
  const SepConvSpace space = small_space();
  std::vector<std::string> first;
  enumerate(space, [&](const Architecture& architecture) {
    if (first.size() < 3) first.push_back(to_string(architecture));
  });
  EXPECT_EQ(first, (std::vector<std::string>{to_string(space.start()), "d3 w16 ops=sss kernels=335",
                                             "d3 w16 ops=ssc kernels=333"}));
}

TEST(Enumerate, RefusesASpaceThatNobodyCouldWalkThrough) {
  EXPECT_THROW(enumerate(SepConvSpace{}, [](const Architecture&) {}), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
