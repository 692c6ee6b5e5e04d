// Strategies on tables of trained networks, against check numbers from elsewhere: means of the best
// validation accuracy after n distinct evaluations, over 1,000 runs of an implementation that
// shares no code with this one; and exact expectations where they exist.
#include <cmath>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/evaluator/table_evaluator.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/table_space.hpp"
#include "nascent/space/trans_nas_macro_space.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

template <class Base>
struct Published {
  TableSpace<Base> space;
  TableEvaluator evaluator;
  std::vector<double> scores;  // the best first

  Published(const std::string& file, const std::string& metric)
      : Published(std::make_shared<const Table>(
                      read_table(std::string(NASCENT_TEST_DATA) + "/tables/" + file, {metric})),
                  metric) {}

 private:
  Published(std::shared_ptr<const Table> table, const std::string& metric)
      : space({}, table), evaluator(table, metric) {
    for (int row = 0; row < table->size(); ++row) scores.push_back(table->number(row, 0));
    std::sort(scores.rbegin(), scores.rend());
  }
};

const Published<NasBench201Space>& cells() {
  static const Published<NasBench201Space> table("nasbench201-cifar10.csv", "validation_accuracy");
  return table;
}

const Published<TransNasMacroSpace>& scenes() {
  static const Published<TransNasMacroSpace> table("transnas101-macro-class_scene.csv",
                                                   "validation_score");
  return table;
}

struct Mean {
  double mean, sd;
};

constexpr int kRuns = 150;

template <class Base, class Strategy>
Mean measured(const Published<Base>& table, const Strategy& strategy, int evaluations,
              int runs = kRuns) {
  const Search<Strategy, FixedEpochRanker, TableSpace<Base>> search(strategy, {.epochs = 1},
                                                                    table.space);
  double sum = 0, squares = 0;
  for (int run = 0; run < runs; ++run) {
    const auto found = search.run(
        table.evaluator, {.seed = static_cast<std::uint64_t>(run), .max_evaluations = evaluations});
    EXPECT_EQ(found.cost.trials - found.cost.repeats, evaluations);
    EXPECT_EQ(found.cost.failures, 0);
    const double best = found.judgement.accuracy.percent();
    sum += best, squares += best * best;
  }
  const double mean = sum / runs;
  return {mean, std::sqrt(squares / runs - mean * mean)};
}

template <class Base, class Strategy>
void expect_published(const Published<Base>& table, const Strategy& strategy, int evaluations,
                      Mean reference) {
  EXPECT_NEAR(measured(table, strategy, evaluations).mean, reference.mean,
              3 * reference.sd * std::sqrt(1.0 / kRuns + 1.0 / 1000))
      << evaluations;
}

/// Of the best of `n` drawn without replacement: the k-th best of m wins with probability
/// C(m - k, n - 1) / C(m, n).
Mean best_of(const std::vector<double>& scores, int n) {
  const auto m = static_cast<double>(scores.size());
  double mean = 0, square = 0, wins = n / m;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    mean += wins * scores[k];
    square += wins * scores[k] * scores[k];
    const double left = m - static_cast<double>(k) - 1;  // scores that are no better
    wins *= (left - n + 1) / left;
    if (wins <= 0) break;
  }
  return {mean, std::sqrt(square - mean * mean)};
}

TEST(PublishedTables, RandomSearchHasTheExactExpectation) {
  const auto expect_exact = [](const auto& table, int n, Mean published) {
    const Mean exact = best_of(table.scores, n);
    EXPECT_NEAR(exact.mean, published.mean, 3 * exact.sd * std::sqrt(1.0 / 1000)) << n;
    EXPECT_NEAR(exact.sd, published.sd, 0.1 * exact.sd) << n;
    EXPECT_NEAR(measured(table, RandomStrategy{}, n).mean, exact.mean,
                3 * exact.sd / std::sqrt(kRuns))
        << n;
  };
  expect_exact(cells(), 10, {89.705, .704});
  expect_exact(cells(), 50, {90.522, .411});
  expect_exact(cells(), 100, {90.753, .306});
  expect_exact(cells(), 200, {90.924, .241});
  expect_exact(scenes(), 50, {56.364, .350});
  expect_exact(scenes(), 100, {56.562, .303});
}

TEST(PublishedTables, AgingEvolutionFindsWhatItFindsElsewhere) {
  const AgingEvolution small{.population = 10, .sample = 3};
  expect_published(cells(), small, 50, {90.812, .441});
  expect_published(cells(), small, 100, {91.158, .281});
  expect_published(cells(), small, 200, {91.351, .166});
  expect_published(cells(), AgingEvolution{.population = 30, .sample = 10}, 100, {91.300, .217});
  expect_published(scenes(), small, 50, {56.495, .389});
  expect_published(scenes(), small, 100, {56.762, .288});
}

TEST(PublishedTables, LocalSearchFindsWhatItFindsElsewhere) {
  const LocalSearch first{.step = LocalSearch::Step::first};
  expect_published(cells(), first, 50, {91.099, .397});
  expect_published(cells(), first, 100, {91.322, .221});
  expect_published(cells(), first, 200, {91.449, .128});
}

// 52 local maxima under one-operation changes, best 91.57.
TEST(PublishedTables, TheLandscapeOfCellsIsTheOneDescribed) {
  const auto& [space, evaluator, scores] = cells();
  EXPECT_EQ(scores.size(), 15'625u);
  EXPECT_DOUBLE_EQ(scores.front(), 91.57);
  const Table& table = space.table();
  int maxima = 0;
  for (int row = 0; row < table.size(); ++row) {
    const auto around = space.neighbours(space.parse(table.codes()[static_cast<std::size_t>(row)]));
    maxima += std::none_of(around.begin(), around.end(), [&](const NasBench201Cell& other) {
      return table.number(table.find(to_string(other)), 0) > table.number(row, 0);
    });
  }
  EXPECT_EQ(maxima, 52);
}

TEST(PublishedTables, SearchesKeepTheLaws) {
  const auto law = [](const auto& table, const auto& strategy) {
    using Space = std::remove_cvref_t<decltype(table.space)>;
    const Search<std::remove_cvref_t<decltype(strategy)>, FixedEpochRanker, Space> search(
        strategy, {.epochs = 1}, table.space);
    return testing::broken_law(search, table.evaluator, {.max_trials = 40});
  };
  EXPECT_EQ(law(cells(), AgingEvolution{.population = 10, .sample = 3}), "");
  EXPECT_EQ(law(scenes(), AgingEvolution{.population = 10, .sample = 3}), "");
  EXPECT_EQ(law(scenes(), LocalSearch{}), "");
}

}  // namespace
}  // namespace nascent
