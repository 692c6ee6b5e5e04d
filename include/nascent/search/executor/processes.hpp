#pragma once

#include <unistd.h>

#include <cstddef>
#include <deque>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/search/executor/process_server.hpp"

namespace nascent {
namespace detail {

inline std::ptrdiff_t count_threads() {
  std::error_code unknown;
  const std::filesystem::directory_iterator tasks("/proc/self/task", unknown);
  return unknown ? 1 : std::distance(begin(tasks), end(tasks));
}

/// A fork copies one thread only: locks that others hold would stay locked in the copy.
inline void require_single_thread() {
  std::ptrdiff_t threads = count_threads();
  // One that was joined may be listed for a moment longer.
  for (int again = 0; threads > 1 && again < 20; ++again, threads = count_threads()) ::usleep(1000);
  if (threads > 1)
    throw SearchError("Processes must begin before any other thread, and this process has " +
                      std::to_string(threads) +
                      "; run the search before anything is trained or started here, or use "
                      "Threads");
}

/// The search's side: gives trials to the server and gathers what their processes tell.
template <class Space>
class ProcessCrew {
 public:
  using Architecture = typename Space::Architecture;

  template <class Evaluator>
  ProcessCrew(const Space& space, Evaluator& evaluator, int workers, const ProcessLimits& limits)
      : space_(space), workers_(workers) {
    require_single_thread();
    auto [server, search] = make_channel();
    auto [reports, trials] = make_channel();
    flush_output();
    server_ = ::fork();
    if (server_ < 0) throw SearchError(system_error("cannot start a process"));
    if (server_ == 0) {
      server.close();
      reports.close();
      serve(space, evaluator, limits, std::move(search), std::move(trials));
    }
    to_server_ = std::move(server);
    reports_ = std::move(reports);
  }
  ProcessCrew(const ProcessCrew&) = delete;
  ProcessCrew& operator=(const ProcessCrew&) = delete;
  ~ProcessCrew() {
    to_server_.hang_up();
    if (server_ > 0) wait_for_death(server_);
  }

  int size() const { return workers_; }

  void start(JobId job, const Trial<Architecture>& trial) {
    require_readable(trial.architecture());
    jobs_[job] = {};
    say(json_text(message_of_trial(job, trial)));
  }

  void cancel(JobId job) {
    const auto at = jobs_.find(job);
    if (at == jobs_.end() || std::exchange(at->second.cancelled, true)) return;
    say(json_text({{"cancel", job}}));
  }

  std::optional<Finished> wait(JobHost& host) {
    if (finished_.empty()) listen(20);
    while (!told_.empty()) {
      const auto [job, report] = told_.front();
      told_.pop_front();
      host.on_epoch(job, report);
    }
    if (finished_.empty()) {
      if (to_server_.hung_up()) throw_server_is_gone();
      return std::nullopt;
    }
    Finished finished = std::move(finished_.front());
    finished_.pop_front();
    return finished;
  }

 private:
  struct Job {
    bool cancelled = false;
    std::optional<Finished> end{};  ///< as its process told it, until that has ended
  };

  template <class Evaluator>
  [[noreturn]] static void serve(const Space& space, Evaluator& evaluator,
                                 const ProcessLimits& limits, ChannelEnd search,
                                 ChannelEnd trials) {
    try {
      ProcessServer(space, evaluator, limits, std::move(search), std::move(trials)).serve();
    } catch (...) {
      ::_exit(1);  // the search learns of it from the channel
    }
    ::_exit(0);
  }

  void require_readable(const Architecture& architecture) const {
    if constexpr (parses_text<Space>)
      if (const std::string text = to_string(architecture); space_.parse(text) != architecture)
        throw SearchError("'" + text + "' does not parse back to the same architecture, so it " +
                          "cannot be told to another process");
  }

  void say(const std::string& message) {
    // While there is no room the server may wait for its own messages to be read.
    while (to_server_.send_at_once(message) == ChannelEnd::Sent::full) listen(1);
  }

  /// Takes in what has been told, waiting for it at most so many milliseconds.
  void listen(int milliseconds) {
    wait_for_input(to_server_.number(), reports_.number(), milliseconds);
    std::vector<Json> deaths;
    while (const auto message = to_server_.receive()) deaths.push_back(Json::parse(*message));
    // After the deaths: what a process told before its death is there by now, and counts.
    while (const auto message = reports_.receive()) note(*message);
    for (const Json& death : deaths) bury(death);
  }

  void note(const std::string& message) {
    try {
      const Json json = Json::parse(message);
      const auto at = jobs_.find(json.at("job").get<JobId>());
      if (at == jobs_.end()) return;
      if (json.contains("end"))
        at->second.end = end_of(json);
      else
        told_.emplace_back(at->first, report_of(json));
    } catch (const Json::exception&) {  // from a process gone mad, which is as if it were silent
    }
  }

  void bury(const Json& death) {
    const auto at = jobs_.find(death.at("job").get<JobId>());
    if (at == jobs_.end()) return;
    Finished finished{at->first, {}, {}};
    if (at->second.end) {
      finished = *std::move(at->second.end);
    } else if (death.contains("error")) {
      finished.error = std::make_exception_ptr(SearchError(death["error"].get<std::string>()));
    } else if (!at->second.cancelled) {
      const auto reason = death.at("died").get<std::string>();
      finished.outcome =
          Outcome::failed(reason.starts_with("killed") ? reason : reason + " without an outcome");
    }
    jobs_.erase(at);
    finished_.push_back(std::move(finished));
  }

  [[noreturn]] void throw_server_is_gone() {
    const int status = wait_for_death(std::exchange(server_, -1));
    throw SearchError("the process that starts the workers is gone, " + describe_death(status) +
                      ", and the search cannot go on without it");
  }

  const Space& space_;
  const int workers_;
  pid_t server_ = -1;
  ChannelEnd to_server_, reports_;
  std::map<JobId, Job> jobs_;
  std::deque<std::pair<JobId, EpochReport>> told_;
  std::deque<Finished> finished_;
};

}  // namespace detail

/// Executor: evaluates each trial in a process of its own, a copy of this one as it was when the
/// search began. A crash, a call of exit() or a lack of memory costs only the trial, which counts
/// as failed, and trials that are over their time limit are killed. Linux; must begin before this
/// process has a second thread.
class Processes {
 public:
  /// Throws std::invalid_argument for less than one worker.
  explicit Processes(int workers, ProcessLimits limits = {}) : workers_(workers), limits_(limits) {
    if (workers < 1)
      throw std::invalid_argument("Processes needs at least 1 worker, and was given " +
                                  std::to_string(workers));
  }

  template <class Space, class Evaluator>
  detail::ProcessCrew<Space> crew(const Space& space, Evaluator& evaluator) const {
    return {space, evaluator, workers_, limits_};
  }

  std::string name() const { return std::to_string(workers_) + " processes"; }

 private:
  int workers_;
  ProcessLimits limits_;
};

}  // namespace nascent
