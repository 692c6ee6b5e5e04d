#include "nascent/tournament/compare.hpp"

#include <optional>
#include <string>

#include "../support/support.hpp"
#include "nascent/search/executor/threads.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/tournament/runs_in.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;

using Random = Search<RandomStrategy, FixedEpochRanker, SepConvSpace>;
using Evolution = Search<AgingEvolution, FixedEpochRanker, SepConvSpace>;
using Greedy = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;

/// Outcomes depend on the trial's seed, as those of trainings do.
struct Noisy {
  int failing = 0;     ///< one in so many
  bool early = false;  ///< trainings end after half of their epochs

  Outcome evaluate(const Trial<Architecture>& trial) const {
    const int epochs = trial.fidelity.epochs_to_train();
    nascent::Random random(trial.seed + static_cast<std::uint64_t>(trial.fidelity.epochs));
    if (failing > 0 && random.below(failing) == 0) return Outcome::failed("made to fail");
    return Outcome({5000 + trial.architecture().depth() + random.below(2000), 10'000}, {},
                   early ? (epochs + 1) / 2 : epochs);
  }
};

/// Never tells of an incumbent, asks for several candidates at once, and returns the last but one.
struct Silent {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    nascent::Random random = judge.random("silent");
    std::vector<typename Judge<Space>::Ticket> asked;
    for (int i = 0; i < 9; ++i) asked.push_back(judge(space.sample(random), Move::sample));
    std::optional<Judged<Space>> last_but_one;
    for (int i = 0; i < 9; ++i) {
      Judged<Space> judged = co_await asked[static_cast<std::size_t>(i)];
      if (i == 7) last_but_one = judged;
    }
    co_return *last_but_one;
  }
};

/// Pauses a training: what an outcome says is not always a judgement.
struct Pausing {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome first = co_await train(Epochs{2, 5});
    const Outcome second = co_await train.go_on(Epochs{5, 5});
    co_return first.ok() ? second : first;
  }
};

/// Callback: stops a run that no budget has stopped yet.
struct StopAfter10 {
  int seen = 0;
  void on_outcome(const Trial<Architecture>&, const Outcome&) { ++seen; }
  std::string stop() const { return seen < 10 ? "" : "enough"; }
};

/// What the search itself returns under a budget, in percent.
template <class Search, class Evaluator>
double returned(const Search& search, const Evaluator& evaluator, Budgets::Unit unit,
                std::uint64_t seed, std::int64_t budget) {
  SearchOptions options{.seed = seed};
  if (unit == Budgets::Unit::epochs) options.max_epochs = budget;
  if (unit == Budgets::Unit::trials) options.max_trials = static_cast<int>(budget);
  if (unit == Budgets::Unit::evaluations) options.max_evaluations = static_cast<int>(budget);
  try {
    const auto found = search.run(Evaluator(evaluator), options);
    return found.judgement.failed ? kNone : found.judgement.accuracy.percent();
  } catch (const NothingJudged&) {
    return kNone;
  }
}

/// The first budget from 1 on at which the tournament disagrees with the search, or 0.
template <class Search, class Evaluator>
std::int64_t first_disagreement(const Search& search, const Evaluator& evaluator,
                                const Budgets& budgets, int seeds = 2) {
  const auto result = compare(std::tuple{Entrant{"it", search}}, evaluator, budgets, seeds);
  for (const AnytimeRun& run : result.contenders.front().runs) {
    for (std::size_t i = 1; i < run.steps.size(); ++i)
      EXPECT_LT(run.steps[i - 1].at, run.steps[i].at);
    for (std::int64_t budget = 1; budget <= budgets.largest(); ++budget) {
      const double expected = returned(search, evaluator, budgets.unit(), run.seed, budget);
      const double value = run.value(budget);
      if (value != expected && !(std::isnan(value) && std::isnan(expected))) return budget;
    }
  }
  return 0;
}

