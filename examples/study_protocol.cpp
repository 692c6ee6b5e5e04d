// Network and training protocol searched together, beside the network alone at equal epochs (the
// future work of the paper): greedy search and evolution, on each of the two spaces.
//
//   study_protocol --data-dir DIR --seeds 5 --epochs 1000 --final-epochs 100 --run-dir
//   runs/protocol
#include <nascent/space/variable/batch_size.hpp>
#include <nascent/space/variable/learning_rate.hpp>
#include <nascent/space/variable/weight_decay.hpp>
#include <nascent/strategy/aging_evolution.hpp>
#include <nascent/tournament/compare.hpp>
#include <nascent/tournament/comparison_json.hpp>
#include <nascent/tournament/runs_in.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

using Plain = SepConvSpace;
using Joint = JointSpace<Plain, LearningRate<.025, .05, .1>, WeightDecay<3e-4, 1e-4, 1e-3>,
                         BatchSize<64, 32>>;

struct Arguments : study::Arguments {
  int seeds = 3, final_epochs = 20;
  std::int64_t epochs = 100;
  DynamicEpochRanker greedy;
  FixedEpochRanker evolution{2};
  AgingEvolution evolve{.population = 10, .sample = 3};
};

/// Measures what a search found by a training of its own, on the test set.
struct Trainings : TorchEvaluator<> {
  static constexpr bool trains_for_final_accuracy = true;

  Plain plain;
  Joint joint;
  int final_epochs;

  Trainings(const TorchEvaluator<>& torch, const Arguments& a)
      : TorchEvaluator<>(torch), plain(a.space), joint{a.space}, final_epochs(a.final_epochs) {
    plain.fit_to(problem());
    joint.fit_to(problem());
  }
  Accuracy final_accuracy(const Plain::Architecture& network) const {
    return trained({plain.describe(network), {final_epochs}, kFinalSeed});
  }
  Accuracy final_accuracy(const Joint::Architecture& network) const {
    NetworkTrial trial{joint.describe(network), {final_epochs}, kFinalSeed};
    trial.recipe = joint.recipe_changes(network);
    return trained(trial);
  }

 private:
  static constexpr std::uint64_t kFinalSeed = 1'000'003;  // of no search

  Accuracy trained(const NetworkTrial& trial) const {
    Monitor unwatched;
    return TorchEvaluator<>::final_accuracy(trial, unwatched).test;
  }
};

Comparison compared(const Arguments& a, const Trainings& trainings) {
  using Greedy = GreedyMacroMicro;
  const std::tuple entrants{
      Entrant("greedy", Search<Greedy, DynamicEpochRanker, Plain>({}, a.greedy, trainings.plain)),
      Entrant("greedy joint",
              Search<Greedy, DynamicEpochRanker, Joint>({}, a.greedy, trainings.joint)),
      Entrant("evolution", Search<AgingEvolution, FixedEpochRanker, Plain>(a.evolve, a.evolution,
                                                                           trainings.plain)),
      Entrant("evolution joint", Search<AgingEvolution, FixedEpochRanker, Joint>(
                                     a.evolve, a.evolution, trainings.joint))};
  return compare(entrants, trainings, Budgets::epochs({a.epochs}), a.seeds,
                 RunsIn(std::filesystem::path(a.run_dir) / "runs"), study::Lines{});
}

void run(const Arguments& a) {
  Json document;
  const Trainings trainings(study::evaluator(a, study::parted(a, document)), a);
  study::describe(document, a, trainings);
  document["seeds"] = a.seeds;
  document["final_epochs"] = a.final_epochs;
  const Comparison found = compared(a, trainings);
  document["comparison"] = comparison_json(found, Against::each_other);
  study::write(a, "values.csv", values_csv(found));
  study::write(a, "study.json", document.dump(2) + "\n");
  if (a.json)
    std::printf("%s\n", document.dump(2).c_str());
  else
    std::printf("%s", comparison_text(found, Against::each_other).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares joint searches of network and training protocol with plain ones."};
  study::declare(app, a);
  const auto positive = CLI::Range(1, 1'000'000);
  app.add_option("--seeds", a.seeds, "runs of every search")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--epochs", a.epochs, "of every run")->check(positive)->capture_default_str();
  app.add_option("--final-epochs", a.final_epochs, "for what was found")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--start-epochs", a.greedy.start, "of the greedy search's first network")
      ->check(positive)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    run(a);
    return 0;
  });
}
