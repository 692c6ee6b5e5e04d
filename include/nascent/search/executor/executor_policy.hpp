// What an executor must offer: where trials are evaluated.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/space/morphs.hpp"
#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A trial that an executor was given, by the number under which it was given.
using JobId = std::size_t;

/// How a job ended: with an outcome, with an error that ends the search, or (neither) cancelled.
struct Finished {
  JobId job = 0;                   ///< that ended
  std::optional<Outcome> outcome;  ///< nothing after a cancellation or an error
  std::exception_ptr error;        ///< one that ends the search, or null
};

/// What an executor tells while jobs are under way.
class JobHost {
 public:
  virtual void on_epoch(JobId job, const EpochReport& report) = 0;

  /// The job begins only now, or anew, and so does its time limit; it need not be said of one that
  /// begins with `start`.
  virtual void on_begin(JobId) {}

  /// True when the job's result is not wanted any more.
  virtual bool unwanted(JobId job) = 0;

 protected:
  ~JobHost() = default;
};

namespace detail {

/// The space of a run: it knows the evaluator's problem.
template <class Space, class Evaluator>
Space fitted(Space space, Evaluator& evaluator) {
  if constexpr (states_problem<Evaluator> && fits_problem<Space>) space.fit_to(evaluator.problem());
  if constexpr (checks_itself<Space>) space.check();
  return space;
}

/// The trial, and those that it goes on from, as networks.
template <class Space, class Architecture>
NetworkTrial network_trial(const Space& space, const Trial<Architecture>& trial) {
  NetworkTrial network{space.describe(trial.architecture()), trial.fidelity, trial.seed};
  if constexpr (ChangesRecipe<Space>) network.recipe = space.recipe_changes(trial.architecture());
  if (!trial.parent) return network;
  network.parent = std::make_shared<const NetworkTrial>(network_trial(space, *trial.parent));
  if constexpr (tells_origin<Space, Architecture>)
    if (!trial.resumes())
      network.origin = space.origin(trial.parent->architecture(), trial.architecture());
  return network;
}

/// Parameters and FLOPs of an architecture's network, as far as the space tells.
template <class Space, class Architecture>
Metrics sizes(const Space& space, const Architecture& architecture) {
  Metrics found;
  const auto add = [&](Measure measure, std::int64_t count) {
    found.emplace_back(to_string(measure), static_cast<double>(count));
  };
  if constexpr (describes_networks<Space, Architecture>) {
    const NetworkDescription network = space.describe(architecture);
    add(Measure::parameters, network.parameters());
    add(Measure::flops, network.flops());
  } else if constexpr (counts_parameters<Space, Architecture>) {
    add(Measure::parameters, space.parameters(architecture));
  }
  return found;
}

/// The outcome of a trial that asks for a proxy: counts need no evaluator, and stand beside every
/// other score.
template <class Space, class Architecture, class Evaluate>
Outcome with_sizes(const Space& space, const Trial<Architecture>& trial, Evaluate evaluate) {
  Metrics counted = sizes(space, trial.architecture());
  Outcome outcome;
  if (const auto count = metric(counted, to_string(trial.fidelity.measure)))
    outcome.accuracy = Accuracy::of_percent(1e-6 * *count);  // in millions: it keeps six decimals
  else
    outcome = evaluate();
  for (auto& entry : counted)
    if (!metric(outcome.metrics, entry.first)) outcome.metrics.push_back(std::move(entry));
  return outcome;
}

/// Evaluates a trial where it is called, whichever form the evaluator has. Exceptions become failed
/// outcomes; Cancelled and SearchError pass.
template <class Space, class Evaluator, class Architecture>
Outcome measure(const Space& space, Evaluator& evaluator, const Trial<Architecture>& trial,
                Monitor& monitor) {
  const auto evaluate = [&]() -> Outcome {
    if constexpr (requirement::evaluates_monitored<Evaluator, Architecture>) {
      return evaluator.evaluate(trial, monitor);
    } else if constexpr (requirement::evaluates_networks<Evaluator>) {
      static_assert(describes_networks<Space, Architecture>,
                    "nascent: this Evaluator trains networks, so your Space needs "
                    "`NetworkDescription describe(const Architecture&) const` - "
                    "docs/concepts.md#space");
      if constexpr (describes_networks<Space, Architecture>)
        return evaluator.evaluate(network_trial(space, trial), monitor);
      else
        return {};
    } else {
      return evaluator.evaluate(trial);
    }
  };
  try {
    if (trial.fidelity.measure == Measure::accuracy) return evaluate();
    return with_sizes(space, trial, evaluate);
  } catch (const Cancelled&) {
    throw;
  } catch (const SearchError&) {
    throw;
  } catch (const std::bad_alloc&) {
    return Outcome::failed("out of memory");
  } catch (const std::exception& error) {
    return Outcome::failed(error.what());
  } catch (...) {
    return Outcome::failed("the evaluator threw something that is no std::exception");
  }
}

/// The same as the end of a job.
template <class Space, class Evaluator, class Architecture>
Finished finish(JobId job, const Space& space, Evaluator& evaluator,
                const Trial<Architecture>& trial, Monitor& monitor) {
  Finished finished{job, {}, {}};
  try {
    finished.outcome = measure(space, evaluator, trial, monitor);
    if constexpr (states_machine<Evaluator>) finished.outcome->machine = evaluator.machine();
  } catch (const Cancelled&) {
  } catch (...) {
    finished.error = std::current_exception();
  }
  return finished;
}

}  // namespace detail

