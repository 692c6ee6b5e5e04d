// One run of a search: everything that strategies and rankers need not know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nascent/meta/type_name.hpp"
#include "nascent/search/budget.hpp"
#include "nascent/search/callback_policy.hpp"
#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/found.hpp"
#include "nascent/search/jobs.hpp"
#include "nascent/search/search_options.hpp"
#include "nascent/search/speculation.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/search/trajectory.hpp"

namespace nascent {
namespace detail {

/// One run: brings the trajectory the outcomes that it asks for, in order, from callbacks that
/// know them (a journal), from equal trials before, or from the executor, whose idle workers work
/// ahead on guesses. Policies are copied in by the trajectory, so a run cannot be moved.
template <class Strategy, class Ranker, class Space, class Evaluator, class Executor,
          class... Callbacks>
class Engine final : JobHost, TrajectoryWatcher<Space> {
 public:
  using Architecture = typename Space::Architecture;

  Engine(const Strategy& strategy, const Ranker& ranker, const Space& space,
         const SearchOptions& options, Evaluator& evaluator, Executor& executor,
         Callbacks&... callbacks)
      : options_(options),
        budget_(options),
        space_(fitted(space, evaluator)),
        evaluator_(evaluator),
        callbacks_(callbacks...),
        info_(describe_run(strategy, ranker, executor)),
        trajectory_(strategy, ranker, space_, options.seed, this),
        shadow_(strategy, ranker, space_, options.seed),
        crew_(executor.crew(space_, evaluator)) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Found<Space> run() {
    each([&](auto& c) {
      if constexpr (watches_begin<std::remove_reference_t<decltype(c)>, Space>) c.on_begin(info_);
    });
    trajectory_.start();
    while (!trajectory_.finished() && deliver_next()) {
    }
    for (const auto& [id, job] : jobs_.all())
      if (job.running()) crew_.cancel(id);
    const auto best = trajectory_.best();
    if (!best) throw NothingJudged(stopped_);
    Found<Space> found(*best, budget_.cost(), std::move(milestones_), std::move(judged_), space_,
                       stopped_, first_failure_, caveat());
    found.speculation = jobs_.speculation();
    each([&](auto& c) {
      if constexpr (watches_end<std::remove_reference_t<decltype(c)>, Space>) c.on_end(found);
    });
    return found;
  }

 private:
  using TrialOf = Trial<Architecture>;

  static constexpr bool kPure = is_pure<Evaluator>();
  // What a strategy says beside its proposals.

  void on_judged(const Judged<Space>& judged) override { judged_.push_back(judged); }

  void on_incumbent(const Judged<Space>& best) override {
    each([&](auto& c) {
      if constexpr (watches_incumbent<std::remove_reference_t<decltype(c)>, Space>)
        c.on_incumbent(best);
    });
  }

  void on_milestone(std::string_view name, const Judged<Space>& reached) override {
    milestones_.emplace_back(std::string(name), reached, budget_.cost());
    each([&](auto& c) {
      if constexpr (watches_milestone<std::remove_reference_t<decltype(c)>, Space>)
        c.on_milestone(milestones_.back());
    });
  }

  // Delivery.

  /// Brings the outcome of the next trial; false when the search stops before it.
  bool deliver_next() {
    const TrialOf& next = trajectory_.next();  // stays where it is until it is told
    const int original = equal_before(next);
    if (stops_before(next, original >= 0)) return false;
    std::optional<Outcome> outcome = recall(next);
    if (!outcome) outcome = original >= 0 ? repeat(original) : obtain(next);
    if (!outcome) return false;
    outcome->same_as = original;
    require_same_machine(next, *outcome);
    account(next, *outcome);
    each([&](auto& c) {
      if constexpr (watches_outcome<std::remove_reference_t<decltype(c)>, Space>)
        c.on_outcome(next, *outcome);
    });
    if (crew_.size() > 1) shadow_.note(next, *outcome, trajectory_);
    if (kPure && original < 0) numbers_.emplace(next.seed, next.number);
    delivered_.emplace_back(next, *outcome);
    trajectory_.tell(*std::move(outcome));
    return true;
  }

  void account(const TrialOf& trial, const Outcome& outcome) {
    if (!outcome.ok() && budget_.cost().failures == 0) first_failure_ = outcome.failure;
    budget_.charge(trial.fidelity, outcome);
    if (options_.target && outcome.ok() && stopped_.empty() &&
        outcome.accuracy.at_least(Accuracy::of_percent(*options_.target)))
      stopped_ = "the target accuracy is reached";
  }

