#include "nascent/tournament/budgets.hpp"

#include "../support/support.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

TEST(Budgets, AreSortedAndOnceEach) {
  const Budgets budgets = Budgets::epochs({200, 50, 200});
  EXPECT_THAT(budgets.amounts(), ElementsAre(50, 200));
  EXPECT_EQ(budgets.largest(), 200);
  EXPECT_EQ(budgets.unit_name(), "epochs");
  EXPECT_EQ(Budgets::trials({1}).unit_name(), "trials");
  EXPECT_EQ(Budgets::evaluations({1}).unit_name(), "evaluations");
}

TEST(Budgets, OfNothingAreRefused) {
  const std::string refusal = "compare: budgets must be at least one, of at least 1";
  EXPECT_EQ(message_of<std::invalid_argument>([] { Budgets::trials({}); }), refusal);
  EXPECT_EQ(message_of<std::invalid_argument>([] { Budgets::trials({10, 0}); }), refusal);
  EXPECT_EQ(message_of<std::invalid_argument>([] { Budgets::trials({3'000'000'000}); }),
            "compare: a budget of trials must be at most 2147483647");
  EXPECT_EQ(Budgets::epochs({3'000'000'000}).largest(), 3'000'000'000);
}

TEST(Seeds, AreACountOrAList) {
  EXPECT_THAT(Seeds(3).list(), ElementsAre(1, 2, 3));
  EXPECT_THAT(Seeds({7, 5}).list(), ElementsAre(7, 5));
}

TEST(Seeds, ThatAreNoneOrTwiceTheSameAreRefused) {
  for (const int count : {0, -1})
    EXPECT_EQ(message_of<std::invalid_argument>([=] { Seeds{count}; }),
              "compare: give at least one seed");
  EXPECT_EQ(message_of<std::invalid_argument>([] {
              Seeds({5, 7, 5});
            }),
            "compare: the seeds must differ, since equal seeds give equal runs");
}

}  // namespace
}  // namespace nascent
