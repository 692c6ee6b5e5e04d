// Scores of networks that are not trained.
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/data/normalizer.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/train/zero_cost/fresh_network.hpp"
#include "nascent/train/zero_cost/grad_norm.hpp"
#include "nascent/train/zero_cost/jacob_cov.hpp"
#include "nascent/train/zero_cost/l2_norm.hpp"
#include "nascent/train/zero_cost/naswot.hpp"
#include "nascent/train/zero_cost/snip.hpp"
#include "nascent/train/zero_cost/synflow.hpp"

namespace nascent {
namespace detail {

inline double zero_cost_score(Measure measure, const zero_cost::FreshNetwork& fresh) {
  constexpr double kMillion = 1e6;
  switch (measure) {
    case Measure::parameters:
      return static_cast<double>(fresh.description.parameters()) / kMillion;
    case Measure::flops:
      return static_cast<double>(fresh.description.flops()) / kMillion;
    case Measure::grad_norm:
      return zero_cost::grad_norm(fresh);
    case Measure::snip:
      return zero_cost::snip(fresh);
    case Measure::synflow:
      return zero_cost::synflow(fresh);
    case Measure::jacob_cov:
      return zero_cost::jacob_cov(fresh);
    case Measure::naswot:
      return zero_cost::naswot(fresh);
    case Measure::l2_norm:
      return zero_cost::l2_norm(fresh);
    case Measure::accuracy:
      break;
  }
  throw std::invalid_argument("an accuracy is measured by training");
}

}  // namespace detail

/// The proxy `measure` of the network that `seed` initialises, on one batch; more is better.
/// Parameters and FLOPs (as of LayerDescription::flops) are in millions.
/// std::domain_error for a network to which the proxy gives no finite number.
inline double zero_cost_score(Measure measure, const NetworkDescription& description,
                              std::uint64_t seed, const ImageBatch& batch) {
  const double score = detail::zero_cost_score(measure, {description, seed, batch});
  if (!std::isfinite(score))
    throw std::domain_error("the proxy " + std::string(to_string(measure)) +
                            " gives this network no finite score");
  return score;
}

/// The outcome of a trial that measures a proxy: the score as a percentage, no epochs, and
/// `parameters` and `flops` as metrics, which tell nearly as much. The batch is the first `batch`
/// images, without augmentation.
inline Outcome zero_cost_outcome(const NetworkTrial& trial, std::uint64_t seed,
                                 const ImageSet& images, const Normalizer& normalizer, int batch,
                                 at::Device device) {
  const Stopwatch used;
  const ImageBatch first = evaluation_batch(images, normalizer, 0, batch, device);
  Outcome outcome(
      Accuracy::of_percent(zero_cost_score(trial.fidelity.measure, trial.network, seed, first)));
  outcome.metrics = {{"parameters", static_cast<double>(trial.network.parameters())},
                     {"flops", static_cast<double>(trial.network.flops())}};
  outcome.seconds = used.seconds();
  return outcome;
}

}  // namespace nascent
