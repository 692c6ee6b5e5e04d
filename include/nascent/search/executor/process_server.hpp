// The process that starts a process for each trial, and what those do. Linux.
#pragma once

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "nascent/search/executor/message.hpp"
#include "nascent/search/executor/process_channel.hpp"
#include "nascent/search/executor/process_life.hpp"

namespace nascent {

/// What the process of one trial may use.
struct ProcessLimits {
  /// Address space, 0 for no limit. CUDA reserves far more than it uses: leave it 0 there.
  std::size_t memory_bytes = 0;
};

namespace detail {

/// What reasons and errors are cut to, so that messages stay far below what a channel takes.
inline constexpr std::size_t kLongestText = 16'000;

inline std::string shortened(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  return text.substr(0, kLongestText) + " ... (" + std::to_string(text.size()) + " bytes in all)";
}

/// Life of the process of one trial: evaluates it, tells, ends.
template <class Space, class Evaluator>
class ProcessOfTrial {
 public:
  ProcessOfTrial(const Space& space, Evaluator& evaluator, ChannelEnd& reports)
      : space_(space), evaluator_(evaluator), reports_(reports) {}

  void run(const Json& message, const ProcessLimits& limits) {
    Finished finished{message.at("job").get<JobId>(), {}, {}};
    try {
      const auto trial = trial_of(space_, message);
      const MemoryLimit limit(limits.memory_bytes);
      Reporter monitor(reports_, finished.job);
      finished = finish(finished.job, space_, evaluator_, trial, monitor);
    } catch (...) {
      finished.error = std::current_exception();
    }
    Json end = message_of_end(finished);
    if (end.contains("error")) end["error"] = shortened(end["error"].get<std::string>());
    if (finished.outcome) end["outcome"]["failure"] = shortened(finished.outcome->failure);
    reports_.send(json_text(end));
  }

 private:
  struct Reporter : Monitor {
    ChannelEnd& reports;
    JobId job;
    Reporter(ChannelEnd& r, JobId j) : reports(r), job(j) {}
    void on_epoch(const EpochReport& report) override {
      reports.send(json_text(message_of_report(job, report)));
    }
  };

  const Space& space_;
  Evaluator& evaluator_;
  ChannelEnd& reports_;
};

/// Starts a process for each trial that the search sends, kills it when told to, and tells when and
/// how it ended. It has one thread and never evaluates, so that what it forks is always in order.
template <class Space, class Evaluator>
class ProcessServer {
 public:
  ProcessServer(const Space& space, Evaluator& evaluator, const ProcessLimits& limits,
                ChannelEnd search, ChannelEnd reports)
      : space_(space),
        evaluator_(evaluator),
        limits_(limits),
        search_(std::move(search)),
        reports_(std::move(reports)) {
    leave_signals_to_the_search();
    ::sigemptyset(&deaths_);
    ::sigaddset(&deaths_, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &deaths_, &former_mask_);
    death_ = Descriptor(::signalfd(-1, &deaths_, SFD_CLOEXEC | SFD_NONBLOCK));
    if (death_.number() < 0) throw SearchError(system_error("cannot watch processes"));
  }
  ProcessServer(const ProcessServer&) = delete;
  ProcessServer& operator=(const ProcessServer&) = delete;
  ~ProcessServer() {
    for (const auto& [process, running] : jobs_) kill(process);
    for (const auto& [process, running] : jobs_) wait_for_death(process);
  }

  /// Until the search hangs up, or is no more.
  void serve() {
    while (!search_.hung_up()) {
      wait_for_input(search_.number(), death_.number(), -1);
      tell_deaths();
      while (const auto message = search_.receive()) obey(Json::parse(*message));
    }
  }

 private:
  void obey(const Json& message) {
    if (!message.contains("cancel")) return start(message);
    const auto id = message.at("cancel").get<JobId>();
    for (const auto& [process, running] : jobs_)
      if (running.job == id) kill(process);
  }

  void start(const Json& message) {
    const auto job = message.at("job").get<JobId>();
    const pid_t server = ::getpid();
    const int worker = idle_worker();
    flush_output();
    const pid_t process = ::fork();
    if (process == 0) become_trial(message, server, worker);
    if (process < 0) return tell(job, "error", system_error("cannot start a process for a trial"));
    ::setpgid(process, process);  // the child does so too: whoever is first
    jobs_.emplace(process, Running{job, worker});
  }

  /// The first of them whose trial has ended.
  int idle_worker() const {
    std::set<int> busy;
    for (const auto& [process, running] : jobs_) busy.insert(running.worker);
    int worker = 0;
    while (busy.contains(worker)) ++worker;
    return worker;
  }

  [[noreturn]] void become_trial(const Json& message, pid_t server, int worker) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != server) ::_exit(1);
    ::setpgid(0, 0);  // so that what the evaluator starts ends with it
    ::sigprocmask(SIG_SETMASK, &former_mask_, nullptr);
    death_.close();
    search_.close();
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    end_at_once_on_exit();
    serve_as(evaluator_, worker);
    ProcessOfTrial<Space, Evaluator>(space_, evaluator_, reports_).run(message, limits_);
    flush_output();
    ::_exit(0);
  }

  static void kill(pid_t process) {
    ::kill(-process, SIGKILL);  // the whole group
    ::kill(process, SIGKILL);
  }

  void tell_deaths() {
    signalfd_siginfo ignored;
    while (::read(death_.number(), &ignored, sizeof ignored) > 0) {
    }
    siginfo_t died{};
    while (::waitid(P_ALL, 0, &died, WEXITED | WNOHANG | WNOWAIT) == 0 && died.si_pid != 0) {
      const pid_t process = std::exchange(died.si_pid, 0);
      kill(process);  // not reaped yet, so its number is still its own
      const int status = wait_for_death(process);
      const auto at = jobs_.find(process);
      if (at == jobs_.end()) continue;
      tell(at->second.job, "died", describe_death(status));
      jobs_.erase(at);
    }
  }

  void tell(JobId job, const char* what, const std::string& text) {
    search_.send(json_text({{"job", job}, {what, text}}));
  }

  struct Running {
    JobId job;
    int worker;  ///< it takes the place of
  };

  const Space& space_;
  Evaluator& evaluator_;
  const ProcessLimits limits_;
  ChannelEnd search_, reports_;
  sigset_t deaths_{}, former_mask_{};
  Descriptor death_;
  std::map<pid_t, Running> jobs_;
};

}  // namespace detail
}  // namespace nascent
