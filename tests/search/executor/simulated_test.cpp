#include "nascent/search/executor/simulated.hpp"

#include "executor_support.hpp"
#include "nascent/evaluator/published_search.hpp"

namespace nascent {
namespace {

constexpr const char* kPublished[] = {"cifar10-tiny", "cifar10-mobile", "fashionmnist-tiny",
                                      "emnist-tiny"};

struct Replayed {
  std::string found;
  double speed_up;
};

Replayed replay(const std::string& name, int workers) {
  const PublishedSearch record =
      read_published_search(std::string(NASCENT_TEST_DATA) + "/published/" + name + ".csv");
  GreedySearch search({}, {.start = record.macro_epochs, .micro = record.micro_epochs});
  search.space.depth = {record.depth_min, record.depth_max};
  search.space.width = {record.width_min, record.width_max, record.width_step};
  search.space.problem = record.problem;
  ReplayEvaluator evaluator(search.space, record.rows);
  Simulated simulated(workers);
  const auto found = search.run(evaluator, {}, simulated);
  evaluator.finish(found.cost.trials);
  return {to_string(found.architecture),
          static_cast<double>(found.cost.epochs) / simulated.elapsed()};
}

TEST(Simulated, OneWorkerTakesAsLongAsAllEpochs) {
  for (const char* name : kPublished) EXPECT_EQ(replay(name, 1).speed_up, 1) << name;
}

TEST(Simulated, PublishedSearchesAreFasterWithMoreWorkersAndFindTheSame) {
  for (const auto& [workers, least] : {std::pair{2, 1.8}, {4, 2.6}, {8, 2.7}}) {
    double sum = 0;
    for (const char* name : kPublished) {
      const Replayed replayed = replay(name, workers);
      EXPECT_EQ(replayed.found, replay(name, 1).found) << name;
      sum += replayed.speed_up;
    }
    EXPECT_GE(sum / 4, least) << workers << " workers";
  }
}

TEST(Simulated, AnyNumberOfWorkersGivesTheTrajectoryOfOne) {
  for (std::uint64_t world = 1; world <= 6; ++world) {
    const testing::Landscape landscape{.world = world, .failing = 4};
    for (const int workers : {1, 2, 5, 16})
      EXPECT_EQ(story_of(GreedySearch{}, landscape, {.max_trials = 150}, Simulated(workers)),
                story_of(GreedySearch{}, landscape, {.max_trials = 150}));
  }
}

TEST(Simulated, IndependentTrialsTakeAsLongAsTheirShareOfTheWorkers) {
  Simulated four(4);
  AllAtOnceSearch({.trials = 40}, {.epochs = 3}).run(testing::Landscape{}, {}, four);
  EXPECT_EQ(four.elapsed(), 30);
}

}  // namespace
}  // namespace nascent
