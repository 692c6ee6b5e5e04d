// The course of one search: strategy and rankers as coroutines, fed with outcomes one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/ranker/ranker_policy.hpp"
#include "nascent/search/batches.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {
namespace detail {

/// What a strategy says beside its proposals.
template <class Space>
class TrajectoryWatcher {
 public:
  virtual void on_judged(const Judged<Space>&) {}
  virtual void on_incumbent(const Judged<Space>&) {}
  virtual void on_milestone(std::string_view, const Judged<Space>&) {}

 protected:
  ~TrajectoryWatcher() = default;
};

/// A search is a pure function of (options, seed, outcomes so far), and this is the function: it
/// asks for trials, is told their outcomes in the order of their numbers, on one thread, and each
/// resumes its ranker at once. It knows nothing of evaluators, journals, workers and budgets.
///
/// Policies are copied in, since their coroutines keep `this`; for the same reason it cannot be
/// moved.
template <class Strategy, class Ranker, class Space>
class Trajectory final : JudgeHost<Space>, TrainHost {
 public:
  using Architecture = typename Space::Architecture;

  Trajectory(const Strategy& strategy, const Ranker& ranker, const Space& space, std::uint64_t seed,
             TrajectoryWatcher<Space>* watcher = nullptr)
      : strategy_(strategy), ranker_(ranker), space_(space), seed_(seed), watcher_(watcher) {}
  Trajectory(const Trajectory&) = delete;
  Trajectory& operator=(const Trajectory&) = delete;

  void start() {
    task_ = strategy_(space_, Judge<Space>(*this));
    task_.start();
    rank_batches();
  }

  /// The strategy has come to its end; what it still asked for is not wanted any more.
  bool finished() const { return task_.done(); }

  /// Trials without an outcome, in the order of their numbers. Empty before the end only when the
  /// strategy waits for something that will never come.
  const std::deque<Trial<Architecture>>& asked() const { return asked_; }

  /// The first trial without an outcome.
  const Trial<Architecture>& next() const {
    if (asked_.empty())
      throw SearchError("the strategy waits for something that is neither judged nor trained");
    return asked_.front();
  }

  /// Brings the outcome of `next()`.
  void tell(Outcome outcome) {
    const auto number = static_cast<std::size_t>(asked_.front().number);
    const std::size_t judging = judging_of_.front();
    note_measured(asked_.front(), outcome);
    if (judgings_[judging] && trains(asked_.front()))
      judgings_[judging]->keep(std::move(asked_.front()));
    asked_.pop_front();
    judging_of_.pop_front();
    outcomes_.fill(number, std::move(outcome));
    finish_if_judged(judging);
    rank_batches();
  }

  const std::optional<Judged<Space>>& incumbent() const { return incumbent_; }
  const std::optional<Judged<Space>>& leader() const { return leader_; }

  /// What would be the result now: the strategy's own, else the best it told of, else the most
  /// accurate; nothing before the first outcome.
  std::optional<Judged<Space>> best() {
    const bool done = task_.done();
    if (done && !task_.result().failed()) return task_.result();
    if (incumbent_) return incumbent_;
    if (has_succeeded(leader_)) return leader_;
    if (has_succeeded(measured_)) return measured_;
    if (leader_) return leader_;
    if (done) return task_.result();
    return measured_;
  }

 private:
  using TrialOf = Trial<Architecture>;
  using Parent = std::shared_ptr<const TrialOf>;

  struct Judging {
    Candidate<Architecture> candidate;
    Batch batch;
    Parent parent;              // whose weights it inherits
    std::vector<TrialOf> told;  // its trainings, of each the last part
    Task<Judgement> task;       // the ranker's

    Judging(Candidate<Architecture> c, Batch b, Parent p)
        : candidate(std::move(c)), batch(b), parent(std::move(p)) {}

    void keep(TrialOf&& trial) {
      for (TrialOf& earlier : told)
        if (earlier.seed == trial.seed) {
          earlier = std::move(trial);
          return;
        }
      told.push_back(std::move(trial));
    }
  };

