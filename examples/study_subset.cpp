// Which share of the training images keeps the ranking of networks, and what it costs (the future
// work of the paper); and whether a search on that share finds better networks for the same cost.
//
//   study_subset --data-dir DIR --networks 50 --epochs 50 --seeds 10 --run-dir runs/subset
//
// First random networks: trained on shares, and on all images for fewer epochs, against trainings
// on all images. Then evolution on the shares, beside evolution on all images, for as many images
// trained on. Writes shares.csv, searches.csv and study.json to the run directory.
#include <cmath>
#include <nascent/ranker/data_subset.hpp>
#include <nascent/strategy/aging_evolution.hpp>
#include <nascent/tournament/compare.hpp>
#include <nascent/tournament/runs_in.hpp>

#include "study/trainings.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  int networks = 20, epochs = 20, seeds = 5, search_epochs = 100, final_epochs = 20;
  std::vector<double> shares{.1, .25, .5};
  FixedEpochRanker candidate{2};
  AgingEvolution evolution{.population = 10, .sample = 3};
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

/// The first part: how well a cheaper training ranks.
class Ranking {
 public:
  Ranking(const Arguments& a, TorchEvaluator<>& torch)
      : a_(a),
        torch_(torch),
        full_(judged(a, "full", FixedEpochRanker{a.epochs}, torch)),
        truth_(accuracies(full_)) {}

  void run(Json& document) {
    if (!a_.json)
      std::printf("%-12s %6s %6s  %-22s  %-22s %8s %8s %12s\n", "images", "share", "epochs",
                  "Spearman", "Kendall", "seconds", "of all", "Spearman/min");
    for (const Subset subset : {Subset::random, Subset::stratified, Subset::k_centre})
      for (const double share : a_.shares) {
        const std::string name(to_string(subset));
        add(name, share, a_.epochs,
            judged(a_, name + "-" + fixed(share, 3), DataSubset<>{share, subset, {a_.epochs}},
                   torch_));
      }
    for (const double share : a_.shares) {
      const int epochs = std::max(1, static_cast<int>(std::lround(share * a_.epochs)));
      add("all", 1, epochs,
          judged(a_, "all-" + std::to_string(epochs), FixedEpochRanker{epochs}, torch_));
    }
    add("all", 1, a_.epochs, full_);
    document["shares"] = rows_;
    study::write(a_, "shares.csv", csv_);
  }

 private:
  void add(const std::string& images, double share, int epochs, const Found<SepConvSpace>& part) {
    const std::vector<double> scores = accuracies(part);
    const Agreement agreement = agreement_of(scores, truth_);
    const double per_minute = 60 * agreement.spearman / part.cost.seconds;
    Json row{{"images", images}, {"share", share}, {"epochs", epochs}};
    row.update(study::to_json(agreement));
    row["seconds"] = part.cost.seconds;
    row["seconds_of_all"] = full_.cost.seconds;
    row["spearman_per_minute"] = per_minute;
    rows_.push_back(row);
    if (!a_.json)
      std::printf("%-12s %6.3f %6d  %-22s  %-22s %8.1f %7.0f%% %12s\n", images.c_str(), share,
                  epochs,
                  study::with_interval(agreement.spearman, agreement.spearman_interval).c_str(),
                  study::with_interval(agreement.kendall, agreement.kendall_interval).c_str(),
                  part.cost.seconds, 100 * part.cost.seconds / full_.cost.seconds,
                  study::number(per_minute, 3).c_str());
    for (std::size_t i = 0; i < truth_.size(); ++i)
      csv_ += images + "," + fixed(share, 3) + "," + std::to_string(epochs) + ",\"" +
              to_string(part.judged[i].architecture) + "\"," + fixed(scores[i], 4) + "," +
              fixed(truth_[i], 4) + "\n";
  }

  const Arguments& a_;
  TorchEvaluator<>& torch_;
  Found<SepConvSpace> full_;
  std::vector<double> truth_;
  Json rows_ = Json::array();
  std::string csv_ = "images,share,epochs,architecture,accuracy,accuracy_on_all\n";
};

/// The second part: searches for as many images trained on.
class Searches {
 public:
  Searches(const Arguments& a, const TorchEvaluator<>& torch)
      : a_(a), trainings_(a, torch, a.final_epochs, a.space) {}

