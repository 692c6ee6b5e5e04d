// The paper's ranking study (section 3.2): how early, and by what, can networks be ranked? And how
// far apart are the networks of the space?
//
//   study_ranking --networks 240 --epochs 50 --data cifar10 --data-dir DIR --run-dir runs/ranking
//
// Trains a random sample and ranks it by what was known earlier: the accuracy after fewer epochs,
// parameters, FLOPs, proxies; then dynamically, the k-th smallest network trained for k epochs.
// Writes networks.csv, static.csv and dynamic.csv to the run directory.
#include <nascent/study/ranking.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  int networks = 240, epochs = 50, draws = 1000;
};

constexpr Measure kProxies[] = {Measure::grad_norm, Measure::snip,   Measure::synflow,
                                Measure::jacob_cov, Measure::naswot, Measure::l2_norm};

/// A score of all networks; the larger, the better.
struct Score {
  std::string name;
  std::vector<double> values;
};

class Study {
 public:
  explicit Study(const Arguments& a)
      : a_(a), torch_(study::evaluator(a_, study::parted(a_, document_))) {
    study::describe(document_, a_, torch_);
    a_.space.fit_to(torch_.problem());
  }

  void go() {
    train();
    add_spread();
    rank_statically();
    if (networks_.size() >= static_cast<std::size_t>(a_.epochs) && a_.epochs > 1)
      rank_dynamically();
    study::conclude(a_, document_);
  }

 private:
  void train() {
    const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search(
        {.trials = a_.networks, .batch = a_.networks}, {a_.epochs}, a_.space);
    Journal journal(a_.run_dir);
    History<SepConvSpace> history;
    const auto found = search.run(torch_, {.seed = a_.seed}, journal, history,
                                  study::Lines{a_.networks}, StopOnInterrupt(), study::workers(a_));
    if (!found.finished())
      throw std::runtime_error("stopped (" + found.stopped + "); the same command goes on");
    document_["epochs"] = a_.epochs;
    document_["seconds"] = found.cost.seconds;
    document_["failures"] = found.cost.failures;
    for (const auto& [trial, outcome] : history.entries)
      if (outcome.ok() && !outcome.repeated()) add(trial.architecture(), trial.seed, outcome);
    std::string csv = "architecture,parameters,flops";
    for (int e = 1; e <= a_.epochs; ++e) csv += ",epoch_" + std::to_string(e);
    for (const RankedNetwork& network : networks_) {
      csv += "\n\"" + network.architecture + "\"," + std::to_string(network.parameters) + "," +
             std::to_string(network.flops);
      for (const double accuracy : network.accuracy) csv += "," + fixed(accuracy, 4);
    }
    study::write(a_, "networks.csv", csv + "\n");
  }

  void add(const Architecture& architecture, std::uint64_t seed, const Outcome& outcome) {
    const NetworkDescription network = a_.space.describe(architecture);
    RankedNetwork ranked{to_string(architecture), network.parameters(), network.flops(), {}};
    double best = 0;
    for (const std::int32_t correct : outcome.curve) {
      best = std::max(best, 100.0 * correct / static_cast<double>(outcome.accuracy.total));
      ranked.accuracy.push_back(best);
    }
    networks_.push_back(std::move(ranked));
    described_.push_back(network);
    seeds_.push_back(seed);
  }

  /// The space study: how far apart random networks are.
  void add_spread() {
    std::vector<double> values =
        each_of(networks_, [](const RankedNetwork& n) { return n.final_accuracy(); });
    std::sort(values.begin(), values.end());
    const Spread spread = spread_of(values);
    document_["networks"] = values.size();
    document_["accuracy"] = {{"least", values.front()},
                             {"median", spread.median.value},
                             {"mean", spread.mean.value},
                             {"best", spread.best.value}};
    if (!a_.json)
      std::printf(
          "%zu random networks after %d epochs: %.2f to %.2f %%, median %.2f, mean %.2f\n\n",
          values.size(), a_.epochs, values.front(), values.back(), spread.median.value,
          spread.mean.value);
  }

  /// Proxies on the first batch; what has no score is worse than all.
  Score proxy(Measure measure) const {
    Score score{std::string(to_string(measure)), {}};
    const HoldOut& data = torch_.data();
    const ImageBatch batch = evaluation_batch(data.train, Normalizer(data.mean, data.deviation), 0,
                                              a_.recipe.batch, Device(a_.device));
    for (std::size_t i = 0; i < described_.size(); ++i) try {
        score.values.push_back(zero_cost_score(measure, described_[i], mix(seeds_[i]), batch));
      } catch (const std::domain_error&) {
        score.values.push_back(-std::numeric_limits<double>::infinity());
      }
    return score;
  }

