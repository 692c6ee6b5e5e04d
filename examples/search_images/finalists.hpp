// The networks that search_images trains again at its end, on equal terms, and what it says of
// them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <exception>
#include <nascent/evaluator/final_trainings.hpp>
#include <nascent/nascent.hpp>
#include <nascent/report/run_summary.hpp>
#include <nascent/search/stopwatch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// A network that is trained again at the end, on equal terms with the others.
struct Finalist {
  std::string name;
  nascent::Architecture architecture;
  nascent::Judgement judgement;  // in the search
  int seeds = 1;
  std::vector<nascent::FinalAccuracy> finals{};
};

/// Of accuracies, in percent.
inline std::vector<double> percents(const std::vector<nascent::FinalAccuracy>& finals,
                                    nascent::Accuracy nascent::FinalAccuracy::*which) {
  std::vector<double> values;
  for (const auto& final : finals) values.push_back((final.*which).percent());
  return values;
}

/// How far accuracies of one network with several seeds lie apart: their standard deviation, in
/// points; no number for one seed.
inline double seed_noise(const std::vector<nascent::FinalAccuracy>& finals,
                         nascent::Accuracy nascent::FinalAccuracy::*which) {
  return nascent::mean_of(percents(finals, which)).error *
         std::sqrt(static_cast<double>(finals.size()));
}

/// Networks drawn at random under the same bounds, each with its final training.
class RandomNetworks {
 public:
  RandomNetworks() = default;
  RandomNetworks(int count, const nascent::SepConvSpace& space, std::uint64_t seed) {
    nascent::Random random(seed, "baseline of random networks");
    for (int i = 0; i < count; ++i)
      list_.push_back({"random " + std::to_string(i + 1), space.sample(random), {}});
  }

  std::vector<Finalist>& list() { return list_; }
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }

  /// The error of the best is that of its images (reading-a-report.md).
  nascent::Spread spread(nascent::Accuracy nascent::FinalAccuracy::*which) const {
    nascent::Spread spread = nascent::spread_of(percents(finals(), which));
    const auto images = static_cast<double>((finals().front().*which).total);
    spread.best = nascent::estimate_of(spread.best.value, images);
    return spread;
  }

  /// With the relative improvement of `found` over them.
  nlohmann::ordered_json to_json(const nascent::SepConvSpace& space, const Finalist& found) const {
    nlohmann::ordered_json json;
    for (const Finalist& network : list_)
      json["networks"].push_back({{"architecture", to_string(network.architecture)},
                                  {"parameters", space.parameters(network.architecture)}});
    json["final_held_out"] = percents(finals(), &nascent::FinalAccuracy::held_out);
    json["final_test"] = percents(finals(), &nascent::FinalAccuracy::test);
    json["ri_held_out"] = improvements(found, &nascent::FinalAccuracy::held_out);
    json["ri_test"] = improvements(found, &nascent::FinalAccuracy::test);
    return json;
  }

 private:
  std::vector<nascent::FinalAccuracy> finals() const {
    std::vector<nascent::FinalAccuracy> all;
    for (const Finalist& network : list_) all.push_back(network.finals.front());
    return all;
  }

  nlohmann::ordered_json improvements(const Finalist& found,
                                      nascent::Accuracy nascent::FinalAccuracy::*which) const {
    const nascent::Estimate ours = nascent::mean_of(percents(found.finals, which));
    const nascent::Spread theirs = spread(which);
    nlohmann::ordered_json json;
    const std::pair<const char*, nascent::Estimate> those[] = {
        {"mean", theirs.mean}, {"median", theirs.median}, {"best", theirs.best}};
    for (const auto& [name, than] : those) {
      const nascent::Estimate improvement = nascent::relative_improvement(ours, than);
      json[name] = {{"value", improvement.value}, {"standard_error", nullptr}};
      if (std::isfinite(improvement.error)) json[name]["standard_error"] = improvement.error;
    }
    return json;
  }

  std::vector<Finalist> list_;
};

/// Trains finalists afresh with each of their seeds, several at once, and opens the test set for
/// each; what `kept` has already is taken from there.
template <class Train>
class FinalPhase {
 public:
  /// `train(architecture, epochs, seed)` gives a FinalAccuracy.
  FinalPhase(nascent::FinalTrainings& kept, int epochs, std::uint64_t seed, Train train)
      : kept_(kept), epochs_(epochs), seed_(seed), train_(std::move(train)) {}

  void run(const std::vector<Finalist*>& finalists) {
    std::vector<std::pair<Finalist*, std::size_t>> jobs;
    for (Finalist* finalist : finalists) {
      finalist->finals.resize(static_cast<std::size_t>(finalist->seeds));
      for (std::size_t i = 0; i < finalist->finals.size(); ++i) jobs.emplace_back(finalist, i);
    }
    std::atomic<std::size_t> next = 0;
    std::vector<std::exception_ptr> errors(jobs.size());
    const auto work = [&] {
      for (std::size_t job; (job = next++) < jobs.size();) try {
          train(*jobs[job].first, jobs[job].second);
        } catch (...) {
          errors[job] = std::current_exception();
        }
    };
    {
      std::vector<std::jthread> workers;
      const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
      for (unsigned i = 0; i < std::min<std::size_t>(cores, jobs.size()); ++i)
        workers.emplace_back(work);
    }
    for (const std::exception_ptr& error : errors)
      if (error) std::rethrow_exception(error);
  }

 private:
  void train(Finalist& finalist, std::size_t repeat) {
    nascent::FinalTraining training{
        to_string(finalist.architecture), epochs_,
        nascent::stable_hash("final " + std::to_string(repeat), nascent::mix(seed_))};
    const auto known = kept_.find(training);
    if (known) {
      training = *known;
    } else {
      const nascent::Stopwatch used;
      training.accuracy = train_(finalist.architecture, epochs_, training.seed);
      training.seconds = used.seconds();
      kept_.add(training);
    }
    finalist.finals[repeat] = training.accuracy;
    std::fprintf(stderr, "  %-10s %s: %.2f %% on the test set%s\n", finalist.name.c_str(),
                 training.architecture.c_str(), training.accuracy.test.percent(),
                 known ? " (known)" : "");
  }

  nascent::FinalTrainings& kept_;
  int epochs_;
  std::uint64_t seed_;
  Train train_;
};