  /// Number of an equal trial that was delivered before, or -1.
  int equal_before(const TrialOf& trial) const {
    const auto [begin, end] = numbers_.equal_range(trial.seed);
    for (auto at = begin; at != end; ++at)
      if (same_trial(delivered_[static_cast<std::size_t>(at->second)].trial, trial))
        return at->second;
    return -1;
  }

  Outcome repeat(int original) const {
    Outcome outcome = delivered_[static_cast<std::size_t>(original)].outcome;
    outcome.seconds = 0;
    return outcome;
  }

  void require_same_machine(const TrialOf& trial, const Outcome& outcome) {
    if (machine_.empty()) machine_ = outcome.machine;
    if (options_.allow_mixed || outcome.machine.empty() || outcome.machine == machine_) return;
    throw SearchError("trial " + std::to_string(trial.number) + " was computed on '" +
                      outcome.machine + "', those before it on '" + machine_ +
                      "', which round differently; go on there, or allow mixed machines");
  }

  /// An outcome that a callback has for exactly this trial and number.
  std::optional<Outcome> recall(const TrialOf& trial) {
    std::optional<Outcome> outcome;
    each([&](auto& c) {
      if constexpr (recalls<std::remove_reference_t<decltype(c)>, Space>)
        if (!outcome) outcome = c.recall(trial);
    });
    return outcome ? outcome : look_up(trial);
  }

  /// An outcome that a callback has for an equal trial of whatever number.
  std::optional<Outcome> look_up(const TrialOf& trial) {
    std::optional<Outcome> outcome;
    if constexpr (kPure)
      each([&](auto& c) {
        if constexpr (looks_up<std::remove_reference_t<decltype(c)>, Space>)
          if (!outcome) outcome = c.look_up(trial);
      });
    return outcome;
  }

  // Work.

  /// Has the trial evaluated; nothing when the search stops before its end.
  std::optional<Outcome> obtain(const TrialOf& trial) {
    while (true) {
      if (auto finished = jobs_.take(trial)) {
        if (finished->error) std::rethrow_exception(finished->error);
        if (!finished->outcome && stopped_.empty()) stopped_ = "cancelled by the evaluator";
        return std::move(finished->outcome);
      }
      if (asked_to_stop()) return std::nullopt;
      schedule();
      if (auto finished = crew_.wait(*this)) settle(*std::move(finished));
      for (const auto& [id, job] : jobs_.all())
        if (job.running() && !job.cancelled && over_limit(job)) crew_.cancel(id);
    }
  }

  /// Gives idle workers what the search waits for, then what it will probably ask next; cancels
  /// what is neither.
  void schedule() {
    const std::vector<Wanted> wanted = list_wanted();
    for (const auto& [id, job] : jobs_.all())
      if (job.running() && !job.cancelled && !wants(wanted, job.trial)) {
        jobs_.at(id).cancelled = true;
        crew_.cancel(id);
      }
    for (const auto& [trial, asked] : wanted) {
      if (jobs_.find(*trial)) continue;
      if (jobs_.busy() == crew_.size()) break;
      start(*trial, !asked);
    }
    announce();
  }

  void start(const TrialOf& trial, bool guessed) {
    const JobId id = jobs_.add(trial, guessed);
    crew_.start(id, jobs_.at(id).trial);
  }

  struct Wanted {
    const TrialOf* trial;
    bool asked;  ///< else guessed
  };

  static bool wants(const std::vector<Wanted>& wanted, const TrialOf& trial) {
    for (const Wanted& w : wanted)
      if (JobTable<Architecture, kPure>::matches(*w.trial, trial)) return true;
    return false;
  }

  /// Without what is known already, most urgent first, one for each worker.
  std::vector<Wanted> list_wanted() {
    const auto size = static_cast<std::size_t>(crew_.size());
    std::vector<Wanted> wanted;
    const auto add = [&](const TrialOf& trial, bool asked) {
      if (wanted.size() < size && !wants(wanted, trial) && may_start(trial))
        wanted.push_back({&trial, asked});
    };
    for (const TrialOf& trial : trajectory_.asked()) {
      if (wanted.size() == size) return wanted;
      add(trial, true);
    }
    if (wanted.size() == size || !options_.speculation) return wanted;
    const int more = static_cast<int>(size - wanted.size()) + jobs_.finished();
    const auto known = [&](const TrialOf& trial) { return jobs_.outcome(trial); };
    guessed_ = shadow_.ahead(trajectory_, delivered_, more, known);
    for (const TrialOf& trial : guessed_) add(trial, false);
    return wanted;
  }

  /// Not before its outcome is known, and not beyond the budget.
  bool may_start(const TrialOf& trial) {
    return budget_.allows(trial) && !jobs_.outcome(trial) && equal_before(trial) < 0 &&
           (trial.number == trajectory_.next().number || !recall_if_asked(trial));
  }

