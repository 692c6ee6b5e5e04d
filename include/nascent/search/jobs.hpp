// What an executor was given and has not been used yet.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/speculation.hpp"
#include "nascent/search/stopwatch.hpp"

namespace nascent::detail {

/// Jobs under way and their results until they are used. With a pure evaluator a result belongs to
/// every equal trial, else to the trial's number too.
template <class Architecture, bool pure>
class JobTable {
 public:
  using TrialOf = Trial<Architecture>;

  struct Job {
    TrialOf trial;
    bool guessed;            ///< started before the search asked for it
    bool announced = false;  ///< callbacks know of it
    bool cancelled = false;
    mutable bool over_limit = false;
    std::optional<Finished> result{};
    Stopwatch started{};

    Job(const TrialOf& t, bool g) : trial(t), guessed(g) {}
    bool running() const { return !result; }
  };

  static bool matches(const TrialOf& one, const TrialOf& other) {
    return same_trial(one, other) && (pure || one.number == other.number);
  }

  const std::map<JobId, Job>& all() const { return jobs_; }
  Job& at(JobId id) { return jobs_.at(id); }
  const Job* get(JobId id) const {
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? nullptr : &found->second;
  }

  JobId add(const TrialOf& trial, bool guessed) {
    speculation_.started += guessed;
    ++busy_;
    jobs_.emplace(next_, Job(trial, guessed));
    return next_++;
  }

  /// The job of such a trial, unless it is cancelled.
  Job* find(const TrialOf& trial) {
    for (auto& [id, job] : jobs_)
      if (!job.cancelled && matches(job.trial, trial)) return &job;
    return nullptr;
  }

  void finish(Finished finished) {
    --busy_;
    const auto at = jobs_.find(finished.job);
    Job& job = at->second;
    // A cancelled one that came to its end all the same is as good as any.
    if (finished.outcome) job.cancelled = false;
    if (job.cancelled || (job.guessed && !finished.outcome)) {
      jobs_.erase(at);
      return;
    }
    job.result = std::move(finished);
  }

  /// The outcome of such a trial, if it has one that is not used yet.
  const Outcome* outcome(const TrialOf& trial) {
    const Job* job = find(trial);
    return job && job->result && job->result->outcome ? &*job->result->outcome : nullptr;
  }

  /// Hands over the result of such a trial, if it has one.
  std::optional<Finished> take(const TrialOf& trial) {
    for (auto at = jobs_.begin(); at != jobs_.end(); ++at) {
      Job& job = at->second;
      if (job.running() || !matches(job.trial, trial)) continue;
      speculation_.used += job.guessed;
      std::optional<Finished> result = std::move(job.result);
      jobs_.erase(at);
      return result;
    }
    return std::nullopt;
  }

  int busy() const { return busy_; }
  int finished() const { return static_cast<int>(jobs_.size()) - busy_; }
  const Speculation& speculation() const { return speculation_; }

 private:
  std::map<JobId, Job> jobs_;
  JobId next_ = 0;
  int busy_ = 0;  ///< workers, those of cancelled jobs included
  Speculation speculation_;
};

}  // namespace nascent::detail
