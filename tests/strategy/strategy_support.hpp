// Spaces in which what a strategy did can be read off the architectures that it asked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../support/support.hpp"

namespace nascent {

/// A name, as an architecture.
struct Named {
  std::string name;

  explicit Named(std::string text) : name(std::move(text)) {}
  friend bool operator==(const Named&, const Named&) = default;
  friend std::string to_string(const Named& named) { return named.name; }
};

/// Right answers of 100 for the n-th trial, a failure below 0; writes down the names.
struct InOrder {
  static constexpr bool pure = false;

  std::vector<int> scores;
  std::vector<std::string> asked{};

  Outcome evaluate(const Trial<Named>& trial) {
    asked.push_back(trial.architecture().name);
    const int score = scores.at(asked.size() - 1);
    return score < 0 ? Outcome::failed("scripted") : Outcome({score, 100}, {}, 1);
  }
};

/// A table of 20 entries in a row, the accuracies of which are 1 .. 20 of 20.
struct Row {
  struct Architecture {
    int index = 0;
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& entry) { return std::to_string(entry.index); }
  };
  Architecture sample(Random& random) const { return {random.below(20)}; }
  std::vector<Architecture> neighbours(const Architecture& entry) const {
    std::vector<Architecture> found;
    if (entry.index > 0) found.push_back({entry.index - 1});
    if (entry.index < 19) found.push_back({entry.index + 1});
    return found;
  }
};

struct RowEvaluator {
  int calls = 0;
  Outcome evaluate(const Trial<Row::Architecture>& trial) {
    ++calls;
    return Outcome({trial.architecture().index + 1, 20}, {}, trial.fidelity.epochs);
  }
};

/// Points of a grid of 16^4; the nearer to one of them, the better: a landscape with one top.
struct Grid {
  struct Architecture {
    std::array<int, 4> at{};
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& point) {
      std::string text;
      for (const int x : point.at) text += (text.empty() ? "" : ",") + std::to_string(x);
      return text;
    }
  };
  Architecture sample(Random& random) const {
    Architecture point;
    for (int& x : point.at) x = random.below(16);
    return point;
  }
  std::vector<Architecture> neighbours(const Architecture& point) const {
    std::vector<Architecture> found;
    for (std::size_t i = 0; i < point.at.size(); ++i)
      for (const int step : {-1, 1}) {
        Architecture other = point;
        other.at[i] += step;
        if (other.at[i] >= 0 && other.at[i] < 16) found.push_back(other);
      }
    return found;
  }
};

struct Hill {
  static Outcome evaluate(const Trial<Grid::Architecture>& trial) {
    constexpr std::array<int, 4> kTop{11, 3, 7, 5};
    int distance = 0;
    for (std::size_t i = 0; i < kTop.size(); ++i)
      distance += std::abs(trial.architecture().at[i] - kTop[i]);
    return Outcome({100 - distance, 100}, {}, 1);
  }
};

/// Mean accuracy of what is found on the hill, in points.
template <class Strategy>
double mean_on_the_hill(const Strategy& strategy, int trials) {
  constexpr int kRuns = 100;
  const Search<Strategy, FixedEpochRanker, Grid> search(strategy, {.epochs = 1});
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed)
    sum += search.run(Hill{}, {.seed = seed, .max_trials = trials}).judgement.accuracy.percent();
  return sum / kRuns;
}

}  // namespace nascent
