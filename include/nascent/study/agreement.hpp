// How well a score puts networks into the order of their accuracies.
#pragma once

#include <vector>

#include "nascent/report/rank_correlation.hpp"
#include "nascent/study/bootstrap.hpp"

namespace nascent {

/// Rank correlations of a score with what it stands for; no numbers where one side is all the same.
struct Agreement {
  double spearman = std::numeric_limits<double>::quiet_NaN();  ///< Spearman's rho
  double kendall = std::numeric_limits<double>::quiet_NaN();   ///< Kendall's tau-b
  Interval spearman_interval{}, kendall_interval{};            ///< bootstrap over the networks
};

/// Of `scores` with `truth`, network by network.
inline Agreement agreement_of(const std::vector<double>& scores, const std::vector<double>& truth,
                              const BootstrapOptions& options = {}) {
  return {spearman(scores, truth), kendall(scores, truth),
          bootstrap(scores, truth, spearman, options), bootstrap(scores, truth, kendall, options)};
}

}  // namespace nascent
