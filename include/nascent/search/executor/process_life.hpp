// Signals, limits and the end of processes. Linux.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

namespace nascent::detail {

/// What is buffered must not be written a second time by a copy of this process.
inline void flush_output() {
  std::cout.flush();
  std::clog.flush();
  std::fflush(nullptr);
}

/// How a process ended, from what waitpid said of it.
inline std::string describe_death(int status) {
  if (WIFSIGNALED(status))
    return "killed by signal " + std::to_string(WTERMSIG(status)) + " (" +
           ::strsignal(WTERMSIG(status)) + ")";
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

/// Waits for the end of a child process.
inline int wait_for_death(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Ctrl-C and the like reach every process of a terminal or a batch job: the search decides what
/// they mean. Handlers that do nothing, since a program that is started gets none of them.
inline void leave_signals_to_the_search() {
  struct sigaction nothing {};
  nothing.sa_handler = [](int) {};
  nothing.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaction(signal, &nothing, {});
  for (const int signal : {SIGTTIN, SIGTTOU}) ::signal(signal, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
}

/// An evaluator that calls exit() must not run what the search's process has registered for its
/// end.
inline void end_at_once_on_exit() {
#ifdef __GLIBC__
  ::on_exit(
      [](int code, void*) {
        flush_output();
        ::_exit(code);
      },
      nullptr);
#endif
}

/// Limits the address space of this process during its life.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t bytes) {
    ::getrlimit(RLIMIT_AS, &former_);
    rlimit limited = former_;
    if (bytes > 0) limited.rlim_cur = (std::min)(static_cast<rlim_t>(bytes), former_.rlim_max);
    ::setrlimit(RLIMIT_AS, &limited);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit() { ::setrlimit(RLIMIT_AS, &former_); }

 private:
  rlimit former_{};
};

}  // namespace nascent::detail