  std::vector<Score> scores() const {
    std::vector<Score> all{
        {"parameters", each_of(networks_, [](const auto& n) { return n.parameters; })},
        {"flops", each_of(networks_, [](const auto& n) { return n.flops; })}};
    for (const Measure measure : kProxies) all.push_back(proxy(measure));
    for (int e = 1; e <= a_.epochs; ++e)
      all.push_back({"accuracy after " + std::to_string(e) + (e == 1 ? " epoch" : " epochs"),
                     each_of(networks_, [&](const auto& n) {
                       return n.accuracy[static_cast<std::size_t>(e - 1)];
                     })});
    return all;
  }

  void rank_statically() {
    const std::vector<double> final_accuracy =
        each_of(networks_, [](const auto& n) { return n.final_accuracy(); });
    std::string csv =
        "score,spearman,spearman_low,spearman_high,kendall,kendall_low,kendall_high\n";
    if (!a_.json)
      std::printf("%-28s %-24s %s\n", "static ranking by", "Spearman with the final",
                  "Kendall (95 % intervals)");
    for (const Score& score : scores()) {
      const Agreement agreement = agreement_of(score.values, final_accuracy);
      document_["static"][score.name] = study::to_json(agreement);
      csv += score.name;
      for (const double value :
           {agreement.spearman, agreement.spearman_interval.low, agreement.spearman_interval.high,
            agreement.kendall, agreement.kendall_interval.low, agreement.kendall_interval.high})
        csv += "," + fixed(value, 4);
      csv += "\n";
      if (!a_.json)
        std::printf("%-28s %-24s %s\n", score.name.c_str(),
                    study::with_interval(agreement.spearman, agreement.spearman_interval).c_str(),
                    study::with_interval(agreement.kendall, agreement.kendall_interval).c_str());
    }
    study::write(a_, "static.csv", csv);
  }

  void rank_dynamically() {
    const auto rankings = dynamic_rankings(networks_, a_.draws, a_.seed);
    std::string csv = "spearman_parameters,spearman_final,kendall_parameters,kendall_final\n";
    for (const DynamicRanking& r : rankings)
      csv += fixed(r.spearman_parameters, 4) + "," + fixed(r.spearman_final, 4) + "," +
             fixed(r.kendall_parameters, 4) + "," + fixed(r.kendall_final, 4) + "\n";
    study::write(a_, "dynamic.csv", csv);
    if (!a_.json)
      std::printf(
          "\ndynamic ranking, the k-th smallest of %d networks trained for k epochs; mean of "
          "%d draws, [95 %% of them]\n",
          a_.epochs, a_.draws);
    row("parameters", rankings, &DynamicRanking::spearman_parameters,
        &DynamicRanking::kendall_parameters);
    row("final accuracy", rankings, &DynamicRanking::spearman_final,
        &DynamicRanking::kendall_final);
  }

  void row(const char* with, const std::vector<DynamicRanking>& rankings,
           double DynamicRanking::*spearman, double DynamicRanking::*kendall) {
    const auto text = [&](const char* name, double DynamicRanking::*which) {
      std::vector<double> values;
      for (const DynamicRanking& r : rankings)
        if (!std::isnan(r.*which)) values.push_back(r.*which);
      if (values.empty()) return std::string("-");
      std::sort(values.begin(), values.end());
      const Interval interval{quantile_of_sorted(values, .025), quantile_of_sorted(values, .975)};
      const double mean = mean_of(values).value;
      document_["dynamic"][with][name] = mean;
      document_["dynamic"][with][std::string(name) + "_interval"] = {interval.low, interval.high};
      return study::with_interval(mean, interval);
    };
    const std::string rho = text("spearman", spearman), tau = text("kendall", kendall);
    if (!a_.json)
      std::printf("%-28s %-24s %s\n", (std::string("with ") + with).c_str(), rho.c_str(),
                  tau.c_str());
  }

  Arguments a_;
  Json document_;
  TorchEvaluator<> torch_;
  std::vector<RankedNetwork> networks_;
  std::vector<NetworkDescription> described_;
  std::vector<std::uint64_t> seeds_;
};

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Ranks random networks by what is known before they are trained to the end."};
  study::declare(app, a);
  const auto positive = CLI::Range(2, 1'000'000);
  app.add_option("--networks", a.networks, "drawn and trained")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--epochs", a.epochs, "of each training")->check(positive)->capture_default_str();
  app.add_option("--draws", a.draws, "of as many networks as epochs, for the dynamic ranking")
      ->check(positive)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    Study(a).go();
    return 0;
  });
}
