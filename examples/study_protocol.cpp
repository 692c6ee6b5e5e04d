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

#include "study/trainings.hpp"

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

Comparison compared(const Arguments& a, const study::Trainings<Plain, Joint>& trainings) {
  using Greedy = GreedyMacroMicro;
  const Plain plain = a.space;
  const Joint joint{plain};
  const std::tuple entrants{
      Entrant("greedy", Search<Greedy, DynamicEpochRanker, Plain>({}, a.greedy, plain)),
      Entrant("greedy joint", Search<Greedy, DynamicEpochRanker, Joint>({}, a.greedy, joint)),
      Entrant("evolution",
              Search<AgingEvolution, FixedEpochRanker, Plain>(a.evolve, a.evolution, plain)),
      Entrant("evolution joint",
              Search<AgingEvolution, FixedEpochRanker, Joint>(a.evolve, a.evolution, joint))};
  return compare(entrants, trainings, Budgets::epochs({a.epochs}), study::seeds(a, a.seeds),
                 RunsIn(std::filesystem::path(a.run_dir) / "runs"), study::Lines{});
}

/// A line for each run: what it found and what that cost.
std::string runs_csv(const Comparison& found) {
  std::string csv = "entrant,seed,architecture,test,trials,epochs,seconds\n";
  for (const Contender& contender : found.contenders)
    for (const AnytimeRun& run : contender.runs)
      csv += contender.name + "," + std::to_string(run.seed) + ",\"" + run.architecture + "\"," +
             fixed(run.value(found.budgets.largest()), 4) + "," + std::to_string(run.cost.trials) +
             "," + std::to_string(run.cost.epochs) + "," + fixed(run.cost.seconds, 1) + "\n";
  return csv;
}

void run(const Arguments& a) {
  Json document;
  const TorchEvaluator<> torch = study::evaluator(a, study::parted(a, document));
  const study::Trainings<Plain, Joint> trainings(a, torch, a.final_epochs, a.space, Joint{a.space});
  study::describe(document, a, torch);
  document["seeds"] = a.seeds;
  document["epochs"] = a.epochs;
  document["final_epochs"] = a.final_epochs;
  const Comparison found = compared(a, trainings);
  document["comparison"] = comparison_json(found, Against::each_other);
  document["test_set_opened"] = trainings.times_opened();
  study::write(a, "runs.csv", runs_csv(found));
  if (!a.json) std::printf("%s", comparison_text(found, Against::each_other).c_str());
  study::conclude(a, document);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares joint searches of network and training protocol with plain ones."};
  study::declare(app, a);
  // Both spaces must start from the same protocol, which is the first value of each variable.
  app.remove_option(app.get_option("--batch"));
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
