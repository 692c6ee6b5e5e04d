#include "nascent/strategy/greedy_macro_micro.hpp"

#include "../support/support.hpp"
#include "nascent/testing/landscape.hpp"
#include "reference_search.hpp"

namespace nascent {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;

using PaperSearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;
using TrgSearch = Search<GreedyMacroMicro, FixedEpochRanker, TrgSpace>;
using Lines = std::vector<std::string>;

/// What a search of depth 10.., width ..64 asked, stage by stage.
Lines stage(const Scripted& script, const std::string& name) {
  Lines lines;
  for (const std::string& line : script.asked)
    if (line.starts_with(name + " ")) lines.push_back(line.substr(name.size() + 1));
  return lines;
}

Scripted run(std::vector<int> scores, PaperSearch search = {}, std::vector<int> trained = {}) {
  Scripted script{std::move(scores), {}, std::move(trained)};
  search.run(script);
  return script;
}

// Grow.

TEST(Grow, AThresholdMetExactlyAcceptsAndTheThirdFailureEnds) {
  // 8510 is 0.10 points more; then 8514, 8505 are free passes; 8504 fails; 8520 accepts.
  const Scripted script = run({8500, 8510, 8514, 8505, 8504, 8520, 8514, 8514, 8514, 0});
  EXPECT_THAT(stage(script, "grow"),
              ElementsAre("d10 w64 e10", "d11 w64 e11", "d12 w64 e12", "d13 w64 e13", "d14 w64 e14",
                          "d15 w64 e15", "d16 w64 e16", "d17 w64 e17", "d18 w64 e18"));
  EXPECT_EQ(stage(script, "prune").front(), "d15 w62 e20");  // epochs go on from the last grown
}

TEST(Grow, AFreePassIsNeitherAcceptedNorCountedAndResetsNothing) {
  // Fail, pass, fail, pass, pass, fail: the third failure, though never two in a row.
  const Scripted script = run({8500, 8400, 8509, 8400, 8495, 8500, 8400, 0});
  EXPECT_EQ(stage(script, "grow").size(), 7u);
  EXPECT_EQ(stage(script, "prune").front(), "d10 w62 e18");  // no pass was accepted
}

TEST(Grow, OnlyAnAcceptanceResetsTheFailures) {
  const Scripted script = run({8500, 8400, 8400, 8510, 8400, 8400, 8400, 0});
  EXPECT_EQ(stage(script, "grow").size(), 7u);
  EXPECT_EQ(stage(script, "prune").front(), "d13 w62 e18");
}

TEST(Grow, EndsAtTheLargestDepth) {
  PaperSearch search;
  search.space.depth.max = 12;
  EXPECT_THAT(stage(run({8500, 8600, 8700, 0}, search), "grow"),
              ElementsAre("d10 w64 e10", "d11 w64 e11", "d12 w64 e12"));
  search.space.depth.max = 10;
  EXPECT_EQ(stage(run({8500, 0}, search), "grow").size(), 1u);
}

TEST(Grow, EndsAtASaturatedBest) {
  EXPECT_EQ(stage(run({9800, 9989, 9990, 0}), "grow").size(), 6u);  // 9990 gains too little
  EXPECT_EQ(stage(run({9800, 9990, 0}), "grow").size(), 2u);
  EXPECT_EQ(stage(run({9990, 0}), "grow").size(), 1u);
}

TEST(Grow, EndsWhenTheBestFitsItsTrainingImages) {
  EXPECT_EQ(stage(run({9000, 9100, 0}, {}, {9000, 9951}), "grow").size(), 2u);
  EXPECT_EQ(stage(run({9000, 9100, 0}, {}, {9000, 9950}), "grow").size(), 5u);  // not beyond 99.5 %
  EXPECT_EQ(stage(run({9000, 8900, 0}, {}, {9000, 9990}), "grow").size(), 4u);  // not the best's
}

// Prune.

TEST(Prune, ATieIsAcceptedAndThreeConsecutiveFailuresEnd) {
  // Grow ends after 8499, 0, 0, 0; then a tie, fail, fail, better, fail, fail, fail.
  const Scripted script = run({8500, 0, 0, 0, 8500, 8499, 8499, 8501, 8500, 8500, 8500, 0});
  EXPECT_THAT(stage(script, "prune"),
              ElementsAre("d10 w62 e15", "d10 w60 e17", "d10 w58 e19", "d10 w56 e21", "d10 w54 e23",
                          "d10 w52 e25", "d10 w50 e27"));
  EXPECT_THAT(stage(script, "baseline"), ElementsAre("d10 w56 e2"));
}

TEST(Prune, EndsAtTheSmallestWidth) {
  PaperSearch search;
  search.space.width.min = 59;
  const Scripted script = run({8500, 0, 0, 0, 8500, 8500, 8500, 0}, search);
  EXPECT_THAT(stage(script, "prune"), ElementsAre("d10 w62 e15", "d10 w60 e17"));
}

TEST(Prune, TheBestCarriesOverFromGrow) {
  const Scripted script = run({8500, 8600, 0, 0, 0, 8599, 8599, 8599, 0});
  EXPECT_THAT(stage(script, "baseline"), ElementsAre("d11 w64 e2"));
}

// Micro.

/// A search that is at its micro phase after 5 trials: depth 10, width 64 is the baseline.
PaperSearch micro_only() {
  PaperSearch search;
  search.strategy.grow.patience = 1;
  search.strategy.prune.patience = 1;
  return search;
}
std::vector<int> after_macro(std::vector<int> scores) {
  scores.insert(scores.begin(), {8500, 0, 0});
  return scores;
}

TEST(Micro, AChangeIsKeptOnlyIfStrictlyBetter) {
  const Scripted script = run(after_macro({5000, 5000, 5001, 5001, 5002, 0}), micro_only());
  const Lines replaced = stage(script, "replace");
  ASSERT_EQ(replaced.size(), 10u);
  EXPECT_THAT(replaced[0], ::testing::HasSubstr(" csssssssss "));
  EXPECT_THAT(replaced[1], ::testing::HasSubstr(" scssssssss "));  // a tie was undone
  EXPECT_THAT(replaced[2], ::testing::HasSubstr(" sccsssssss "));
  EXPECT_THAT(replaced[3], ::testing::HasSubstr(" scscssssss "));
  EXPECT_THAT(replaced[4], ::testing::HasSubstr(" scsccsssss "));
  EXPECT_THAT(script.asked, ::testing::Contains(EndsWith(" e2")).Times(21));
  const Lines updated = stage(script, "update");
  ASSERT_EQ(updated.size(), 10u);
  EXPECT_THAT(updated[0], ::testing::HasSubstr(" scscssssss 5333333333 e2"));
  EXPECT_THAT(updated[9], ::testing::HasSubstr(" scscssssss 3333333335 e2"));
}

TEST(Micro, WidthPaysForParametersFromTheMacroWidthDown) {
  const SepConvSpace space;
  const std::int64_t budget = space.parameters(Architecture(10, 64)) + 10'000;
  // Everything is better, so every change is kept; each still starts from the macro width.
  std::vector<int> rising{5000};
  for (int i = 1; i <= 20; ++i) rising.push_back(5000 + i);
  PaperSearch search = micro_only();
  Scripted script{after_macro(rising)};
  const auto found = search.run(script);
  Architecture plain(10, 64);
  std::int64_t before = 0;
  for (int layer = 0; layer < 10; ++layer) {
    plain.layers[static_cast<std::size_t>(layer)].operation = 'c';
    plain.width = 64;
    while (space.parameters(plain) > budget) --plain.width;
    before = space.parameters(plain);
    EXPECT_EQ(stage(script, "replace")[static_cast<std::size_t>(layer)],
              "d10 w" + std::to_string(plain.width) + " " + operations_of(plain) + " e2");
  }
  // Update starts from the width remembered, with a budget of its own.
  const int remembered = plain.width;
  for (int layer = 0; layer < 10; ++layer) {
    plain.layers[static_cast<std::size_t>(layer)].kernel = 5;
    plain.width = remembered;
    while (space.parameters(plain) > before + 10'000) --plain.width;
    EXPECT_EQ(stage(script, "update")[static_cast<std::size_t>(layer)],
              "d10 w" + std::to_string(plain.width) + " cccccccccc " + kernels_of(plain) + " e2");
  }
  EXPECT_EQ(found.architecture, plain);
  EXPECT_LT(plain.width, remembered);
}

TEST(Micro, ALayerThatFitsAtNoWidthIsSkipped) {
  PaperSearch search = micro_only();
  const std::int64_t smallest =
      search.space.parameters(search.space.with_operation(Architecture(10, 1), 0, 1));
  // Just enough for layer 0 to become plain at width 1, which is more than others need.
  search.strategy.micro.extra = smallest - search.space.parameters(Architecture(10, 64));
  EXPECT_EQ(stage(run(after_macro({5000, 0}), search), "replace").front(), "d10 w1 csssssssss e2");
  search.strategy.micro.extra -= 1000;
  const Scripted script = run(after_macro({5000, 0}), search);
  EXPECT_THAT(stage(script, "replace"), ::testing::IsEmpty());
  EXPECT_THAT(stage(script, "baseline"), ElementsAre("d10 w64 e2"));
}

struct Other : Conv {
  static constexpr char letter = 'o';
};

TEST(Micro, ThreeOperationsAreTriedInTheirListedOrder) {
  using Space = ChainSpace<Depth<3, 3>, Width<8, 8>, Operations<SeparableConv, Conv, Other>,
                           Kernels<3, 5, 7>>;
  Search<GreedyMacroMicro, FixedEpochRanker, Space> search({}, {.epochs = 1});
  search.strategy.micro.compensate_width = false;
  Scripted script{{10, 10, 11, 10, 10, 10, 10, 12, 13, 14, 0}};
  const auto found = search.run(script);
  EXPECT_THAT(
      script.asked,
      ElementsAre("grow d3 w8 e1", "baseline d3 w8 e1", "replace d3 w8 css e1",
                  "replace d3 w8 oss e1", "replace d3 w8 ccs e1", "replace d3 w8 cos e1",
                  "replace d3 w8 csc e1", "replace d3 w8 cso e1", "update d3 w8 cso 533 e1",
                  "update d3 w8 cso 733 e1", "update d3 w8 cso 753 e1", "update d3 w8 cso 773 e1",
                  "update d3 w8 cso 735 e1", "update d3 w8 cso 737 e1"));
  EXPECT_EQ(to_string(found.architecture), "d3 w8 ops=cso kernels=733");
}

struct Pointwise {
  static constexpr char letter = 'p';
  static constexpr std::string_view name = "pointwise convolution";
  static void describe(NetworkBuilder& net, LayerTarget target) {
    net.convolution({.channels = target.channels, .kernel = 1, .stride = target.stride});
  }
};

// A cheap operation after a dear one that was kept gets its width back.
TEST(Micro, EveryChangeStartsFromTheMacroWidth) {
  using Space = ChainSpace<Depth<3, 3>, Width<32, 32>, Operations<SeparableConv, Conv, Pointwise>,
                           Kernels<3>>;
  Search<GreedyMacroMicro, FixedEpochRanker, Space> search({}, {.epochs = 1});
  Scripted script{{10, 10, 11, 12, 0}};
  search.run(script);
  EXPECT_EQ(script.asked[2], "replace d3 w28 css e1");
  EXPECT_EQ(script.asked[3], "replace d3 w32 pss e1");
}

TEST(GreedyMacroMicro, TellsTheEndOfEachPhase) {
  Scripted script{after_macro({5000, 5001, 5001, 0})};
  const auto found = micro_only().run(script);
  ASSERT_EQ(found.milestones.size(), 5u);
  const char* names[] = {"grow", "prune", "baseline", "replace", "update"};
  const int trials[] = {2, 3, 4, 14, 24};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(found.milestones[i].name, names[i]);
    EXPECT_EQ(found.milestones[i].cost.trials, trials[i]);
  }
  EXPECT_EQ(found.milestones[1].reached.accuracy(), (Accuracy{8500, 10'000}));
  EXPECT_EQ(found.architecture, found.milestones[4].reached.architecture);
}

TEST(GreedyMacroMicro, EndsAfterPruneWhereOnlyTheMacroSearchIsAskedFor) {
  PaperSearch search = micro_only();
  search.strategy.macro_only = true;
  Scripted script{after_macro({5000, 5001, 5001, 0})};
  const auto found = search.run(script);
  ASSERT_EQ(found.milestones.size(), 2u);
  EXPECT_EQ(found.milestones[1].name, "prune");
  EXPECT_EQ(found.cost.trials, 3);
  EXPECT_EQ(found.architecture, found.milestones[1].reached.architecture);
}

TEST(GreedyMacroMicro, SurvivesFailuresEverywhere) {
  // The start fails: the first that works is accepted.
  EXPECT_EQ(stage(run({-1, 100, 99, -1, 0, -1}), "prune").front(), "d11 w62 e17");
  // Failures count as failures, never as free passes.
  EXPECT_EQ(stage(run({-1, -1, -1, -1, 0}), "grow").size(), 4u);
  // The baseline fails: what micro finds first is better; nothing found: the macro network stays.
  PaperSearch search = micro_only();
  Scripted later{after_macro({-1, -1, 20, 10})};
  EXPECT_EQ(operations_of(search.run(later).architecture), "scssssssss");
  Scripted never{after_macro({-1})};
  const auto found = search.run(never);
  EXPECT_EQ(found.architecture, Architecture(10, 64));
  EXPECT_FALSE(found.judgement.failed);
  EXPECT_EQ(found.judgement.accuracy, (Accuracy{8500, 10'000}));
}

// Whole searches against plain loops.

/// Tells both the same landscape, and writes down what each asked.
struct Compared {
  Lines asked;
  std::string found;
};

template <class Search>
Compared ours(const Search& search, const testing::Landscape& landscape) {
  struct Writer {
    Compared& to;
    void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
      to.asked.push_back(std::string(stage_of(trial.move())) + " " +
                         to_string(trial.architecture()) + " e" +
                         std::to_string(trial.fidelity.epochs));
    }
  };
  Compared result;
  const auto found = search.run(landscape, {}, Writer{result});
  result.found = to_string(found.architecture);
  return result;
}

template <class Reference>
Compared plain_loops(Reference algorithm, const testing::Landscape& landscape) {
  Compared result;
  result.found = algorithm([&](const std::string& stage, const reference::Net& net, int epochs) {
                   result.asked.push_back(stage + " " + net.text() + " e" + std::to_string(epochs));
                   const Outcome outcome = landscape.outcome(net.text(), epochs);
                   return reference::Score{outcome.ok(), static_cast<int>(outcome.accuracy.correct),
                                           static_cast<int>(outcome.train_accuracy.correct)};
                 }).text();
  return result;
}

reference::Bounds bounds_of(const auto& space) {
  return {space.depth.min, space.depth.max, space.width.min, space.width.max, space.width.step};
}

TEST(GreedyMacroMicro, IsThePlainLoopsOfThePaperInHundredsOfWorlds) {
  std::size_t grown = 0, pruned = 0;
  for (std::uint64_t world = 0; world < 240; ++world) {
    const testing::Landscape landscape{world,
                                       world % 3 == 0 ? 0 : static_cast<int>(world % 12) + 2};
    PaperSearch search;
    Random random(world, "bounds");
    search.space.depth = {3 + random.below(6), 12 + random.below(4)};
    search.space.width = {1 + random.below(8), 10 + random.below(20), 1 + random.below(3)};
    search.strategy.micro.extra = std::int64_t{100} * random.below(100) - 500;
    const Compared loops = plain_loops(
        [&](const reference::Trainer& train) {
          return reference::paper(bounds_of(search.space), train, search.strategy.micro.extra);
        },
        landscape);
    const Compared engine = ours(search, landscape);
    ASSERT_EQ(engine.asked, loops.asked) << "world " << world;
    // Where a whole phase failed, the loops return the failure and Nascent what worked.
    if (landscape.failing == 0) {
      ASSERT_EQ(engine.found, loops.found) << "world " << world;
    }
    for (const std::string& line : loops.asked)
      grown += line.starts_with("grow"), pruned += line.starts_with("prune");
  }
  EXPECT_GT(grown, 240u * 4);  // the worlds are varied enough
  EXPECT_GT(pruned, 240u * 3);
}

TEST(TrgNas, IsThePlainLoopsOfItsRulesInHundredsOfWorlds) {
  for (std::uint64_t world = 0; world < 240; ++world) {
    const testing::Landscape landscape{world,
                                       world % 3 == 0 ? 0 : static_cast<int>(world % 12) + 2};
    TrgSearch search(trg_nas());
    Random random(world, "bounds");
    search.space.depth = {3 + random.below(6), 12 + random.below(4)};
    search.space.width = {1 + random.below(8), 10 + random.below(20), 1 + random.below(4)};
    reference::Bounds bounds = bounds_of(search.space);
    bounds.kernels = "357";
    const Compared loops = plain_loops(
        [&](const reference::Trainer& train) { return reference::trg(bounds, train); }, landscape);
    const Compared engine = ours(search, landscape);
    ASSERT_EQ(engine.asked, loops.asked) << "world " << world;
    if (landscape.failing == 0) {
      ASSERT_EQ(engine.found, loops.found) << "world " << world;
    }
  }
}

// By hand from TRG-NAS's rules: thresholds of .25 and .15 points met exactly, a prune measured by
// what Grow reached, the first 2 * 13 / 3 = 8 layers, a change of exactly .10 points undone.
TEST(TrgNas, FollowsATraceWorkedOutByHand) {
  Scripted script{{9000, 9025, 9024, 9050, 9035, 9034,  // grow: +, +.25, pass, +, pass, end
                   9000, 9090, 8999,                    // prune by 9050 - 50
                   9100, 9101, 9000, 9000, 9000, 9000, 9000, 9112,  // replace, best 9090
                   9122, 9123, 9124, 9134, 0}};                     // update: no, 7, no, 7
  TrgSearch search(trg_nas(), {.epochs = 600});
  const auto found = search.run(script);
  EXPECT_THAT(script.asked, Each(EndsWith(" e600")));
  for (std::string& line : script.asked) line.resize(line.size() - 5);
  EXPECT_THAT(
      Lines(script.asked.begin(), script.asked.begin() + 9),
      ElementsAre("grow d10 w72", "grow d11 w72", "grow d12 w72", "grow d13 w72", "grow d14 w72",
                  "grow d15 w72", "prune d13 w68", "prune d13 w64", "prune d13 w60"));
  ASSERT_EQ(script.asked.size(), 9u + 8 + 16);
  EXPECT_EQ(script.asked[9], "replace d13 w64 cssssssssssss");   // 9100 is 9090 + .10: undone
  EXPECT_EQ(script.asked[10], "replace d13 w64 scsssssssssss");  // 9101: kept
  EXPECT_EQ(script.asked[16],
            "replace d13 w64 scsssssc"
            "sssss");
  EXPECT_EQ(script.asked[17],
            "update d13 w64 scsssssc"
            "sssss 5333333333333");  // 9122: undone
  EXPECT_EQ(script.asked[18],
            "update d13 w64 scsssssc"
            "sssss 7333333333333");  // 9123: kept
  EXPECT_EQ(script.asked[19],
            "update d13 w64 scsssssc"
            "sssss 7533333333333");
  EXPECT_EQ(script.asked[20],
            "update d13 w64 scsssssc"
            "sssss 7733333333333");  // 9134: kept
  EXPECT_EQ(script.asked.back(),
            "update d13 w64 scsssssc"
            "sssss 7733333733333");
  EXPECT_EQ(to_string(found.architecture), "d13 w64 ops=scssssscsssss kernels=7733333333333");
}

}  // namespace
}  // namespace nascent