/// The workers of one run.
template <class C, class Architecture>
concept Crew = requires(C& crew, JobId job, const Trial<Architecture>& trial, JobHost& host) {
  { crew.size() } -> std::convertible_to<int>;
  crew.start(job, trial);
  crew.cancel(job);
  { crew.wait(host) } -> std::same_as<std::optional<Finished>>;
};

/// An executor says where trials are evaluated; which outcomes there are never depends on it.
///
/// Minimal complete definition: `crew(const Space&, Evaluator&)`, whose result (`Crew`) serves one
/// run: `int size() const` (jobs at once), `start(JobId, const Trial<A>&)` (called for at most
/// `size()` jobs that have not finished; the trial stays where it is until then), `cancel(JobId)`
/// (soon; the job still finishes), `std::optional<Finished> wait(JobHost&)` (the next job that
/// finished; nothing after some tens of milliseconds in which none did). Its destructor cancels
/// what is under way. Optional: `std::string name() const`, for reports. Models: Inline, Threads,
/// Processes, Mpi, Simulated. See docs/concepts.md#executor.
template <class X, class Space, class Evaluator>
concept ExecutorPolicy = requires(X& executor, const Space& space, Evaluator& evaluator) {
  { executor.crew(space, evaluator) } -> Crew<typename Space::Architecture>;
};

namespace detail {

template <class X, class Space, class Evaluator>
concept offers_crew = requires(X& executor, const Space& space, Evaluator& evaluator) {
  executor.crew(space, evaluator);
};

template <class C, class Architecture>
consteval bool explain_crew() {
  constexpr bool size = requires(C & crew) { static_cast<int>(crew.size()); };
  static_assert(size,
                "nascent: the crew of your Executor needs `int size() const`, the jobs at once - "
                "docs/concepts.md#executor");
  constexpr bool start = requires(C & crew, JobId job, const Trial<Architecture>& trial) {
    crew.start(job, trial);
  };
  static_assert(start,
                "nascent: the crew of your Executor needs `void start(JobId job, const "
                "Trial<Architecture>& trial)` - docs/concepts.md#executor");
  constexpr bool cancel = requires(C & crew, JobId job) { crew.cancel(job); };
  static_assert(cancel,
                "nascent: the crew of your Executor needs `void cancel(JobId job)` - "
                "docs/concepts.md#executor");
  constexpr bool wait = requires(C & crew, JobHost & host) {
    { crew.wait(host) } -> std::same_as<std::optional<Finished>>;
  };
  static_assert(wait,
                "nascent: the crew of your Executor needs `std::optional<Finished> wait(JobHost& "
                "host)` - docs/concepts.md#executor");
  return true;
}

template <class X>
std::string executor_name(const X& executor) {
  if constexpr (requires { std::string(executor.name()); })
    return executor.name();
  else
    return "an executor without a name";
}

}  // namespace detail
}  // namespace nascent
