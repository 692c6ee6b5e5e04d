// What a ranker's judgements are worth: against full training, on a random sample.
//
//     const Calibration c = calibrate(ZeroCost<SynFlow>{}, space, evaluator, {.networks = 50});
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nascent/ranker/fixed_epoch_ranker.hpp"
#include "nascent/search/journal.hpp"
#include "nascent/search/search.hpp"
#include "nascent/strategy/random_strategy.hpp"
#include "nascent/study/agreement.hpp"

namespace nascent {

/// How a ranker is calibrated.
struct CalibrationOptions {
  int networks = 20;                  ///< drawn at random, by the space's own measure
  int epochs = 50;                    ///< of a full training
  std::uint64_t seed = 1;             ///< of the draws and of all trainings
  std::filesystem::path directory{};  ///< of the journals, so that it goes on; empty: none
  BootstrapOptions bootstrap{};       ///< of the intervals
};

/// A ranker's judgements beside full trainings of the same networks.
struct Calibration {
  std::vector<std::string> architectures{};  ///< of both samples, as text
  std::vector<double> scores{}, accuracy{};  ///< the ranker's, and after full training, %
  std::vector<double> parameters{};          ///< of the networks; empty where the space counts none
  Agreement agreement{};                     ///< of the scores with the accuracies
  Agreement parameters_agreement{};          ///< of the parameters with them: what is to be beaten
  Cost ranker_cost{}, full_cost{};           ///< of all judgements, and of all full trainings
};

namespace detail {

/// Every network of a random sample, judged; its journal is in `directory`, where one is named.
template <class Ranker, class Space, class Evaluator, class... Extras>
Found<Space> judge_sample(const Ranker& ranker, const Space& space, Evaluator& evaluator,
                          const CalibrationOptions& options, const char* name, Extras&... extras) {
  const Search<RandomStrategy, Ranker, Space> search(
      {.trials = options.networks, .batch = options.networks}, ranker, space);
  const SearchOptions run{.seed = options.seed};
  if (options.directory.empty()) return search.run(evaluator, run, extras...);
  Journal journal(options.directory / name);
  return search.run(evaluator, run, journal, extras...);
}

template <class Space>
const Judged<Space>* judged_of(const Found<Space>& found, const std::string& architecture) {
  for (const Judged<Space>& judged : found.judged)
    if (!judged.failed() && to_string(judged.architecture) == architecture) return &judged;
  return nullptr;
}

}  // namespace detail

/// Lets `ranker` judge a random sample, trains the same networks fully, and compares. Networks that
/// fail on either side are left out. `extras` are callbacks and at most one executor. Throws
/// SearchError when either part was stopped before its end.
template <class Ranker, class Space, class Evaluator, class... Extras>
Calibration calibrate(const Ranker& ranker, const Space& space, Evaluator&& evaluator,
                      const CalibrationOptions& options, Extras&&... extras) {
  const auto judged = detail::judge_sample(ranker, space, evaluator, options, "ranker", extras...);
  const auto full = detail::judge_sample(FixedEpochRanker{options.epochs}, space, evaluator,
                                         options, "full", extras...);
  for (const auto* found : {&judged, &full})
    if (!found->finished())
      throw SearchError("calibrate: stopped (" + found->stopped +
                        ") before all networks were judged; run it again to the end");
  Calibration result;
  result.ranker_cost = judged.cost;
  result.full_cost = full.cost;
  for (const auto& network : judged.judged) {
    const std::string text = to_string(network.architecture);
    const auto* trained = detail::judged_of(full, text);
    if (network.failed() || !trained) continue;
    result.architectures.push_back(text);
    result.scores.push_back(network.accuracy().percent());
    result.accuracy.push_back(trained->accuracy().percent());
    if constexpr (requires { full.space.parameters(network.architecture); })
      result.parameters.push_back(static_cast<double>(full.space.parameters(network.architecture)));
  }
  result.agreement = agreement_of(result.scores, result.accuracy, options.bootstrap);
  if (!result.parameters.empty())
    result.parameters_agreement =
        agreement_of(result.parameters, result.accuracy, options.bootstrap);
  return result;
}

}  // namespace nascent
