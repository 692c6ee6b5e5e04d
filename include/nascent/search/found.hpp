// What a search returns.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "nascent/search/judgement.hpp"
#include "nascent/search/options.hpp"
#include "nascent/search/speculation.hpp"

namespace nascent {

template <class Space>
struct Front;
struct Objective;

/// What a run was asked to do; the first line of its journal.
struct RunInfo {
  std::string strategy, ranker, space, evaluator;  ///< names of the policies' types
  OptionList options;                              ///< every one that the policies list, as text
  std::uint64_t seed = 0;                          ///< of the run
  std::string executor;  ///< where trials are evaluated; no part of the protocol
};

/// What the search has spent.
struct Cost {
  int trials = 0;    ///< trials whose outcomes were delivered
  int failures = 0;  ///< of them
  int repeats = 0;   ///< of them, those equal to an earlier one, whose outcome they were given
  std::int64_t epochs = 0;  ///< trained
  double seconds = 0;       ///< sum of the outcomes' wall times
};

/// The end of a phase.
template <class Space>
struct Milestone {
  std::string name;       ///< of the phase, such as "grow"
  Judged<Space> reached;  ///< the best at its end
  Cost cost;              ///< up to there

  /// All three at once.
  Milestone(std::string n, Judged<Space> r, Cost c)
      : name(std::move(n)), reached(std::move(r)), cost(c) {}
};

/// The best architecture found, how it was judged and what it cost.
template <class Space>
struct Found {
  typename Space::Architecture architecture;  ///< the best
  Judgement judgement;                        ///< of it
  Cost cost;                                  ///< of the whole search
  std::vector<Milestone<Space>> milestones;   ///< ends of the strategy's phases, in order
  std::vector<Judged<Space>> judged;          ///< every candidate, in the order of their judgements
  Space space;                                ///< as searched: it knows the evaluator's problem
  std::string stopped;        ///< why the search ended early; empty when the strategy finished
  std::string first_failure;  ///< reason of the first failed training, if any
  std::string caveat;         ///< what the evaluator has every result stamped with, if anything
  Speculation speculation{};  ///< what idle workers did ahead of the search

  /// Filled in by the engine.
  Found(const Judged<Space>& best, Cost spent, std::vector<Milestone<Space>> reached,
        std::vector<Judged<Space>> all, const Space& searched, std::string why, std::string failure,
        std::string stamp)
      : architecture(best.architecture),
        judgement(best.judgement),
        cost(spent),
        milestones(std::move(reached)),
        judged(std::move(all)),
        space(searched),
        stopped(std::move(why)),
        first_failure(std::move(failure)),
        caveat(std::move(stamp)) {}

  /// Whether the strategy came to its end.
  bool finished() const { return stopped.empty(); }

  /// The candidates that no other is better than in every one of the `wanted` objectives, or in
  /// accuracy and parameters; see pareto_front. Defined in search/pareto.hpp, which run.hpp has.
  Front<Space> front() const;
  /// Under these objectives, at least one; std::invalid_argument for one that is known of no
  /// candidate.
  Front<Space> front(const std::vector<Objective>& wanted) const;

  /// One line: accuracy, cost, how it ended; behind the evaluator's caveat, if it has one.
  std::string summary() const {
    if (judgement.failed) return "no candidate succeeded; the first failure: " + first_failure;
    char text[160];
    std::string line;
    if (judgement.measure == Measure::accuracy)
      std::snprintf(text, sizeof text, "accuracy %.2f %% after %d epochs; ",
                    judgement.accuracy.percent(), judgement.epochs);
    else
      std::snprintf(text, sizeof text, "%s %.6g; ", to_string(judgement.measure).data(),
                    judgement.accuracy.percent());
    line += text;
    std::snprintf(text, sizeof text, "%d trials, %lld epochs, ", cost.trials,
                  static_cast<long long>(cost.epochs));
    line += text;
    std::snprintf(text, sizeof text, "%.1f s", cost.seconds);
    line += text;
    if (cost.repeats > 0) line += ", " + std::to_string(cost.repeats) + " repeated";
    if (cost.failures > 0) line += ", " + std::to_string(cost.failures) + " failed";
    line += finished() ? "; finished" : "; stopped: " + stopped;
    return caveat.empty() ? line : "[" + caveat + "] " + line;
  }
};

}  // namespace nascent
