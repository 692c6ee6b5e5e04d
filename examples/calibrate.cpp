// What a ranker's judgements are worth: any of them against full training on a random sample.
//
//   calibrate --ranker synflow --networks 50 --epochs 50 --run-dir runs/calibrate-synflow
#include <map>
#include <nascent/ranker/asha.hpp>
#include <nascent/ranker/data_subset.hpp>
#include <nascent/ranker/learning_curve.hpp>
#include <nascent/ranker/repeat.hpp>
#include <nascent/ranker/successive_halving.hpp>
#include <nascent/ranker/zero_cost.hpp>
#include <nascent/study/calibrate.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  std::string ranker = "synflow";
  CalibrationOptions sample;
  int short_epochs = 5;
  double share = .25;
};

/// Ranker by ranker, with the options that the command line has for it.
using Calibrate = Calibration (*)(const Arguments&, TorchEvaluator<>&);

template <class Ranker>
Calibration with(const Ranker& ranker, const Arguments& a, TorchEvaluator<>& torch) {
  return calibrate(ranker, a.space, torch, a.sample, study::Lines{}, study::workers(a));
}

template <class Proxy>
Calibration by_proxy(const Arguments& a, TorchEvaluator<>& torch) {
  return with(ZeroCost<Proxy>{}, a, torch);
}

const std::map<std::string, Calibrate> kRankers{
    {"fixed",
     [](auto& a, auto& torch) { return with(FixedEpochRanker{a.short_epochs}, a, torch); }},
    {"repeat",
     [](auto& a, auto& torch) {
       return with(Repeat<3, FixedEpochRanker>{{a.short_epochs}}, a, torch);
     }},
    {"data_subset",
     [](auto& a, auto& torch) {
       return with(DataSubset<>{.share = a.share, .ranker = {a.short_epochs}}, a, torch);
     }},
    {"successive_halving",
     [](auto& a, auto& torch) {
       return with(SuccessiveHalving{.most = a.sample.epochs}, a, torch);
     }},
    {"asha", [](auto& a, auto& torch) { return with(Asha{.most = a.sample.epochs}, a, torch); }},
    {"learning_curve",
     [](auto& a, auto& torch) { return with(LearningCurve{.epochs = a.sample.epochs}, a, torch); }},
    {"parameters", by_proxy<Parameters>},
    {"flops", by_proxy<Flops>},
    {"grad_norm", by_proxy<GradNorm>},
    {"snip", by_proxy<Snip>},
    {"synflow", by_proxy<SynFlow>},
    {"jacob_cov", by_proxy<JacobCov>},
    {"naswot", by_proxy<Naswot>},
    {"l2_norm", by_proxy<L2Norm>}};

Json to_json(const Arguments& a, const Calibration& result, const TorchEvaluator<>& torch) {
  Json json;
  study::describe(json, a, torch);
  json["ranker"] = a.ranker;
  json["networks"] = result.scores.size();
  json["epochs"] = a.sample.epochs;
  json["agreement"] = study::to_json(result.agreement);
  json["parameters"] = study::to_json(result.parameters_agreement);
  const std::pair<const char*, const Cost*> costs[] = {{"ranker_cost", &result.ranker_cost},
                                                       {"full_cost", &result.full_cost}};
  for (const auto& [name, cost] : costs)
    json[name] = {{"epochs", cost->epochs}, {"seconds", cost->seconds}};
  return json;
}

void print(const Arguments& a, const Calibration& result) {
  std::printf(
      "%s on %zu random networks, against %d epochs each; 95 %% intervals\n\n%-20s %-24s "
      "%-24s %10s %10s\n",
      a.ranker.c_str(), result.scores.size(), a.sample.epochs, "", "Spearman", "Kendall", "epochs",
      "seconds");
  const auto row = [](const char* name, const Agreement& agreement, const Cost& cost) {
    std::printf("%-20s %-24s %-24s %10lld %10.1f\n", name,
                study::with_interval(agreement.spearman, agreement.spearman_interval).c_str(),
                study::with_interval(agreement.kendall, agreement.kendall_interval).c_str(),
                static_cast<long long>(cost.epochs), cost.seconds);
  };
  row(a.ranker.c_str(), result.agreement, result.ranker_cost);
  row("parameters", result.parameters_agreement, {});
  std::printf("%-20s %-24s %-24s %10lld %10.1f\n", "full training", "", "",
              static_cast<long long>(result.full_cost.epochs), result.full_cost.seconds);
}

std::string csv(const Calibration& result) {
  std::string text = "architecture,parameters,score,accuracy\n";
  for (std::size_t i = 0; i < result.scores.size(); ++i)
    text += "\"" + result.architectures[i] + "\"," + fixed(result.parameters[i], 0) + "," +
            fixed(result.scores[i], 6) + "," + fixed(result.accuracy[i], 4) + "\n";
  return text;
}

void run(Arguments a) {
  Json data;
  TorchEvaluator<> torch = study::evaluator(a, study::parted(a, data));
  a.space.fit_to(torch.problem());
  a.sample.seed = a.seed;
  a.sample.directory = a.run_dir;
  const Calibration result = kRankers.at(a.ranker)(a, torch);
  study::write(a, "calibration.csv", csv(result));
  data.update(to_json(a, result, torch));
  if (!a.json) print(a, result);
  study::conclude(a, data);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares a ranker's judgements of random networks with full training."};
  study::declare(app, a);
  std::vector<std::string> names;
  for (const auto& [name, ranker] : kRankers) names.push_back(name);
  app.add_option("--ranker", a.ranker, "whose judgements")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  const auto positive = CLI::Range(1, 1'000'000);
  app.add_option("--networks", a.sample.networks, "drawn and trained")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  app.add_option("--epochs", a.sample.epochs, "of a full training")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--short-epochs", a.short_epochs, "of fixed, repeat and data_subset")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--share", a.share, "of the training images, of data_subset")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    run(a);
    return 0;
  });
}
