#include "nascent/strategy/aging_evolution.hpp"

#include <set>

#include "nascent/search/session.hpp"
#include "strategy_support.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;

/// A child is named after its parent.
struct Families {
  using Architecture = Named;
  Named sample(Random& random) const { return Named(std::to_string(random.below(1'000'000))); }
  Named mutate(const Named& parent, Random&) const { return Named(parent.name + "+"); }
};
static_assert(MutableSpace<Families> && !NeighbourSpace<Families>);
static_assert(MutableSpace<Row> && MutableSpace<SepConvSpace>);

constexpr int kAll = 500;  // draws that leave none of a few undrawn

/// What was asked, founders by the letters a, b, c, .. in their order.
std::vector<std::string> family_tree(AgingEvolution strategy, std::vector<int> scores,
                                     std::string* found = nullptr) {
  InOrder script{std::move(scores)};
  strategy.trials = static_cast<int>(script.scores.size());
  const auto end =
      Search<AgingEvolution, FixedEpochRanker, Families>(strategy, {.epochs = 1}).run(script);
  EXPECT_TRUE(end.finished());
  std::map<std::string, std::string> letters;
  const auto renamed = [&](const std::string& name) {
    const std::string founder = name.substr(0, name.find('+'));
    const auto next = std::string(1, static_cast<char>('a' + letters.size()));
    return letters.emplace(founder, next).first->second + name.substr(founder.size());
  };
  std::vector<std::string> asked;
  for (const std::string& name : script.asked) asked.push_back(renamed(name));
  if (found) *found = renamed(end.architecture.name);
  return asked;
}

TEST(AgingEvolution, TheBestAliveIsTheParentAndTheOldestDies) {
  std::string found;
  // b is the best until it is the oldest; then c (70) is, then its elder sister's child (65).
  EXPECT_THAT(family_tree({.population = 3, .sample = kAll}, {50, 90, 70, 60, 65, 10, 20}, &found),
              ElementsAre("a", "b", "c", "b+", "b+", "c+", "b++"));
  EXPECT_EQ(found, "b");  // dead, and still the best
}

TEST(AgingEvolution, OfEqualsTheYoungestIsTheParent) {
  EXPECT_THAT(family_tree({.population = 3, .sample = kAll}, {50, 50, 50, 50, 50, 50}),
              ElementsAre("a", "b", "c", "c+", "c++", "c+++"));
}

TEST(AgingEvolution, AFailureIsWorseThanAllAndDiesLikeAll) {
  std::string found;
  EXPECT_THAT(
      family_tree({.population = 3, .sample = kAll}, {-1, 0, -1, -1, -1, 5, -1, -1, -1}, &found),
      ElementsAre("a", "b", "c", "b+", "b+", "b++", "b+++", "b+++", "b+++"));
  EXPECT_EQ(found, "b++");
  EXPECT_THAT(family_tree({.population = 2, .sample = kAll}, {-1, -1, -1, -1}, &found),
              ElementsAre("a", "b", "b+", "b++"));
}

TEST(AgingEvolution, OneDrawIsAnyoneAlive) {
  std::set<std::string> parents;
  for (const std::string& name :
       family_tree({.population = 3, .sample = 1}, std::vector<int>(50, 50)))
    parents.insert(name.substr(0, 1));
  EXPECT_EQ(parents, (std::set<std::string>{"a", "b", "c"}));
}

TEST(AgingEvolution, ChildrenUnderWayAreNoParentsAndKillNobodyYet) {
  // The second child is asked for before the first (95) is judged, so its parent is still a.
  EXPECT_THAT(
      family_tree({.population = 3, .sample = kAll, .lookahead = 2}, {90, 50, 60, 95, 55, 10, 10}),
      ElementsAre("a", "b", "c", "a+", "a+", "a++", "a++"));
  EXPECT_THAT(family_tree({.population = 3, .sample = kAll}, {90, 50, 60, 95, 55, 10, 10}),
              ElementsAre("a", "b", "c", "a+", "a++", "a++", "a++"));
}

TEST(AgingEvolution, AsksForTheFirstPopulationAtOnceThenForLookahead) {
  for (const int lookahead : {1, 3, 20}) {
    Session session(Search<AgingEvolution, FixedEpochRanker, Row>(
        {.population = 8, .sample = 2, .lookahead = lookahead, .trials = 100}));
    int asked = 0;
    for (int told = 0; told < 40; ++told) {
      while (session.ask()) ++asked;
      EXPECT_EQ(asked - told, told < 8 ? 8 - told : lookahead) << told;
      session.tell(told, Outcome({1, 2}, {}, 1));
    }
  }
}

TEST(AgingEvolution, ThePopulationIsNoLargerThanTheTrials) {
  RowEvaluator evaluator;
  using Search = nascent::Search<AgingEvolution, FixedEpochRanker, Row>;
  for (const int trials : {1, 5, 12})
    EXPECT_EQ(Search({.population = 10, .sample = 3, .lookahead = 4, .trials = trials})
                  .run(evaluator)
                  .cost.trials,
              trials);
}

TEST(AgingEvolution, EndsInASmallSpaceAtTheBudget) {
  using Search = nascent::Search<AgingEvolution, FixedEpochRanker, Row>;
  const Search search({.population = 10, .sample = 3}, {.epochs = 2});
  RowEvaluator evaluator;
  const auto found = search.run(evaluator, {.max_trials = 300});
  EXPECT_EQ(found.architecture.index, 19);
  EXPECT_EQ(found.cost.trials, 300);
  EXPECT_LE(evaluator.calls, 20);
  EXPECT_EQ(found.cost.repeats, 300 - evaluator.calls);
  EXPECT_EQ(search.run(evaluator, {.max_epochs = 101}).cost.epochs, 100);
}

TEST(AgingEvolution, ClimbsAHillBetterThanRandomSearch) {
  const double random = mean_on_the_hill(RandomStrategy{}, 100);
  const double evolved = mean_on_the_hill(AgingEvolution{.population = 10, .sample = 5}, 100);
  EXPECT_GT(evolved, random + 2);
}

TEST(AgingEvolution, RefusesNumbersThatMakeNoPopulation) {
  const auto refusal = [](AgingEvolution strategy) {
    const Search<AgingEvolution, FixedEpochRanker, Row> search(strategy);
    RowEvaluator evaluator;
    return message_of<std::invalid_argument>([&] { search.run(evaluator, {.max_trials = 5}); });
  };
  EXPECT_EQ(refusal({.population = 0}), "AgingEvolution: population must be at least 1");
  EXPECT_EQ(refusal({.sample = 0}), "AgingEvolution: sample must be at least 1");
  EXPECT_EQ(refusal({.lookahead = 0}), "AgingEvolution: lookahead must be at least 1");
  EXPECT_EQ(refusal({.population = 1, .sample = 1}), "");
}

TEST(AgingEvolution, FoundersAreDistinctAsLongAsTheSpaceHasSo) {
  const auto founders = [](int population) {
    AgingEvolution strategy{.population = population, .sample = 3};
    strategy.trials = population;
    Session session(Search<AgingEvolution, FixedEpochRanker, Row>{strategy}, 5);
    std::set<int> distinct;
    while (const auto trial = session.ask()) distinct.insert(trial->architecture().index);
    return distinct.size();
  };
  EXPECT_EQ(founders(15), 15u);
  EXPECT_EQ(founders(20), 20u);
  EXPECT_EQ(founders(30), 20u);
}

}  // namespace
}  // namespace nascent