TEST(Compare, AValueIsThatOfTheSearchStoppedByThatBudget) {
  SepConvSpace few;  // so few that trials are repeated
  few.depth = {.min = 10, .max = 11};
  few.width = {.min = 16, .max = 18};
  const Evolution evolution({.population = 4, .sample = 2, .lookahead = 3}, {.epochs = 3}, few);
  const Search<LocalSearch, FixedEpochRanker, SepConvSpace> local({}, {.epochs = 2});
  const Search<Silent, Pausing, SepConvSpace> silent;
  for (const Noisy& evaluator : {Noisy{}, Noisy{.failing = 3}, Noisy{.early = true}})
    for (const Budgets& budgets :
         {Budgets::trials({40}), Budgets::evaluations({30}), Budgets::epochs({90})}) {
      EXPECT_EQ(first_disagreement(evolution, evaluator, budgets), 0) << budgets.unit_name();
      EXPECT_EQ(first_disagreement(local, evaluator, budgets), 0) << budgets.unit_name();
      EXPECT_EQ(first_disagreement(silent, evaluator, budgets), 0) << budgets.unit_name();
      EXPECT_EQ(first_disagreement(Greedy(), evaluator, budgets), 0) << budgets.unit_name();
    }
}

/// Three architectures, so that nothing is new after three evaluations.
struct Three {
  struct Architecture {
    int index = 0;
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& entry) { return std::to_string(entry.index); }
  };
  Architecture sample(nascent::Random& random) const { return {random.below(3)}; }
};
struct ThreeScores {
  static Outcome evaluate(const Trial<Three::Architecture>& trial) {
    return Outcome({trial.architecture().index, 3}, {}, 1);
  }
};

TEST(Compare, RepeatsAfterTheLastEvaluationAreFree) {
  // The end is reached by repeats, and its result is not the best one.
  EXPECT_EQ(first_disagreement(Search<Silent, Pausing, Three>(), ThreeScores{},
                               Budgets::evaluations({8}), 10),
            0);
}

TEST(Compare, ABudgetIsSpentExactly) {
  for (const auto& [budgets, trials] : {std::pair{Budgets::trials({3, 17}), 17},
                                        {Budgets::epochs({30, 171}), 17},
                                        {Budgets::evaluations({5, 17}), 17}}) {
    const auto result =
        compare(std::tuple{Entrant{"it", Random({}, {.epochs = 10})}}, Noisy{}, budgets, 3);
    for (const AnytimeRun& run : result.contenders.front().runs) {
      EXPECT_EQ(run.cost.trials, trials) << budgets.unit_name();
      EXPECT_EQ(run.cost.epochs, 170);
      EXPECT_FALSE(run.finished);
    }
  }
}

TEST(Compare, RepeatsAreNoEvaluationsAndASearchWithoutNewOnesEnds) {
  using Search = nascent::Search<RandomStrategy, FixedEpochRanker, Three>;
  const auto result = compare(std::tuple{Entrant{"it", Search({}, {.epochs = 1})}}, ThreeScores{},
                              Budgets::evaluations({3, 5}), 2);
  for (const AnytimeRun& run : result.contenders.front().runs) {
    EXPECT_NEAR(run.value(3), 200.0 / 3, 1e-12);
    EXPECT_EQ(run.cost.trials - run.cost.repeats, 3);
    EXPECT_FALSE(run.finished);
  }
}

TEST(Compare, AFinishedSearchKeepsItsResult) {
  const auto result = compare(std::tuple{Entrant{"it", Random({.trials = 5}, {.epochs = 1})}},
                              Noisy{}, Budgets::trials({5, 100}), 3);
  for (const AnytimeRun& run : result.contenders.front().runs) {
    EXPECT_TRUE(run.finished);
    EXPECT_EQ(run.value(100), run.value(5));
  }
}

