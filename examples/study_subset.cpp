// Which share of the training images keeps the ranking of networks, and what it costs (the future
// work of the paper): random networks trained on shares, against trainings on all images.
//
//   study_subset --data-dir DIR --networks 50 --epochs 50 --run-dir runs/subset
#include <nascent/ranker/data_subset.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  int networks = 20, epochs = 20;
  std::vector<double> shares{.1, .25, .5};
};

/// All networks, judged by `ranker`; the same ones whatever the ranker.
template <class Ranker>
Found<SepConvSpace> judged(const Arguments& a, const std::string& name, const Ranker& ranker,
                           TorchEvaluator<>& torch) {
  const Search<RandomStrategy, Ranker, SepConvSpace> search(
      {.trials = a.networks, .batch = a.networks}, ranker, a.space);
  Journal journal(std::filesystem::path(a.run_dir) / name);
  auto found = search.run(torch, {.seed = a.seed}, journal, study::workers(a), study::Lines{});
  if (!found.finished() || found.cost.failures > 0)
    throw std::runtime_error(name + ": not all networks were trained (" + found.stopped +
                             found.first_failure + "); run the study again");
  return found;
}

std::vector<double> accuracies(const Found<SepConvSpace>& found) {
  std::vector<double> all;
  for (const auto& network : found.judged) all.push_back(network.accuracy().percent());
  return all;
}

void run(const Arguments& a) {
  Json document;
  TorchEvaluator<> torch = study::evaluator(a, study::parted(a, document));
  study::describe(document, a, torch);
  document["networks"] = a.networks;
  document["epochs"] = a.epochs;
  const auto full = judged(a, "full", FixedEpochRanker{a.epochs}, torch);
  const std::vector<double> truth = accuracies(full);
  std::string csv = "subset,share,architecture,accuracy,accuracy_on_all\n";
  if (!a.json)
    std::printf("%-12s %6s  %-22s  %-22s %8s %10s %10s\n", "subset", "share", "Spearman", "Kendall",
                "seconds", "of all", "images/all");
  for (const Subset subset : {Subset::random, Subset::stratified, Subset::k_centre})
    for (const double share : a.shares) {
      const std::string name = std::string(to_string(subset)) + "-" + fixed(share, 3);
      const auto part = judged(a, name, DataSubset<>{share, subset, {a.epochs}}, torch);
      const Agreement agreement = agreement_of(accuracies(part), truth);
      Json row{{"subset", to_string(subset)}, {"share", share}};
      row.update(study::to_json(agreement));
      row["seconds"] = part.cost.seconds;
      row["seconds_on_all"] = full.cost.seconds;
      document["shares"].push_back(row);
      if (!a.json)
        std::printf("%-12s %6.3f  %-22s  %-22s %8.1f %9.0f%% %9.0f%%\n",
                    std::string(to_string(subset)).c_str(), share,
                    study::with_interval(agreement.spearman, agreement.spearman_interval).c_str(),
                    study::with_interval(agreement.kendall, agreement.kendall_interval).c_str(),
                    part.cost.seconds, 100 * part.cost.seconds / full.cost.seconds, 100 * share);
      for (std::size_t i = 0; i < truth.size(); ++i)
        csv += std::string(to_string(subset)) + "," + fixed(share, 3) + ",\"" +
               to_string(part.judged[i].architecture) + "\"," +
               fixed(part.judged[i].accuracy().percent(), 4) + "," + fixed(truth[i], 4) + "\n";
    }
  study::write(a, "shares.csv", csv);
  study::write(a, "study.json", document.dump(2) + "\n");
  if (a.json) std::printf("%s\n", document.dump(2).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares trainings on shares of the images with trainings on all of them."};
  study::declare(app, a);
  app.add_option("--networks", a.networks, "drawn and trained")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  app.add_option("--epochs", a.epochs, "of every training")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--shares", a.shares, "of the training images")
      ->delimiter(',')
      ->check(CLI::Range(1e-6, 1.0));
  return run_program(app, argc, argv, [&] {
    run(a);
    return 0;
  });
}