  /// Of trials beyond the next one; those that were only guessed are looked up by what they are.
  bool recall_if_asked(const TrialOf& trial) {
    const auto& asked = trajectory_.asked();
    return (trial.number <= asked.back().number ? recall(trial) : look_up(trial)).has_value();
  }

  /// Tells callbacks of the trials that the search waits for and that have begun.
  void announce() {
    for (const TrialOf& trial : trajectory_.asked()) {
      auto* job = jobs_.find(trial);
      if (!job || job->announced) continue;
      job->announced = true;
      job->trial.number = trial.number;  // what was guessed may have had others
      job->trial.candidate.move = trial.move();
      each([&](auto& c) {
        if constexpr (watches_trial<std::remove_reference_t<decltype(c)>, Space>) c.on_trial(trial);
      });
    }
  }

  void settle(Finished finished) {
    auto& job = jobs_.at(finished.job);
    if (!finished.outcome && !finished.error && job.over_limit)
      finished.outcome =
          Outcome::failed("over its time limit of " + option_text(options_.trial_seconds) + " s");
    const bool early =
        finished.outcome && !same_trial(job.trial, trajectory_.next()) && stopped_.empty();
    if (early)
      each([&](auto& c) {
        if constexpr (watches_early<std::remove_reference_t<decltype(c)>, Space>)
          c.on_early_outcome(job.trial, *finished.outcome);
      });
    jobs_.finish(std::move(finished));
  }

  // JobHost: what executors say.

  void on_epoch(JobId id, const EpochReport& report) override {
    const auto* job = jobs_.get(id);
    if (!job || !job->announced) return;
    each([&](auto& c) {
      if constexpr (watches_epoch<std::remove_reference_t<decltype(c)>, Space>)
        c.on_epoch(job->trial, report);
    });
  }

  void on_begin(JobId id) override { jobs_.at(id).started = Stopwatch(); }

  bool unwanted(JobId id) override {
    const auto* job = jobs_.get(id);
    return asked_to_stop() || !job || job->cancelled || over_limit(*job);
  }

  template <class Job>
  bool over_limit(const Job& job) {
    if (job.started.seconds() > options_.trial_seconds) job.over_limit = true;
    return job.over_limit;
  }

  // Stopping.

  bool stops_before(const TrialOf& trial, bool repeats) {
    if (!stopped_.empty()) return true;
    stopped_ = budget_.spent(trial.fidelity, repeats);
    return !stopped_.empty() || asked_to_stop();
  }

  bool asked_to_stop() {
    each([&](auto& c) {
      if constexpr (stops<std::remove_reference_t<decltype(c)>, Space>)
        if (stopped_.empty()) stopped_ = c.stop();
    });
    return !stopped_.empty();
  }

  std::string caveat() const {
    if constexpr (states_caveat<Evaluator>)
      return evaluator_.caveat();
    else
      return {};
  }

  RunInfo describe_run(const Strategy& strategy, const Ranker& ranker,
                       const Executor& executor) const {
    RunInfo info{meta::type_name<Strategy>(),
                 meta::type_name<Ranker>(),
                 meta::type_name<Space>(),
                 meta::type_name<std::remove_cv_t<Evaluator>>(),
                 {},
                 options_.seed,
                 executor_name(executor)};
    append_options(info.options, "strategy", strategy);
    append_options(info.options, "ranker", ranker);
    append_options(info.options, "space", space_);
    append_options(info.options, "evaluator", evaluator_);
    return info;
  }

  template <class Visit>
  void each(Visit visit) {
    std::apply([&](auto&... callback) { (visit(callback), ...); }, callbacks_);
  }

  const SearchOptions options_;
  Budget budget_;
  const Space space_;
  Evaluator& evaluator_;
  std::tuple<Callbacks&...> callbacks_;
  const RunInfo info_;

  Trajectory<Strategy, Ranker, Space> trajectory_;
  Shadow<Strategy, Ranker, Space> shadow_;
  std::deque<Delivered<Architecture>> delivered_;        // by number
  std::vector<TrialOf> guessed_;                         // what will probably be asked next
  std::unordered_multimap<std::uint64_t, int> numbers_;  // of trials that are no repeats, by seed
  JobTable<Architecture, kPure> jobs_;

  std::vector<Judged<Space>> judged_;
  std::vector<Milestone<Space>> milestones_;
  std::string stopped_, first_failure_, machine_;
  decltype(std::declval<Executor&>().crew(std::declval<const Space&>(),
                                          std::declval<Evaluator&>())) crew_;  // last: ends first
};

}  // namespace detail
}  // namespace nascent
