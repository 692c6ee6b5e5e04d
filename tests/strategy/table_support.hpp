// A table of trained networks, to compare strategies on.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/support.hpp"

namespace nascent {

/// The cells of NAS-Bench-201 (Dong & Yang 2020): one of five operations on each of six edges.
struct Cells {
  struct Architecture {
    std::array<int, 6> edges{};
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& cell) {
      std::string text;
      for (const int operation : cell.edges) text += static_cast<char>('0' + operation);
      return text;
    }
  };
  Architecture sample(Random& random) const {
    Architecture cell;
    for (int& operation : cell.edges) operation = random.below(5);
    return cell;
  }
  Architecture mutate(Architecture cell, Random& random) const {
    int& operation = cell.edges[static_cast<std::size_t>(random.below(6))];
    const int other = random.below(4);
    operation = other < operation ? other : other + 1;
    return cell;
  }
  std::vector<int> choices() const { return std::vector<int>(6, 5); }
  std::vector<int> encode(const Architecture& cell) const {
    return {cell.edges.begin(), cell.edges.end()};
  }
  Architecture decode(const std::vector<int>& code) const {
    Architecture cell;
    std::copy(code.begin(), code.end(), cell.edges.begin());
    return cell;
  }
};

/// Validation accuracy on CIFAR-10 of all 15,625 cells.
struct CellTable {
  std::shared_ptr<const std::map<std::string, double>> accuracy = read();

  Outcome evaluate(const Trial<Cells::Architecture>& trial) const {
    return Outcome(Accuracy::of_percent(accuracy->at(to_string(trial.architecture()))), {}, 1);
  }

  static std::shared_ptr<const std::map<std::string, double>> read() {
    const std::string path = std::string(NASCENT_TEST_DATA) + "/tables/nasbench201-cifar10.csv";
    std::ifstream in(path);
    auto table = std::make_shared<std::map<std::string, double>>();
    std::string line;
    for (std::getline(in, line); std::getline(in, line);)
      (*table)[line.substr(0, 6)] = std::stod(line.substr(7));
    if (table->size() != 15'625) throw std::runtime_error(path + " is not the whole table");
    return table;
  }
};

/// Of the best found in a number of runs.
struct Statistic {
  double mean, deviation;  ///< in points
  int runs;
};

/// After each of `counts` distinct networks.
template <class Strategy>
std::vector<Statistic> on_the_cells(const Strategy& strategy, std::vector<int> counts, int runs) {
  struct Best {
    std::map<std::string, double> seen;
    std::vector<double> best;  // after one network, after two, ..
    void on_outcome(const Trial<Cells::Architecture>& trial, const Outcome& outcome) {
      const double percent = outcome.accuracy.percent();
      if (!seen.emplace(to_string(trial.architecture()), percent).second) return;
      best.push_back(best.empty() ? percent : (std::max)(percent, best.back()));
    }
    std::size_t enough;
    std::string stop() const { return best.size() >= enough ? "enough" : ""; }
  };
  const CellTable table;
  const Search<Strategy, FixedEpochRanker, Cells> search(strategy, {.epochs = 1});
  std::vector<double> sum(counts.size()), square(counts.size());
  for (int run = 0; run < runs; ++run) {
    Best course{{}, {}, static_cast<std::size_t>(counts.back())};
    search.run(table, {.seed = static_cast<std::uint64_t>(run) + 1}, course);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double best =
          course.best.at((std::min)(course.best.size(), static_cast<std::size_t>(counts[i])) - 1);
      sum[i] += best;
      square[i] += best * best;
    }
  }
  std::vector<Statistic> found;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double mean = sum[i] / runs;
    found.push_back({mean, std::sqrt((std::max)(0.0, square[i] / runs - mean * mean)), runs});
  }
  return found;
}

}  // namespace nascent