TEST(Compare, EqualSearchesAreEqualUnderEverySeed) {
  const auto result = compare(std::vector{Entrant{"one", Random()}, Entrant{"other", Random()}},
                              Noisy{}, Budgets::trials({5, 20}), 6);
  for (const std::int64_t budget : {5, 20}) {
    const auto values = result.contenders[0].values(budget);
    EXPECT_EQ(values, result.contenders[1].values(budget));
    EXPECT_GT(summarise(values).deviation, 0);
  }
  for (const Contrast& contrast : result.contrasts()) {
    EXPECT_EQ(contrast.test.difference, 0);
    EXPECT_EQ(contrast.test.t_p, 1);
    EXPECT_EQ(contrast.test.wilcoxon_p, 1);
    EXPECT_FALSE(contrast.significant());
  }
}

TEST(Compare, ASearchThatIsClearlyBetterIsFound) {
  // Of 200 draws the best is better than of 5, nearly always.
  const auto result = compare(
      std::vector{Entrant{"few", Random({.trials = 5})}, Entrant{"many", Random({.trials = 200})}},
      Noisy{}, Budgets::trials({5, 200}), 10);
  const auto contrasts = result.contrasts();
  ASSERT_EQ(contrasts.size(), 2u);
  EXPECT_EQ(contrasts[0].budget, 5);
  EXPECT_FALSE(contrasts[0].significant());
  EXPECT_EQ(contrasts[1].budget, 200);
  EXPECT_GT(contrasts[1].test.difference, 0);  // many - few
  EXPECT_TRUE(contrasts[1].significant());
}

TEST(Compare, TheSameSeedsGiveTheSameResultOnAnyExecutor) {
  const auto run = [](const Seeds& seeds, auto&&... extras) {
    return values_csv(
        compare<Random, Greedy>(Noisy{.failing = 5}, Budgets::trials({5, 60}), seeds, extras...));
  };
  const std::string inline_text = run(4);
  EXPECT_EQ(run(4), inline_text);
  EXPECT_EQ(run(4, Threads(3)), inline_text);
  EXPECT_NE(run(std::vector<std::uint64_t>{5, 6, 7, 8}), inline_text);
}

TEST(Compare, ValuesAreInTheOrderOfTheSeeds) {
  const auto values = [](const Seeds& seeds) {
    return compare<Random>(Noisy{}, Budgets::trials({10}), seeds).contenders.front().values(10);
  };
  const auto three = values(std::vector<std::uint64_t>{3, 1, 2});
  EXPECT_THAT(values(3), ElementsAre(three[1], three[2], three[0]));
}

/// Knows better than its outcomes.
struct Examiner : Noisy {
  std::vector<std::string>* asked = nullptr;
  Accuracy final_accuracy(const Architecture& found) const {
    asked->push_back(to_string(found));
    return {found.depth(), 1000};
  }
};

TEST(Compare, FinalAccuracyMeasuresWhatWasFoundOncePerIncumbent) {
  std::vector<std::string> asked;
  Examiner evaluator;
  evaluator.asked = &asked;
  const Random search({.trials = 50});
  const auto result = compare(std::tuple{Entrant{"it", search}}, evaluator, Budgets::trials({50}),
                              std::vector<std::uint64_t>{1});
  const auto found = search.run(evaluator, {.seed = 1});
  const AnytimeRun& run = result.contenders.front().runs.front();
  EXPECT_TRUE(result.final_accuracy);
  EXPECT_EQ(run.value(50), found.architecture.depth() / 10.0);
  EXPECT_EQ(run.architecture, to_string(found.architecture));
  EXPECT_EQ(asked.back(), run.architecture);
  EXPECT_EQ(std::adjacent_find(asked.begin(), asked.end()), asked.end());
}

struct Trainer : Examiner {
  static constexpr bool trains_for_final_accuracy = true;
};