  void run(Json& document) {
    const Contender plain = searched(1);
    if (!a_.json)
      std::printf("\nevolution for %lld images; what it found, trained for %d epochs on all\n",
                  static_cast<long long>(a_.search_epochs) * trainings_.data().train.size(),
                  a_.final_epochs);
    std::vector<Contender> parts;
    std::vector<PairedTest> tests;
    std::vector<double> t, wilcoxon;
    for (const double share : a_.shares) {
      parts.push_back(searched(share));
      tests.push_back(test_pairs(values(parts.back()), values(plain)));
      t.push_back(tests.back().t_p);
      wilcoxon.push_back(tests.back().wilcoxon_p);
    }
    const std::vector<double> t_holm = holm(t), wilcoxon_holm = holm(wilcoxon);
    add(1, plain);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Json& row = add(a_.shares[i], parts[i]);
      row["difference"] = tests[i].difference;
      row["difference_standard_error"] = tests[i].standard_error;
      row["t_p"] = tests[i].t_p;
      row["t_p_holm"] = t_holm[i];
      row["wilcoxon_p"] = tests[i].wilcoxon_p;
      row["wilcoxon_p_holm"] = wilcoxon_holm[i];
      if (!a_.json)
        std::printf(
            "%-12s against all images: %s +- %s, t-test p %s (Holm %s), Wilcoxon p %s (Holm %s)\n",
            "", study::number(tests[i].difference, 2).c_str(),
            study::number(tests[i].standard_error, 2).c_str(),
            study::number(tests[i].t_p, 3).c_str(), study::number(t_holm[i], 3).c_str(),
            study::number(tests[i].wilcoxon_p, 3).c_str(),
            study::number(wilcoxon_holm[i], 3).c_str());
    }
    document["searches"] = rows_;
    document["test_set_opened"] = trainings_.times_opened();
    study::write(a_, "searches.csv", csv_);
  }

 private:
  static std::vector<double> values(const Contender& contender) {
    return contender.values((std::numeric_limits<std::int64_t>::max)());
  }

  /// An epoch of a share costs a share of an epoch.
  Contender searched(double share) {
    const Search<AgingEvolution, DataSubset<>, SepConvSpace> search(
        a_.evolution, {share, Subset::stratified, a_.candidate}, a_.space);
    const std::string name = share == 1 ? "all images" : "share " + fixed(share, 3);
    const auto epochs = static_cast<std::int64_t>(std::llround(a_.search_epochs / share));
    return compare(std::tuple{Entrant(name, search)}, trainings_, Budgets::epochs({epochs}),
                   study::seeds(a_, a_.seeds),
                   RunsIn(std::filesystem::path(a_.run_dir) / "searches"), study::Lines{})
        .contenders.front();
  }

  Json& add(double share, const Contender& contender) {
    const Summary test = summarise(values(contender));
    double seconds = 0, networks = 0;
    for (const AnytimeRun& run : contender.runs) {
      seconds += run.cost.seconds / static_cast<double>(contender.runs.size());
      networks += run.cost.trials / static_cast<double>(contender.runs.size());
      csv_ += fixed(share, 3) + "," + std::to_string(run.seed) + ",\"" + run.architecture + "\"," +
              fixed(values(contender)[&run - contender.runs.data()], 4) + "," +
              std::to_string(run.cost.trials) + "," + std::to_string(run.cost.epochs) + "," +
              fixed(run.cost.seconds, 1) + "\n";
    }
    rows_.push_back({{"share", share},
                     {"test", test.mean},
                     {"deviation", test.deviation},
                     {"standard_error", test.standard_error},
                     {"candidates", networks},
                     {"seconds", seconds}});
    if (!a_.json)
      std::printf("share %.3f: %s +- %s %% on the test set; %.1f candidates, %.1f s a search\n",
                  share, study::number(test.mean, 2).c_str(),
                  study::number(test.standard_error, 2).c_str(), networks, seconds);
    return rows_.back();
  }

  const Arguments& a_;
  study::Trainings<SepConvSpace> trainings_;
  Json rows_ = Json::array();
  std::string csv_ = "share,seed,architecture,test,candidates,epochs,seconds\n";
};

void run(const Arguments& a) {
  Json document;
  TorchEvaluator<> torch = study::evaluator(a, study::parted(a, document));
  study::describe(document, a, torch);
  document["networks"] = a.networks;
  document["epochs"] = a.epochs;
  document["seeds"] = a.seeds;
  document["search_epochs"] = a.search_epochs;
  document["candidate_epochs"] = a.candidate.epochs;
  document["final_epochs"] = a.final_epochs;
  if (a.networks > 0) Ranking(a, torch).run(document);
  if (a.seeds > 0) Searches(a, torch).run(document);
  study::conclude(a, document);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{
      "Compares trainings and searches on shares of the images with those on all of them."};
  study::declare(app, a);
  const auto positive = CLI::Range(1, 1'000'000);
  const auto count = CLI::Range(0, 1'000'000);
  app.add_option("--networks", a.networks, "drawn and trained to be ranked; 0 leaves this part out")
      ->check(count)
      ->capture_default_str();
  app.add_option("--epochs", a.epochs, "of the trainings that are ranked")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--shares", a.shares, "of the training images")
      ->delimiter(',')
      ->check(CLI::Range(1e-6, 1.0));
  app.add_option("--seeds", a.seeds, "searches on each share; 0 leaves this part out")
      ->check(count)
      ->capture_default_str();
  app.add_option("--search-epochs", a.search_epochs, "of a search on all images; more on a share")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--candidate-epochs", a.candidate.epochs, "of a candidate of a search")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--final-epochs", a.final_epochs, "for what was found")
      ->check(positive)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    run(a);
    return 0;
  });
}
