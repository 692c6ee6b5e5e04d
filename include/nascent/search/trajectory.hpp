// The course of one search: strategy and rankers as coroutines, fed with outcomes one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "nascent/meta/stable_hash.hpp"
#include "nascent/ranker/ranker_policy.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {
namespace detail {

/// What a strategy says beside its proposals.
template <class Space>
class TrajectoryWatcher {
 public:
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
    asked_.pop_front();
    judging_of_.pop_front();
    outcomes_.fill(number, std::move(outcome));
    finish_if_judged(judging);
  }

  const std::optional<Judged<Space>>& incumbent() const { return incumbent_; }
  const std::optional<Judged<Space>>& leader() const { return leader_; }

  /// What would be the result now: the strategy's own, else the best it told of, else the most
  /// accurate; nothing before the first judgement.
  std::optional<Judged<Space>> best() {
    const bool done = task_.done();
    if (done && !task_.result().failed()) return task_.result();
    if (incumbent_) return incumbent_;
    if (leader_) return leader_;
    if (done) return task_.result();
    return std::nullopt;
  }

 private:
  struct Judging {
    Candidate<Architecture> candidate;
    Task<Judgement> task;  // the ranker's

    explicit Judging(Candidate<Architecture> c) : candidate(std::move(c)) {}
  };

  // What strategies ask.

  Ticket<Judged<Space>> judge(Architecture architecture, Move move) override {
    if constexpr (requires_membership<Space, Architecture>) space_.require(architecture);
    const std::size_t number = judged_.open();
    judgings_.emplace_back(std::in_place, Candidate(std::move(architecture), move));
    Judging& judging = *judgings_.back();
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
    if (watcher_) watcher_->on_incumbent(best);
  }

  void milestone(std::string_view name, const Judged<Space>& reached) override {
    if (watcher_) watcher_->on_milestone(name, reached);
  }

  std::uint64_t seed() const override { return seed_; }

  // What rankers ask.

  Ticket<Outcome> train(std::size_t judging, Fidelity fidelity) override {
    if (fidelity.epochs < 1) throw SearchError("a ranker asked for a training of no epochs");
    const std::size_t number = outcomes_.open();
    const Candidate<Architecture>& candidate = judgings_[judging]->candidate;
    asked_.emplace_back(static_cast<int>(number), candidate, fidelity,
                        seed_of(candidate.architecture, fidelity));
    judging_of_.push_back(judging);
    return {outcomes_, number};
  }

  /// Equal trials of one run have equal seeds, so a trial can be done twice and agree.
  std::uint64_t seed_of(const Architecture& architecture, Fidelity fidelity) const {
    return stable_hash(to_string(architecture) + " e" + std::to_string(fidelity.epochs),
                       mix(seed_));
  }

  void finish_if_judged(std::size_t number) {
    // A ranker may have given its judgement without waiting for all that it had asked for.
    if (!judgings_[number] || !judgings_[number]->task.done()) return;
    Judging& judging = *judgings_[number];
    Judged<Space> judged(std::move(judging.candidate.architecture), judging.candidate.move,
                         judging.task.result());
    judgings_[number].reset();
    if (!leader_ || judged.exceeds(*leader_)) leader_ = judged;
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
  // References stay valid while rankers run; what is judged is freed.
  std::deque<std::optional<Judging>> judgings_;
  std::deque<Trial<Architecture>> asked_;
  std::deque<std::size_t> judging_of_;  // of each trial in asked_
  std::optional<Judged<Space>> incumbent_, leader_;
  Task<Judged<Space>> task_;  // last: its frame refers to all of the above
};

}  // namespace detail
}  // namespace nascent
