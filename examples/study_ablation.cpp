// What the parts of the paper's search are good for: a tournament of the search and of the search
// without each of them, k seeds each, paired tests against the whole.
//
//   study_ablation --data cifar10 --data-dir DIR --seeds 10 --final-epochs 20 --run-dir
//   runs/ablation
//
// The value of a search is the accuracy of its network on held-out images after a training from
// scratch, alike for all. Writes values.csv and report.html to the run directory.
#include <nascent/evaluator/final_trainings.hpp>
#include <nascent/tournament/compare.hpp>
#include <nascent/tournament/comparison_page.hpp>
#include <nascent/tournament/runs_in.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  int seeds = 10, final_epochs = 20, fixed_epochs = 0;
  DynamicEpochRanker ranker;
};

/// The search without its last phase.
struct MacroPhases {
  Grow grow{};
  Prune prune{};

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> grown = co_await grow(space, judge);
    Judged<Space> pruned = co_await prune(space, judge, grown);
    co_return pruned;
  }
};

/// The same phases in another order: first narrower, then deeper.
struct PruneGrowMicro {
  Grow grow{};
  Prune prune{};
  Micro micro{};

  template <MacroMicroSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> start = co_await judge(space.start(), Move::start);
    judge.incumbent(start);
    Judged<Space> pruned = co_await prune(space, judge, start);
    Judged<Space> grown = co_await grow(space, judge, pruned);
    Judged<Space> found = co_await micro(space, judge, grown);
    co_return found;
  }
};

/// Without the operation variable: all layers stay separable.
using SeparableSpace =
    ChainSpace<Depth<10, 100>, Width<16, 64, 2>, Operations<SeparableConv>, Kernels<3, 5>>;

/// Trains candidates, and measures what a search has found by a training of its own.
class Examined {
 public:
  static constexpr bool trains_for_final_accuracy = true;

  Examined(const Arguments& a, TorchEvaluator<> torch)
      : torch_(std::move(torch)),
        space_(a.space),
        epochs_(a.final_epochs),
        seed_(mix(a.seed)),
        kept_(std::make_shared<FinalTrainings>(a.run_dir)) {
    space_.fit_to(torch_.problem());
  }

  Outcome evaluate(const NetworkTrial& trial, Monitor& monitor) const {
    return torch_.evaluate(trial, monitor);
  }
  Problem problem() const { return torch_.problem(); }
  std::string machine() const { return torch_.machine(); }
  template <class Field>
  void options(Field&& field) const {
    torch_.options(field);
  }

  /// On held-out images: choosing between searches is no use for the test set.
  Accuracy final_accuracy(const Architecture& architecture) const {
    FinalTraining final{to_string(architecture), epochs_, seed_};
    if (const auto known = kept_->find(final)) return known->accuracy.held_out;
    struct Quiet : Monitor {
    } quiet;
    const Outcome outcome =
        torch_.evaluate({space_.describe(architecture), {epochs_}, seed_}, quiet);
    final.accuracy.held_out = outcome.accuracy;
    kept_->add(final);
    return outcome.accuracy;
  }

 private:
  TorchEvaluator<> torch_;
  SepConvSpace space_;
  int epochs_;
  std::uint64_t seed_;
  std::shared_ptr<FinalTrainings> kept_;
};

template <class Space>
Space within(const Arguments& a) {
  Space space;
  space.depth = {.min = a.space.depth.min, .max = a.space.depth.max};
  space.width = {.min = a.space.width.min, .max = a.space.width.max};
  return space;
}

auto entrants(const Arguments& a) {
  const auto space = within<SepConvSpace>(a);
  const FixedEpochRanker fixed{a.fixed_epochs > 0 ? a.fixed_epochs : a.ranker.start};
  GreedyMacroMicro uncompensated;
  uncompensated.micro.compensate_width = false;
  return std::tuple{Entrant{"paper", Search(GreedyMacroMicro{}, a.ranker, space)},
                    Entrant{"without operations",
                            Search(GreedyMacroMicro{}, a.ranker, within<SeparableSpace>(a))},
                    Entrant{"fixed epochs", Search(GreedyMacroMicro{}, fixed, space)},
                    Entrant{"without micro", Search(MacroPhases{}, a.ranker, space)},
                    Entrant{"without width compensation", Search(uncompensated, a.ranker, space)},
                    Entrant{"prune before grow", Search(PruneGrowMicro{}, a.ranker, space)}};
}

/// No variant trains for more epochs: every depth, every width and every choice once, each as long
/// as the longest.
std::int64_t most_epochs(const Arguments& a) {
  const std::int64_t depths = a.space.depth.max - a.space.depth.min + 1;
  const std::int64_t widths = (a.space.width.max - a.space.width.min) / a.space.width.step + 1;
  const std::int64_t longest = a.ranker.start + a.fixed_epochs + a.ranker.deeper * depths +
                               a.ranker.narrower * widths + a.ranker.micro;
  return (depths + widths + 1 + 2 * a.space.depth.max) * longest;
}

void run(const Arguments& a) {
  Json document;
  TorchEvaluator<> torch = study::evaluator(a, study::parted(a, document));
  study::describe(document, a, torch);
  std::filesystem::create_directories(a.run_dir);
  const Examined evaluator(a, torch);
  const Comparison comparison =
      compare(entrants(a), evaluator, Budgets::epochs({most_epochs(a)}), study::seeds(a, a.seeds),
              RunsIn(a.run_dir), study::Lines{});
  study::write(a, "values.csv", values_csv(comparison));
  study::write(a, "report.html", comparison_page(comparison));
  document["final_epochs"] = a.final_epochs;
  document.update(comparison_json(comparison));
  study::conclude(a, document);
  if (a.json) return;
  std::printf("%s", comparison_text(comparison).c_str());
  std::printf("\n%-28s %8s %10s\n", "cost of a search, mean", "epochs", "seconds");
  for (const Contender& contender : comparison.contenders) {
    double epochs = 0, seconds = 0;
    for (const AnytimeRun& each : contender.runs) {
      epochs += static_cast<double>(each.cost.epochs) / static_cast<double>(contender.runs.size());
      seconds += each.cost.seconds / static_cast<double>(contender.runs.size());
    }
    std::printf("%-28s %8.1f %10.1f\n", contender.name.c_str(), epochs, seconds);
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares the paper's search with itself without each of its parts."};
  study::declare(app, a);
  study::declare(app, a.ranker);
  const auto positive = CLI::Range(1, 1'000'000);
  app.add_option("--seeds", a.seeds, "searches of each variant")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--final-epochs", a.final_epochs, "of the networks found, from scratch")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--fixed-epochs", a.fixed_epochs,
                 "of the variant with fixed epochs (default: those of the first candidate)")
      ->check(positive);
  return run_program(app, argc, argv, [&] {
    run(a);
    return 0;
  });
}
