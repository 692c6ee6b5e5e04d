#include "nascent/data/class_subset.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nascent {
namespace {

Dataset four_classes() {
  Dataset data;
  data.name = "four";
  data.class_names = {"a", "b", "c", "d"};
  data.train = {{1, 1, 1}, 4, {0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 0, 1, 2, 3}};
  data.test = {{1, 1, 1}, 4, {10, 11, 12, 13}, {3, 2, 1, 0}};
  data.mean = {.25};
  data.deviation = {.5};
  return data;
}

TEST(ClassSubset, NumbersTheClassesInTheOrderInWhichTheyAreNamed) {
  const Dataset part = class_subset(four_classes(), {2, 0});
  EXPECT_EQ(part.name, "four classes 2 0");
  EXPECT_EQ(part.classes(), 2);
  EXPECT_EQ(part.train.pixels, (std::vector<std::uint8_t>{0, 2, 4, 6}));
  EXPECT_EQ(part.train.labels, (std::vector<int>{1, 0, 1, 0}));
  EXPECT_EQ(part.test.labels, (std::vector<int>{0, 1}));
  EXPECT_EQ(part.class_names, (std::vector<std::string>{"c", "a"}));
  EXPECT_EQ(part.mean, std::vector<double>{.25});
}

TEST(ClassSubset, RefusesClassesThatMakeNoDataSet) {
  EXPECT_THROW(class_subset(four_classes(), {1}), std::invalid_argument);
  EXPECT_THROW(class_subset(four_classes(), {1, 4}), std::invalid_argument);
  EXPECT_THROW(class_subset(four_classes(), {-1, 0}), std::invalid_argument);
  EXPECT_THROW(class_subset(four_classes(), {1, 2, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