TEST(Compare, AFinalAccuracyThatIsATrainingIsMeasuredAtTheBudgetsAlone) {
  std::vector<std::string> every, at_budgets;
  Examiner examiner;
  examiner.asked = &every;
  Trainer trainer;
  trainer.asked = &at_budgets;
  const std::tuple entrants{Entrant{"it", Greedy()}, Entrant{"other", Random({.trials = 80})}};
  const Budgets budgets = Budgets::epochs({100, 600, 100'000});
  const auto all = compare(entrants, examiner, budgets, 3);
  const auto few = compare(entrants, trainer, budgets, 3);
  EXPECT_GT(every.size(), 2 * at_budgets.size());
  for (const std::size_t i : {0, 1})
    for (const std::int64_t budget : budgets.amounts())
      EXPECT_THAT(few.contenders[i].values(budget),
                  ::testing::Pointwise(::testing::NanSensitiveDoubleEq(),
                                       all.contenders[i].values(budget)));
}

TEST(Compare, RunsInADirectoryGoOn) {
  struct Counting : Noisy {
    int* evaluated;
    Outcome evaluate(const Trial<Architecture>& trial) const {
      ++*evaluated;
      return Noisy::evaluate(trial);
    }
  };
  const Scratch scratch;
  int evaluated = 0;
  Counting evaluator;
  evaluator.evaluated = &evaluated;
  const std::tuple entrants{Entrant{"first one", Random({.trials = 9})},
                            Entrant{"second", Random({.trials = 5})}};
  const auto run = [&] {
    return compare(entrants, evaluator, Budgets::trials({20}), 2, RunsIn(scratch / "runs"));
  };
  const auto first = run();
  EXPECT_EQ(evaluated, 28);
  EXPECT_TRUE(std::filesystem::exists(scratch / "runs/first-one/2/journal.jsonl"));
  const auto again = run();
  EXPECT_EQ(evaluated, 28);
  EXPECT_EQ(first.contenders[0].values(20), again.contenders[0].values(20));
}

TEST(Compare, ARunWithoutAResultIsMissingAndNotZero) {
  struct Failing {
    static Outcome evaluate(const Trial<Architecture>&) { return Outcome::failed("always"); }
  };
  for (const auto& result :
       {compare<Random>(Failing{}, Budgets::trials({5}), 2),
        compare<Random>(Noisy{}, Budgets::epochs({5}), 2)}) {  // one trial takes 600
    const Contender& contender = result.contenders.front();
    EXPECT_THAT(contender.values(5), ElementsAre(IsNan(), IsNan()));
    EXPECT_THAT(contender.summary(5).mean, IsNan());
    EXPECT_TRUE(result.curve(contender).empty());
    EXPECT_THAT(comparison_text(result), HasSubstr("at 5 "));
  }
}

TEST(Compare, TheCurveBeginsWhereEveryRunHasAResult) {
  const auto result = compare<Random>(Noisy{.failing = 2}, Budgets::trials({40}), 8);
  const Contender& contender = result.contenders.front();
  const auto curve = result.curve(contender);
  std::int64_t latest = 0;
  for (const AnytimeRun& run : contender.runs) latest = (std::max)(latest, run.steps.front().at);
  EXPECT_GT(latest, 1);
  EXPECT_EQ(curve.front().at, latest);
  EXPECT_EQ(curve.back().at, 40);
  for (const CurvePoint& point : curve)
    EXPECT_EQ(point.mean, contender.summary(point.at).mean) << point.at;
}

TEST(Compare, EveryPairIsTestedOnRequestInOneFamily) {
  const auto result =
      compare(std::vector{Entrant{"a", Random({.trials = 3})}, Entrant{"b", Random({.trials = 9})},
                          Entrant{"c", Random({.trials = 90})}},
              Noisy{}, Budgets::trials({50, 90}), 8);
  EXPECT_EQ(result.contrasts().size(), 4u);
  const auto all = result.contrasts(Against::each_other);
  ASSERT_EQ(all.size(), 6u);
  std::vector<double> p, corrected;
  for (const Contrast& contrast : all) {
    EXPECT_LT(contrast.second, contrast.first);
    p.push_back(contrast.test.t_p);
    corrected.push_back(contrast.t_holm);
  }
  EXPECT_EQ(corrected, holm(p));
}

TEST(Compare, TheProtocolComesWithTheResult) {
  const auto result = compare<Random, Greedy>(testing::Landscape{7}, Budgets::trials({5}), 2);
  const RunInfo& info = result.contenders[1].protocol;
  EXPECT_EQ(result.contenders[1].name, "GreedyMacroMicro");
  EXPECT_EQ(info.strategy, "GreedyMacroMicro");
  EXPECT_EQ(info.ranker, "DynamicEpochRanker");
  EXPECT_EQ(info.evaluator, "testing::Landscape");
  using Option = std::pair<std::string, std::string>;
  EXPECT_THAT(info.options, ::testing::Contains(Option("strategy.grow.gain", "0.1")));
  EXPECT_THAT(info.options, ::testing::Contains(Option("evaluator.world", "7")));
}

TEST(Compare, SearchesOfOneStrategyAreNamedWholly) {
  const auto result = compare<Random, Search<RandomStrategy, DynamicEpochRanker, SepConvSpace>>(
      Noisy{}, Budgets::trials({2}), 2);
  EXPECT_EQ(result.contenders[0].name, "Search<RandomStrategy, FixedEpochRanker, SepConvSpace>");
}

TEST(Compare, ARunThatWasStoppedOtherwiseIsAnError) {
  StopAfter10 stop;
  EXPECT_THAT(message_of<SearchError>([&] {
                compare<Random>(Noisy{}, Budgets::trials({5, 20}), 1, stop);
              }),
              HasSubstr("compare: the run of 'RandomStrategy' with seed 1 was stopped before"));
}

/// Measures a proxy, so that nothing is trained.
struct Proxy {
  Measure measure = Measure::synflow;
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train.score(measure);
    Judgement judgement(outcome);
    judgement.measure = measure;
    co_return judgement;
  }
};

TEST(Compare, ProxiesAreNotPutIntoOneTableWithAccuracies) {
  using ByProxy = Search<RandomStrategy, Proxy, SepConvSpace>;
  const Budgets budgets = Budgets::trials({5});
  const auto proxies = std::tuple{Entrant{"it", ByProxy()}};
  EXPECT_EQ(compare(proxies, Noisy{}, budgets, 2).measure, Measure::synflow);
  EXPECT_THAT(comparison_text(compare(proxies, Noisy{}, budgets, 2)),
              HasSubstr("synflow of what was found, by the signal"));
  const std::tuple mixed{Entrant{"one", Random()}, Entrant{"other", ByProxy()}};
  EXPECT_EQ(message_of<SearchError>([&] { compare(mixed, Noisy{}, budgets, 2); }),
            "compare: 'one' is measured by accuracy, 'other' by synflow; give the evaluator "
            "`final_accuracy`, so that their values compare");
  std::vector<std::string> asked;
  Examiner evaluator;
  evaluator.asked = &asked;
  EXPECT_EQ(compare(mixed, evaluator, budgets, 2).measure, Measure::accuracy);
}

TEST(Compare, NamesMustDiffer) {
  const auto refusal = [](const std::string& one, const std::string& other) {
    return message_of<std::invalid_argument>([&] {
      compare(std::vector{Entrant{one, Random()}, Entrant{other, Random()}}, Noisy{},
              Budgets::trials({1}), 1);
    });
  };
  EXPECT_EQ(refusal("a", "a"), "compare: two searches are named 'a'; give them different names");
  EXPECT_EQ(refusal("a", ""), "compare: give every search a name");
  EXPECT_EQ(message_of<std::invalid_argument>(
                [] { compare(std::vector<Entrant<Random>>{}, Noisy{}, Budgets::trials({1}), 1); }),
            "compare: give at least one search");
}

}  // namespace
}  // namespace nascent
