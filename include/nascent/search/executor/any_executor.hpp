#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"

namespace nascent {

/// Executor: one that is chosen at run time, by an option of a program say. A search is then
/// compiled once, and not once for each executor.
///
///     AnyExecutor<SepConvSpace, MyEvaluator> executor =
///         workers > 1 ? AnyExecutor<...>(Threads(workers)) : AnyExecutor<...>(Inline());
template <class Space, class Evaluator>
class AnyExecutor {
 public:
  using Architecture = typename Space::Architecture;

  /// Holds any executor that models ExecutorPolicy.
  template <ExecutorPolicy<Space, Evaluator> Executor>
  explicit AnyExecutor(Executor executor)
      : name_(detail::executor_name(executor)),
        open_([executor = std::move(executor)](const Space& space, Evaluator& evaluator) mutable {
          return std::unique_ptr<Workers>(new Of<Executor>(executor, space, evaluator));
        }) {}

  class Team;

  Team crew(const Space& space, Evaluator& evaluator) { return Team(open_(space, evaluator)); }
  /// Of the executor that it holds.
  const std::string& name() const { return name_; }

 private:
  struct Workers {
    virtual ~Workers() = default;
    virtual int size() const = 0;
    virtual void start(JobId job, const Trial<Architecture>& trial) = 0;
    virtual void cancel(JobId job) = 0;
    virtual std::optional<Finished> wait(JobHost& host) = 0;
  };

  template <class Executor>
  struct Of final : Workers {
    decltype(std::declval<Executor&>().crew(std::declval<const Space&>(),
                                            std::declval<Evaluator&>())) crew;

    Of(Executor& executor, const Space& space, Evaluator& evaluator)
        : crew(executor.crew(space, evaluator)) {}
    int size() const override { return crew.size(); }
    void start(JobId job, const Trial<Architecture>& trial) override { crew.start(job, trial); }
    void cancel(JobId job) override { crew.cancel(job); }
    std::optional<Finished> wait(JobHost& host) override { return crew.wait(host); }
  };

  std::string name_;
  std::function<std::unique_ptr<Workers>(const Space&, Evaluator&)> open_;
};

/// The workers of the executor that it holds.
template <class Space, class Evaluator>
class AnyExecutor<Space, Evaluator>::Team {
 public:
  /// Takes them over.
  explicit Team(std::unique_ptr<Workers> workers) : workers_(std::move(workers)) {}

  int size() const { return workers_->size(); }
  void start(JobId job, const Trial<Architecture>& trial) { workers_->start(job, trial); }
  void cancel(JobId job) { workers_->cancel(job); }
  std::optional<Finished> wait(JobHost& host) { return workers_->wait(host); }

 private:
  std::unique_ptr<Workers> workers_;
};

}  // namespace nascent
