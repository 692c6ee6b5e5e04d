// Runs the coroutines of one search: everything that strategies and rankers need not know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/ranker/ranker_policy.hpp"
#include "nascent/search/callback_policy.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/found.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {

/// Ends a search with an error; unlike other exceptions of an evaluator it never becomes a failed
/// outcome.
struct SearchError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The search stopped before there was anything to return.
struct NothingJudged : SearchError {
  explicit NothingJudged(const std::string& why)
      : SearchError("the search stopped before its first candidate was judged: " + why) {}
};

/// Options of a run; those of the policies are in the policies.
struct SearchOptions {
  std::uint64_t seed = 1;
  int max_trials = (std::numeric_limits<int>::max)();  ///< trainings, never exceeded
  std::int64_t max_epochs = (std::numeric_limits<std::int64_t>::max)();  ///< never exceeded
};

namespace detail {

/// One run. A search is a pure function of (options, seed, outcomes so far): outcomes are delivered
/// by trial number, on one thread, each resuming its ranker at once. Policies are copied in, since
/// their coroutines keep `this`; for the same reason a run cannot be moved.
template <class Strategy, class Ranker, class Space, class Evaluator, class... Callbacks>
class Engine final : JudgeHost<Space>, TrainHost, Monitor {
 public:
  using Architecture = typename Space::Architecture;

  Engine(const Strategy& strategy, const Ranker& ranker, const Space& space,
         const SearchOptions& options, Evaluator& evaluator, Callbacks&... callbacks)
      : options_(options),
        strategy_(strategy),
        ranker_(ranker),
        space_(space),
        evaluator_(evaluator),
        callbacks_(callbacks...) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Found<Space> run() {
    if constexpr (states_problem<Evaluator> && fits_problem<Space>)
      space_.fit_to(evaluator_.problem());
    if constexpr (checks_itself<Space>) space_.check();
    const RunInfo info = describe_run();
    each([&](auto& c) {
      if constexpr (watches_begin<std::remove_reference_t<decltype(c)>, Space>) c.on_begin(info);
    });
    strategy_task_ = strategy_(space_, Judge<Space>(*this));
    strategy_task_.start();
    while (!strategy_task_.done() && deliver_next()) {
    }
    const Found<Space> found(best(), cost_, std::move(milestones_), stopped_, first_failure_,
                             caveat());
    each([&](auto& c) {
      if constexpr (watches_end<std::remove_reference_t<decltype(c)>, Space>) c.on_end(found);
    });
    return found;
  }

 private:
  struct Judging {
    Candidate<Architecture> candidate;
    Task<Judgement> task;  // the ranker's

    explicit Judging(Candidate<Architecture> c) : candidate(std::move(c)) {}
  };

  struct Training {
    std::size_t judging;
    Trial<Architecture> trial;
  };

  // What strategies ask.

  Ticket<Judged<Space>> judge(Architecture architecture, Move move) override {
    if constexpr (requires_membership<Space, Architecture>) space_.require(architecture);
    const std::size_t number = judged_.open();
    Judging& judging = judgings_.emplace_back(Candidate(std::move(architecture), move));
    Proposal proposal{move, {}};
    if constexpr (gives_position<Space, Architecture>)
      proposal.position = space_.position(judging.candidate.architecture);
    judging.task = ranker_(ranker_state_, proposal, Train(*this, number));
    judging.task.start();
    finish_if_judged(number);
    return {judged_, number};
  }

  void incumbent(const Judged<Space>& best) override {
    if (best.failed()) return;  // a failure is no result, whatever the strategy makes of it
    incumbent_ = best;
    each([&](auto& c) {
      if constexpr (watches_incumbent<std::remove_reference_t<decltype(c)>, Space>)
        c.on_incumbent(best);
    });
  }

  void milestone(std::string_view name, const Judged<Space>& reached) override {
    milestones_.emplace_back(std::string(name), reached, cost_);
    each([&](auto& c) {
      if constexpr (watches_milestone<std::remove_reference_t<decltype(c)>, Space>)
        c.on_milestone(milestones_.back());
    });
  }

  std::uint64_t seed() const override { return options_.seed; }

  // What rankers ask.

  Ticket<Outcome> train(std::size_t judging, Fidelity fidelity) override {
    if (fidelity.epochs < 1) throw SearchError("a ranker asked for a training of no epochs");
    const std::size_t number = outcomes_.open();
    const Candidate<Architecture>& candidate = judgings_[judging].candidate;
    trainings_.push_back(
        {judging, Trial<Architecture>(static_cast<int>(number), candidate, fidelity,
                                      seed_of(candidate.architecture, fidelity))});
    return {outcomes_, number};
  }

  /// Equal trials of one run have equal seeds, so a trial can be done twice and agree.
  std::uint64_t seed_of(const Architecture& architecture, Fidelity fidelity) const {
    return stable_hash(to_string(architecture) + " e" + std::to_string(fidelity.epochs),
                       mix(options_.seed));
  }

  // Delivery.

  /// Brings the outcome of the next trial; false when the search stops before it.
  bool deliver_next() {
    if (trainings_.empty())
      throw SearchError("the strategy waits for something that is neither judged nor trained");
    const Training next = std::move(trainings_.front());
    trainings_.pop_front();
    std::optional<Outcome> outcome = obtain(next.trial);
    if (!outcome) return false;
    ++cost_.trials;
    if (!outcome->ok() && cost_.failures++ == 0) first_failure_ = outcome->failure;
    cost_.epochs += outcome->epochs;
    // What failed may have trained long and not told: to the budget it costs what was asked.
    charged_ += outcome->ok() ? outcome->epochs : next.trial.fidelity.epochs;
    cost_.seconds += outcome->seconds;
    each([&](auto& c) {
      if constexpr (watches_outcome<std::remove_reference_t<decltype(c)>, Space>)
        c.on_outcome(next.trial, *outcome);
    });
    outcomes_.fill(static_cast<std::size_t>(next.trial.number), *std::move(outcome));
    finish_if_judged(next.judging);
    return true;
  }

