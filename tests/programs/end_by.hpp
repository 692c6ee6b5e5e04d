// Ctrl-C and kill, for tests of programs.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

/// Starts a command, sends it a signal once `ready` says so, and returns its exit code as a shell
/// gives it; -1 where it was not ready within a minute.
inline int end_by(int signal, const std::string& command, const std::function<bool()>& ready) {
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
    _exit(127);
  }
  bool was_ready = false;
  for (int i = 0; i < 6000 && !(was_ready = ready()); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(child, signal);
  int status = 0;
  waitpid(child, &status, 0);
  if (!was_ready) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
