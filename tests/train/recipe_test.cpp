#include "nascent/train/recipe.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace nascent {
namespace {

TEST(Recipe, HasThePapersNumbers) {
  std::vector<std::string> fields;
  PaperRecipe{}.options([&](const char* name, double value) {
    fields.push_back(std::string(name) + " " + std::to_string(value));
  });
  EXPECT_EQ(fields, (std::vector<std::string>{
                        "batch 64.000000", "learning_rate 0.025000", "momentum 0.900000",
                        "weight_decay 0.000300", "clip 5.000000", "pad 4.000000", "crop 32.000000",
                        "flip 1.000000", "cutout 16.000000", "evaluation_batch 1000.000000"}));
}

TEST(Recipe, StepsTheCosineBeforeEachEpoch) {
  const PaperRecipe recipe;
  EXPECT_DOUBLE_EQ(recipe.learning_rate_at({0, 3}), 0.01875);
  EXPECT_DOUBLE_EQ(recipe.learning_rate_at({1, 3}), 0.00625);
  EXPECT_DOUBLE_EQ(recipe.learning_rate_at({0, 2}), 0.0125);
}

TEST(Recipe, EndsAtALearningRateOfExactlyZero) {
  for (int epochs = 1; epochs <= 600; ++epochs) {
    EXPECT_EQ(PaperRecipe{}.learning_rate_at({epochs - 1, epochs}), 0.0);
    for (int epoch = 1; epoch < epochs; ++epoch)
      ASSERT_LT(PaperRecipe{}.learning_rate_at({epoch, epochs}),
                PaperRecipe{}.learning_rate_at({epoch - 1, epochs}));
  }
}

TEST(Recipe, RefusesNumbersThatNoTrainingCanUse) {
  EXPECT_NO_THROW(PaperRecipe{}.check());
  EXPECT_THROW(PaperRecipe{.batch = 0}.check(), std::invalid_argument);
  EXPECT_THROW(PaperRecipe{.optimiser = {.learning_rate = 0}}.check(), std::invalid_argument);
  EXPECT_THROW(PaperRecipe{.clip = -1}.check(), std::invalid_argument);
  PaperRecipe wrong;
  wrong.augmentation.pad = -1;
  EXPECT_THROW(wrong.check(), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