  static bool trains(const TrialOf& trial) { return trial.fidelity.measure == Measure::accuracy; }

  // What strategies ask.

  Ticket<Judged<Space>> judge(Architecture architecture, Move move, Batch batch,
                              Parent parent) override {
    const std::size_t number = judged_.open();
    judgings_.push_back(std::make_unique<Judging>(Candidate(std::move(architecture), move), batch,
                                                  std::move(parent)));
    Judging& judging = *judgings_.back();
    if (!admitted(judging.candidate.architecture)) {
      refuse(number);
      return {judged_, number};
    }
    Proposal proposal{move, {}, batch};
    if constexpr (gives_position<Space, Architecture>)
      proposal.position = space_.position(judging.candidate.architecture);
    judging.task = ranker_(ranker_state_, proposal, Train(*this, number));
    judging.task.start();
    finish_if_judged(number);
    return {judged_, number};
  }

  /// False for what the run's constraints exclude: it is judged worse than all, at no cost. Throws
  /// for what no strategy may propose.
  bool admitted(const Architecture& architecture) const {
    if constexpr (admits<Space, Architecture>)
      if (!space_.admits(architecture)) return false;
    if constexpr (requires_membership<Space, Architecture>) space_.require(architecture);
    return true;
  }

  void refuse(std::size_t number) {
    Judging& judging = *judgings_[number];
    Judgement judgement;
    judgement.failed = true;
    Judged<Space> judged(std::move(judging.candidate.architecture), judging.candidate.move,
                         std::move(judgement));
    if (judging.batch.number >= 0) batches_.leave(judging.batch);
    judgings_[number].reset();
    judged_.fill(number, std::move(judged));
  }

  Batch open_batch(int size) override { return batches_.open(size); }

  int batch_size(int otherwise) const override {
    if constexpr (requires { ranker_.batch_size(ranker_state_); }) {
      const int wish = ranker_.batch_size(ranker_state_);
      return wish < 1 ? 1 : wish;
    } else {
      return otherwise;
    }
  }

  void incumbent(const Judged<Space>& best) override {
    if (best.failed()) return;  // a failure is no result, whatever the strategy makes of it
    incumbent_ = best;
    if (watcher_) watcher_->on_incumbent(best);
  }

  void milestone(std::string_view name, const Judged<Space>& reached) override {
    if (watcher_) watcher_->on_milestone(name, reached);
  }

  std::uint64_t seed() const override { return seed_; }

  // What rankers ask.

  Ticket<Outcome> train(std::size_t judging, Fidelity fidelity, bool goes_on) override {
    Judging& of = *judgings_[judging];
    Parent parent = of.parent;
    if (goes_on) {
      parent = last_training(of, fidelity);
      fidelity.resumed = parent->fidelity.epochs;
    }
    if (fidelity.measure == Measure::accuracy && fidelity.epochs_to_train() < 1)
      throw SearchError("a ranker asked for a training of " +
                        std::to_string(fidelity.epochs_to_train()) +
                        " epochs; give `train(Epochs{n})` an n of at least 1, and `go_on` more "
                        "epochs than were trained");
    const std::size_t number = outcomes_.open();
    const std::uint64_t seed =
        goes_on ? parent->seed : seed_of(of.candidate.architecture, fidelity, parent.get());
    asked_.emplace_back(static_cast<int>(number), of.candidate, fidelity, seed, std::move(parent));
    judging_of_.push_back(judging);
    return {outcomes_, number};
  }

  Parent last_training(const Judging& judging, const Fidelity& fidelity) const {
    for (const TrialOf& told : judging.told) {
      Fidelity same = told.fidelity;
      const bool one_schedule = same.scheduled() == fidelity.scheduled();
      same.epochs = fidelity.epochs, same.schedule = fidelity.schedule, same.resumed = 0;
      if (one_schedule && same == fidelity) return std::make_shared<const TrialOf>(told);
    }
    throw SearchError(
        "a ranker goes on with a training that the candidate has not had: it must have been told "
        "before, on the same images and under the same schedule");
  }

