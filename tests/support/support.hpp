// What several tests need.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/core.hpp"

namespace nascent {

/// The message of the exception that `act` throws, or nothing.
template <class Exception = std::exception>
std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Exception& error) {
    return error.what();
  }
  return "";
}

/// An empty directory for one test.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("nascent-" + std::to_string(::getpid()) + "-" + std::to_string(made_++))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  static inline int made_ = 0;
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Right answers of 10,000, so that 0.10 points are 10; a negative count is a failure.
inline Outcome scored(int correct, int trained = 0, int epochs = 0) {
  if (correct < 0) return Outcome::failed("scripted");
  return Outcome({correct, 10'000}, {trained, 10'000}, epochs);
}

/// Evaluator: the n-th trial gets the n-th score, every further one the last; writes down what was
/// asked as "grow d10 w64 e10", with operations and kernels where they are not all the first.
struct Scripted {
  static constexpr bool pure = false;

  std::vector<int> scores;
  std::vector<std::string> asked{};
  std::vector<int> trained{};  ///< scores on the training images, as far as they go

  Outcome evaluate(const Trial<Architecture>& trial) {
    const Architecture& a = trial.architecture();
    std::string line = std::string(stage_of(trial.move())) + " d" + std::to_string(a.depth()) +
                       " w" + std::to_string(a.width);
    if (operations_of(a).find_first_not_of('s') != std::string::npos)
      line += " " + operations_of(a);
    if (kernels_of(a).find_first_not_of('3') != std::string::npos) line += " " + kernels_of(a);
    asked.push_back(line + " e" + std::to_string(trial.fidelity.epochs));
    const std::size_t n = asked.size() - 1;
    return scored(n < scores.size() ? scores[n] : scores.back(),
                  n < trained.size() ? trained[n] : 0, trial.fidelity.epochs);
  }
};

}  // namespace nascent
