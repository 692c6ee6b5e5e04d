#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nascent/search/executor/executor_policy.hpp"

namespace nascent {

/// Executor: any number of workers in simulated time, in which a trial takes as long as it has
/// epochs: how much faster would a search be? Evaluators are asked at once, on the search's thread.
class Simulated {
 public:
  /// So many at once.
  explicit Simulated(int workers) : workers_(workers) {}

  /// Simulated time that the last run took, in epochs of one worker.
  double elapsed() const { return elapsed_; }

  /// Workers whose time is counted in epochs.
  template <class Space, class Evaluator>
  class Clock {
   public:
    using Architecture = typename Space::Architecture;

    /// All of them outlive it.
    Clock(const Space& space, Evaluator& evaluator, Simulated& owner)
        : space_(space), evaluator_(evaluator), owner_(owner) {}

    int size() const { return owner_.workers_; }

    void start(JobId job, const Trial<Architecture>& trial) {
      jobs_.push_back({job, owner_.elapsed_ + trial.fidelity.epochs_to_train(), false, trial});
    }

    void cancel(JobId id) {
      for (Job& job : jobs_)
        if (job.id == id) job.cancelled = true, job.end = owner_.elapsed_;
    }

    std::optional<Finished> wait(JobHost&) {
      const auto first = std::ranges::min_element(jobs_, {}, &Job::end);
      if (first == jobs_.end()) return std::nullopt;
      const Job job = *first;
      jobs_.erase(first);
      owner_.elapsed_ = job.end;
      if (job.cancelled) return Finished{job.id, {}, {}};
      Monitor monitor;
      return detail::finish(job.id, space_, evaluator_, job.trial, monitor);
    }

   private:
    struct Job {
      JobId id;
      double end;
      bool cancelled;
      Trial<Architecture> trial;
    };

    const Space& space_;
    Evaluator& evaluator_;
    Simulated& owner_;
    std::vector<Job> jobs_;  // in the order of their start, which decides between equal ends
  };

  template <class Space, class Evaluator>
  Clock<Space, Evaluator> crew(const Space& space, Evaluator& evaluator) {
    elapsed_ = 0;
    return {space, evaluator, *this};
  }

  std::string name() const { return std::to_string(workers_) + " simulated workers"; }

 private:
  int workers_;
  double elapsed_ = 0;
};

}  // namespace nascent
