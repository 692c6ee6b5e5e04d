#include "nascent/search/pareto.hpp"

#include <map>
#include <set>

#include "../strategy/proxy_table.hpp"
#include "../support/support.hpp"

namespace nascent {
namespace {

using namespace nascent::objectives;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A letter, as an architecture, with as many parameters as its place in the alphabet.
struct Letters {
  struct Architecture {
    char letter = 'a';
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& a) { return std::string(1, a.letter); }
  };
  Architecture sample(Random& random) const { return {static_cast<char>('a' + random.below(26))}; }
  std::int64_t parameters(const Architecture& a) const { return a.letter - 'a' + 1; }
};

Judged<Letters> judged(char letter, int correct, Metrics metrics = {}) {
  Outcome outcome({correct, 100});
  if (correct < 0) outcome = Outcome::failed("scripted");
  outcome.metrics = std::move(metrics);
  return {{letter}, Move::sample, outcome};
}

std::string letters_of(const Front<Letters>& front) {
  std::string letters;
  for (const auto& member : front.members) letters += member.candidate.architecture.letter;
  return letters;
}

TEST(Pareto, TheFrontIsWhatNothingElseBeatsInEveryObjective) {
  const auto front = pareto_front<Letters>(
      {accuracy, parameters}, {},
      {judged('d', 90), judged('b', 80), judged('c', 70), judged('e', 90), judged('a', 10)});
  EXPECT_EQ(letters_of(front), "dba");  // the most accurate first
  EXPECT_THAT(front.members[1].values, ElementsAre(80, 2));
}

TEST(Pareto, FailuresAreNotInIt) {
  EXPECT_EQ(letters_of(pareto_front<Letters>({parameters}, {}, {judged('a', -1), judged('b', 5)})),
            "b");
  EXPECT_THAT(pareto_front<Letters>({parameters}, {}, {judged('a', -1)}).members, IsEmpty());
  EXPECT_EQ(letters_of(pareto_front<Letters>(
                {minimise("latency_ms")}, {},
                {judged('a', 5, {{"latency_ms", NAN}}), judged('b', 5, {{"latency_ms", 9}})})),
            "b");
}

TEST(Pareto, AnArchitectureIsInItOnceAsItWasJudgedLast) {
  EXPECT_EQ(letters_of(pareto_front<Letters>(
                {accuracy, parameters}, {},
                {judged('a', 50), judged('b', 60), judged('b', 40), judged('a', 50)})),
            "a");
}

TEST(Pareto, OfEqualPointsEachArchitectureIsKept) {
  EXPECT_EQ(letters_of(pareto_front<Letters>({accuracy}, {}, {judged('x', 50), judged('b', 50)})),
            "xb");
}

TEST(Pareto, AMetricOfTheNameComesBeforeTheSpacesCount) {
  const auto candidate = judged('c', 50, {{"parameters", 0.5}, {"latency_ms", 2}});
  EXPECT_EQ(value_of(parameters, Letters{}, candidate), 0.5);
  EXPECT_EQ(value_of(latency, Letters{}, candidate), 2);
  EXPECT_EQ(value_of(parameters, Letters{}, judged('c', 50)), 3);
  EXPECT_EQ(value_of(accuracy, Letters{}, judged('c', 50)), 50);
}

TEST(Pareto, SpacesCountParametersAndFlopsOfTheirNetworks) {
  const SepConvSpace space;
  const Judged<SepConvSpace> start(space.start(), Move::start, Outcome({1, 2}));
  const auto net = space.describe(space.start());
  EXPECT_EQ(value_of(parameters, space, start), static_cast<double>(net.parameters()));
  EXPECT_EQ(value_of(flops, space, start), static_cast<double>(net.flops()));
}

TEST(Pareto, AnObjectiveWithoutAValueSaysWhatThereIs) {
  EXPECT_EQ(message_of<std::invalid_argument>([] {
              value_of(latency, Letters{}, judged('a', 50, {{"params", 1}}));
            }),
            "the objective 'latency_ms' has no value: the evaluator measures accuracy, params, "
            "and the space counts parameters");
  EXPECT_THAT(message_of<std::invalid_argument>([] { pareto_front<Letters>({}, {}, {}); }),
              HasSubstr("at least one objective"));
}

TEST(Pareto, ASearchKnowsItsFront) {
  Search<RandomStrategy, FixedEpochRanker, Letters> search;
  const auto scored_by_letter = [](char letter) { return 30 + (letter - 'a') % 7; };
  struct Alphabet {
    int (*score)(char);
    Outcome evaluate(const Trial<Letters::Architecture>& trial) const {
      return Outcome({score(trial.architecture().letter), 100}, {}, trial.fidelity.epochs);
    }
  };
  const auto found = search.run(Alphabet{scored_by_letter}, {.max_trials = 400});
  EXPECT_EQ(letters_of(found.front()), "gfedcba");
  EXPECT_EQ(letters_of(found.front({parameters})), "a");
  EXPECT_EQ(found.front({accuracy, parameters}).text().substr(0, 71),
            "    accuracy    parameters  architecture\n"
            "          36             7  g\n");
}

// Both fronts were computed from the file by comparing every cell with every other in Python.
TEST(Pareto, TheFrontOfTheTrainedCellsIsExact) {
  const ProxyTable table;
  const auto front =
      pareto_front({minimise("params"), maximise("val_accuracy")}, table.space(), table.all());
  std::vector<std::string> codes;
  for (const auto& member : front.members)
    codes.push_back(to_string(member.candidate.architecture));
  EXPECT_THAT(codes, ElementsAre("410411", "310100", "413031", "340033", "102000", "201430",
                                 "210433", "120412", "210320", "220133", "230022"));
  EXPECT_THAT(front.members.front().values, ElementsAre(0.073306, 84.00));
  EXPECT_THAT(front.members.back().values, ElementsAre(0.830426, 91.09));
}

TEST(Pareto, TheFrontOfTheTrainedCellsInThreeObjectivesIsExact) {
  const ProxyTable table;
  const auto front = pareto_front({minimise("params"), minimise("flops"), maximise("val_accuracy")},
                                  table.space(), table.all());
  std::set<std::string> codes;
  for (const auto& member : front.members) codes.insert(to_string(member.candidate.architecture));
  EXPECT_EQ(codes,
            (std::set<std::string>{"010001", "410011", "410411", "310100", "033101", "413031",
                                   "331103", "340033", "102000", "201430", "210003", "210433",
                                   "120412", "210320", "220133", "230022"}));
}

}  // namespace
}  // namespace nascent
