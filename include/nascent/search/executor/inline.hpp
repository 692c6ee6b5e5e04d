#pragma once

#include <optional>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"

namespace nascent {

/// Executor: evaluates on the search's own thread, one trial at a time. The default.
struct Inline {
  /// The search's own thread.
  template <class Space, class Evaluator>
  class Worker {
   public:
    using Architecture = typename Space::Architecture;

    /// Both outlive it.
    Worker(const Space& space, Evaluator& evaluator) : space_(space), evaluator_(evaluator) {}

    int size() const { return 1; }
    void start(JobId job, const Trial<Architecture>& trial) { given_ = {job, &trial}; }
    /// Does nothing: no trial runs while the search decides.
    void cancel(JobId) {}  // nothing runs while the search decides

    std::optional<Finished> wait(JobHost& host) {
      const Given given = std::exchange(given_, {});
      if (!given.trial) return std::nullopt;
      Reporter monitor(host, given.job);
      return detail::finish(given.job, space_, evaluator_, *given.trial, monitor);
    }

   private:
    struct Given {
      JobId job = 0;
      const Trial<Architecture>* trial = nullptr;
    };

    struct Reporter : Monitor {
      JobHost& host;
      JobId job;
      Reporter(JobHost& h, JobId j) : host(h), job(j) {}
      void on_epoch(const EpochReport& report) override { host.on_epoch(job, report); }
      bool cancelled() override { return host.unwanted(job); }
    };

    const Space& space_;
    Evaluator& evaluator_;
    Given given_;
  };

  template <class Space, class Evaluator>
  Worker<Space, Evaluator> crew(const Space& space, Evaluator& evaluator) const {
    return {space, evaluator};
  }

  /// For the journal's run.json.
  static constexpr const char* name() { return "inline"; }
};

}  // namespace nascent
