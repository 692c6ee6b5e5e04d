// How long the searches of a tournament run, and how often.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nascent {

/// What each run may spend. It runs once, to the largest amount, and is read off at the others.
///
///     Budgets::evaluations({50, 100, 200})
class Budgets {
 public:
  /// What is counted.
  enum class Unit : std::uint8_t {
    trials,       ///< as SearchOptions::max_trials: repeats of equal trials count
    evaluations,  ///< as SearchOptions::max_evaluations: repeats do not count, failures do
    epochs,       ///< as SearchOptions::max_epochs
  };

  /// Of trials, repeats included.
  static Budgets trials(std::vector<std::int64_t> amounts) {
    return {Unit::trials, std::move(amounts)};
  }
  /// Of trials that were not answered from memory.
  static Budgets evaluations(std::vector<std::int64_t> amounts) {
    return {Unit::evaluations, std::move(amounts)};
  }
  /// Of epochs.
  static Budgets epochs(std::vector<std::int64_t> amounts) {
    return {Unit::epochs, std::move(amounts)};
  }

  /// What is counted.
  Unit unit() const { return unit_; }
  const std::vector<std::int64_t>& amounts() const {
    return amounts_;
  }  ///< ascending, no two equal
  /// To which each run goes.
  std::int64_t largest() const { return amounts_.back(); }

  /// For reports.
  std::string_view unit_name() const {
    switch (unit_) {
      case Unit::trials:
        return "trials";
      case Unit::evaluations:
        return "evaluations";
      case Unit::epochs:
        return "epochs";
    }
    return "";
  }

 private:
  Budgets(Unit unit, std::vector<std::int64_t> amounts)
      : unit_(unit), amounts_(std::move(amounts)) {
    std::sort(amounts_.begin(), amounts_.end());
    amounts_.erase(std::unique(amounts_.begin(), amounts_.end()), amounts_.end());
    constexpr std::int64_t kMost = (std::numeric_limits<int>::max)();
    if (amounts_.empty() || amounts_.front() < 1)
      throw std::invalid_argument("compare: budgets must be at least one, of at least 1");
    if (unit_ != Unit::epochs && amounts_.back() > kMost)
      throw std::invalid_argument("compare: a budget of " + std::string(unit_name()) +
                                  " must be at most " + std::to_string(kMost));
  }

  Unit unit_;
  std::vector<std::int64_t> amounts_;
};

/// The seeds under which every search runs: a count k for 1 .. k, or a list.
class Seeds {
 public:
  /// 1 .. count.
  Seeds(int count) : Seeds(first(count)) {}  // NOLINT: `10` says what it means
  /// These; std::invalid_argument for none or for two that are equal.
  Seeds(std::vector<std::uint64_t> list) : list_(std::move(list)) {  // NOLINT
    std::vector<std::uint64_t> sorted = list_;
    std::sort(sorted.begin(), sorted.end());
    if (list_.empty()) throw std::invalid_argument("compare: give at least one seed");
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      throw std::invalid_argument(
          "compare: the seeds must differ, since equal seeds give equal runs");
  }

  /// One a run.
  const std::vector<std::uint64_t>& list() const { return list_; }

 private:
  static std::vector<std::uint64_t> first(int count) {
    std::vector<std::uint64_t> list(static_cast<std::size_t>((std::max)(count, 0)));
    std::iota(list.begin(), list.end(), 1);
    return list;
  }

  std::vector<std::uint64_t> list_;
};

}  // namespace nascent
