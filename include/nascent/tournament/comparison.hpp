// What a tournament found out.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "nascent/search/found.hpp"
#include "nascent/tournament/budgets.hpp"
#include "nascent/tournament/statistics.hpp"

namespace nascent {

/// One run of one search: what would have been its result under every budget up to the largest.
struct AnytimeRun {
  /// From a budget of `at` on, the result is `value`, %.
  struct Step {
    std::int64_t at = 0;  ///< amount of the budget
    double value = 0;     ///< in %, or in a proxy's units
  };

  std::uint64_t seed = 0;               ///< of the run
  std::vector<Step> steps{};            ///< `at` ascending, no two equal
  Cost cost{};                          ///< nothing where nothing was judged
  Measure measure = Measure::accuracy;  ///< what the values are; proxies are in their own units
  bool finished = false;                ///< the strategy came to its end within the largest budget
  std::string architecture{};           ///< the result; empty when there is none

  /// The result under `budget`, or kNone when that pays for no candidate that succeeds.
  double value(std::int64_t budget) const {
    const auto after =
        std::upper_bound(steps.begin(), steps.end(), budget,
                         [](std::int64_t amount, const Step& step) { return amount < step.at; });
    return after == steps.begin() ? kNone : std::prev(after)->value;
  }
};

/// A search of a tournament with its runs, one for each seed.
struct Contender {
  std::string name;                ///< as the entrant was called
  RunInfo protocol;                ///< policies and options; the seed is the first one
  std::string caveat{};            ///< the evaluator's, such as "paper mode"
  std::vector<AnytimeRun> runs{};  ///< one a seed

  /// By seed.
  std::vector<double> values(std::int64_t budget) const {
    std::vector<double> all;
    for (const AnytimeRun& run : runs) all.push_back(run.value(budget));
    return all;
  }

  /// Mean, deviation and standard error over the seeds.
  Summary summary(std::int64_t budget) const { return summarise(values(budget)); }
};

/// One point of a mean anytime curve.
struct CurvePoint {
  std::int64_t at = 0;  ///< budget from which on it holds, up to the next point's
  double mean = kNone, standard_error = kNone;  ///< over the seeds, %
};

/// `first` minus `second` at one budget, paired by seeds, with p-values as they are and corrected.
struct Contrast {
  std::size_t first = 0, second = 0;             ///< contenders
  std::int64_t budget = 0;                       ///< at which they are compared
  PairedTest test;                               ///< without correction
  double t_holm = kNone, wilcoxon_holm = kNone;  ///< p-values by Holm's correction

  /// Both tests reject at `level` after correction: neither was picked for its result.
  bool significant(double level = 0.05) const { return t_holm < level && wilcoxon_holm < level; }
};

/// Which contenders are tested against each other.
enum class Against : std::uint8_t {
  first,       ///< each against the first, the reference
  each_other,  ///< every pair
};

/// The result of `compare`: all values, and what follows from them.
struct Comparison {
  Budgets budgets;                    ///< of each run
  std::vector<std::uint64_t> seeds;   ///< of each search
  std::vector<Contender> contenders;  ///< in the order of the entrants
  bool final_accuracy = false;  ///< values are the evaluator's `final_accuracy`, else the signal
  Measure measure = Measure::accuracy;  ///< what the values are

  /// Tests at every budget, corrected as one family (Holm), for each kind of test its own.
  std::vector<Contrast> contrasts(Against against = Against::first) const {
    std::vector<Contrast> all;
    for (const std::int64_t budget : budgets.amounts())
      for (std::size_t second = 0; second < contenders.size(); ++second)
        for (std::size_t first = second + 1; first < contenders.size(); ++first)
          if (second == 0 || against == Against::each_other)
            all.push_back(
                {first, second, budget,
                 test_pairs(contenders[first].values(budget), contenders[second].values(budget))});
    std::vector<double> t, wilcoxon;
    for (const Contrast& contrast : all) {
      t.push_back(contrast.test.t_p);
      wilcoxon.push_back(contrast.test.wilcoxon_p);
    }
    t = holm(std::move(t));
    wilcoxon = holm(std::move(wilcoxon));
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].t_holm = t[i];
      all[i].wilcoxon_holm = wilcoxon[i];
    }
    return all;
  }

  /// The mean over the seeds as a step function of the budget, up to the largest. It begins where
  /// every run has a result: a mean of some runs would not compare with the mean of all.
  std::vector<CurvePoint> curve(const Contender& contender) const {
    std::vector<std::int64_t> at{budgets.largest()};
    for (const AnytimeRun& run : contender.runs)
      for (const AnytimeRun::Step& step : run.steps) at.push_back(step.at);
    std::sort(at.begin(), at.end());
    at.erase(std::unique(at.begin(), at.end()), at.end());
    std::vector<CurvePoint> points;
    for (const std::int64_t amount : at) {
      const Summary summary = contender.summary(amount);
      if (!std::isnan(summary.mean))
        points.push_back({amount, summary.mean, summary.standard_error});
    }
    return points;
  }
};

}  // namespace nascent