  /// Equal trials of one run have equal seeds, so a trial can be done twice and agree; a training
  /// has the same seed in all its parts.
  std::uint64_t seed_of(const Architecture& architecture, const Fidelity& fidelity,
                        const TrialOf* parent) const {
    std::string text = to_string(architecture) + " e" + std::to_string(fidelity.scheduled());
    if (fidelity.repeat > 0) text += " repeat " + std::to_string(fidelity.repeat);
    if (fidelity.share < 1)
      text += " share " + std::to_string(fidelity.share) + std::string(to_string(fidelity.subset));
    if (fidelity.measure != Measure::accuracy) text += std::string(to_string(fidelity.measure));
    if (parent)
      text +=
          " of " + std::to_string(parent->seed) + " e" + std::to_string(parent->fidelity.epochs);
    return stable_hash(text, mix(seed_));
  }

  Ticket<Standing> meet(std::size_t judging, const Judgement& sofar) override {
    const std::size_t number = standings_.open();
    const Batch& batch = judgings_[judging]->batch;
    if (batch.number < 0)
      standings_.fill(number, Standing{});
    else
      batches_.arrive(batch, {judging, number, batch.index, sofar});
    return {standings_, number};
  }

  /// Rankers whose batch has met go on; never from within a ranker, which must first wait.
  void rank_batches() {
    for (auto met = batches_.take_met(); !met.empty(); met = batches_.take_met())
      for (const Batches::Arrival& arrival : met) {
        standings_.fill(arrival.ticket, arrival.standing);
        finish_if_judged(arrival.judging);
      }
  }

  static bool has_succeeded(const std::optional<Judged<Space>>& judged) {
    return judged && !judged->failed();
  }

  /// Until a candidate is judged, the result is the best of those that have been measured.
  void note_measured(const TrialOf& trial, const Outcome& outcome) {
    if (has_succeeded(leader_)) return;
    Judgement sofar(outcome);
    sofar.measure = trial.fidelity.measure;
    Judged<Space> judged(trial.architecture(), trial.move(), std::move(sofar));
    if (!measured_ || judged.exceeds(*measured_)) measured_ = std::move(judged);
  }

  void finish_if_judged(std::size_t number) {
    // A ranker may have given its judgement without waiting for all that it had asked for.
    if (!judgings_[number] || !judgings_[number]->task.done()) return;
    Judging& judging = *judgings_[number];
    Judged<Space> judged(std::move(judging.candidate.architecture), judging.candidate.move,
                         std::move(judging.task.result()));
    if constexpr (requires { Strategy::inherits; })
      if (!judging.told.empty() && !judged.failed())
        judged.training = std::make_shared<const TrialOf>(std::move(judging.told.front()));
    const Batch batch = judging.batch;
    judgings_[number].reset();
    if (batch.number >= 0) batches_.leave(batch);
    if (!leader_ || judged.exceeds(*leader_)) leader_ = judged;
    if (watcher_) watcher_->on_judged(judged);
    judged_.fill(number, std::move(judged));
  }

  const Strategy strategy_;
  const Ranker ranker_;
  const Space space_;
  const std::uint64_t seed_;
  TrajectoryWatcher<Space>* watcher_;

  typename Ranker::State ranker_state_{};
  Slots<Judged<Space>> judged_;
  Slots<Outcome> outcomes_;
  Slots<Standing> standings_;
  Batches batches_;
  // What is judged is freed.
  std::deque<std::unique_ptr<Judging>> judgings_;
  std::deque<Trial<Architecture>> asked_;
  std::deque<std::size_t> judging_of_;  // of each trial in asked_
  std::optional<Judged<Space>> incumbent_, leader_, measured_;
  Task<Judged<Space>> task_;  // last: its frame refers to all of the above
};

}  // namespace detail
}  // namespace nascent