  void finish_if_judged(std::size_t number) {
    Judging& judging = judgings_[number];
    if (!judging.task.done()) return;
    const Judged<Space> judged(judging.candidate.architecture, judging.candidate.move,
                               judging.task.result());
    judging.task = {};
    if (!leader_ || judged.exceeds(*leader_)) leader_ = judged;
    judged_.fill(number, judged);
  }

  std::optional<Outcome> obtain(const Trial<Architecture>& trial) {
    if (!stops_before(trial)) {
      std::optional<Outcome> outcome = recall(trial);
      return outcome ? outcome : evaluate(trial);
    }
    return std::nullopt;
  }

  std::optional<Outcome> recall(const Trial<Architecture>& trial) {
    std::optional<Outcome> outcome;
    each([&](auto& c) {
      if constexpr (recalls<std::remove_reference_t<decltype(c)>, Space>)
        if (!outcome) outcome = c.recall(trial);
    });
    return outcome;
  }

  std::optional<Outcome> evaluate(const Trial<Architecture>& trial) {
    under_way_ = &trial;
    each([&](auto& c) {
      if constexpr (watches_trial<std::remove_reference_t<decltype(c)>, Space>) c.on_trial(trial);
    });
    try {
      return measure(trial);
    } catch (const Cancelled&) {
      if (stopped_.empty()) stopped_ = "cancelled by the evaluator";
      return std::nullopt;
    } catch (const SearchError&) {
      throw;
    } catch (const std::exception& error) {
      return Outcome::failed(error.what());
    } catch (...) {
      return Outcome::failed("the evaluator threw something that is no std::exception");
    }
  }

  Outcome measure(const Trial<Architecture>& trial) {
    if constexpr (requirement::evaluates_monitored<Evaluator, Architecture>) {
      return evaluator_.evaluate(trial, static_cast<Monitor&>(*this));
    } else if constexpr (requirement::evaluates_networks<Evaluator>) {
      static_assert(describes_networks<Space, Architecture>,
                    "nascent: this Evaluator trains networks, so your Space needs "
                    "`NetworkDescription describe(const Architecture&) const` - "
                    "docs/concepts.md#space");
      return evaluator_.evaluate(
          NetworkTrial{space_.describe(trial.architecture()), trial.fidelity, trial.seed},
          static_cast<Monitor&>(*this));
    } else {
      return evaluator_.evaluate(trial);
    }
  }

  // Monitor: what evaluators say.

  void on_epoch(const EpochReport& report) override {
    each([&](auto& c) {
      if constexpr (watches_epoch<std::remove_reference_t<decltype(c)>, Space>)
        c.on_epoch(*under_way_, report);
    });
  }

  bool cancelled() override { return asked_to_stop(); }

  // Stopping.

  bool stops_before(const Trial<Architecture>& trial) {
    if (cost_.trials >= options_.max_trials)
      stopped_ = "the budget of " + std::to_string(options_.max_trials) + " trials is spent";
    else if (options_.max_epochs - charged_ < trial.fidelity.epochs)
      stopped_ = "the budget of " + std::to_string(options_.max_epochs) + " epochs is spent";
    return !stopped_.empty() || asked_to_stop();
  }

  bool asked_to_stop() {
    each([&](auto& c) {
      if constexpr (stops<std::remove_reference_t<decltype(c)>, Space>)
        if (stopped_.empty()) stopped_ = c.stop();
    });
    return !stopped_.empty();
  }

  Judged<Space> best() {
    const bool done = strategy_task_.done();
    if (done && !strategy_task_.result().failed()) return strategy_task_.result();
    if (incumbent_) return *incumbent_;
    if (leader_) return *leader_;
    if (done) return strategy_task_.result();
    throw NothingJudged(stopped_);
  }

  std::string caveat() const {
    if constexpr (states_caveat<Evaluator>)
      return evaluator_.caveat();
    else
      return {};
  }

  RunInfo describe_run() const {
    RunInfo info{meta::type_name<Strategy>(),
                 meta::type_name<Ranker>(),
                 meta::type_name<Space>(),
                 meta::type_name<std::remove_cv_t<Evaluator>>(),
                 {},
                 options_.seed};
    append_options(info.options, "strategy", strategy_);
    append_options(info.options, "ranker", ranker_);
    append_options(info.options, "space", space_);
    append_options(info.options, "evaluator", evaluator_);
    return info;
  }

  template <class Visit>
  void each(Visit visit) {
    std::apply([&](auto&... callback) { (visit(callback), ...); }, callbacks_);
  }

  const SearchOptions options_;
  const Strategy strategy_;
  const Ranker ranker_;
  Space space_;
  Evaluator& evaluator_;
  std::tuple<Callbacks&...> callbacks_;

  typename Ranker::State ranker_state_{};
  Slots<Judged<Space>> judged_;
  Slots<Outcome> outcomes_;
  std::deque<Judging> judgings_;  // references stay valid while rankers run
  std::deque<Training> trainings_;
  const Trial<Architecture>* under_way_ = nullptr;

  Cost cost_;
  std::int64_t charged_ = 0;  ///< epochs, to the budget
  std::optional<Judged<Space>> incumbent_, leader_;
  std::vector<Milestone<Space>> milestones_;
  std::string stopped_, first_failure_;
  Task<Judged<Space>> strategy_task_;  // last: its frame refers to all of the above
};

}  // namespace detail
}  // namespace nascent
