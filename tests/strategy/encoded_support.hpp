// Spaces with an encoding: a table of trained networks, to compare strategies on, and a small one.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/evaluator/table_evaluator.hpp"
#include "nascent/search/session.hpp"
#include "nascent/space/encoding.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/table_space.hpp"

namespace nascent {

/// Validation accuracy on CIFAR-10 of all cells of NAS-Bench-201.
using Cells = TableSpace<NasBench201Space>;

inline const std::shared_ptr<const Table>& cell_table() {
  static const auto table = std::make_shared<const Table>(read_table(
      std::string(NASCENT_TEST_DATA) + "/tables/nasbench201-cifar10.csv", {"validation_accuracy"}));
  return table;
}

template <class Strategy>
Search<Strategy, FixedEpochRanker, Cells> search_of_cells(const Strategy& strategy) {
  return Search<Strategy, FixedEpochRanker, Cells>(strategy, {.epochs = 1},
                                                   Cells({}, cell_table()));
}

/// Two to four digits from 0 to 2, the first two of which differ: 78 in all. The encoding starts
/// with the number of digits, so there are codes outside the space and positions that do not
/// matter.
struct Digits {
  struct Architecture {
    std::vector<int> digits;
    friend bool operator==(const Architecture&, const Architecture&) = default;
    friend std::string to_string(const Architecture& of) {
      std::string text;
      for (const int digit : of.digits) text += static_cast<char>('0' + digit);
      return text;
    }
  };
  static constexpr int kSize = 78;

  Architecture sample(Random& random) const {
    Architecture drawn;
    do {
      drawn.digits.resize(2 + static_cast<std::size_t>(random.below(3)));
      for (int& digit : drawn.digits) digit = random.below(3);
    } while (!contains(drawn));
    return drawn;
  }
  std::vector<int> choices() const { return {3, 3, 3, 3, 3}; }
  std::vector<int> encode(const Architecture& of) const {
    std::vector<int> code{static_cast<int>(of.digits.size()) - 2};
    code.insert(code.end(), of.digits.begin(), of.digits.end());
    code.resize(5);
    return code;
  }
  Architecture decode(const std::vector<int>& code) const {
    return {{code.begin() + 1, code.begin() + 3 + code[0]}};
  }
  bool contains(const Architecture& of) const { return of.digits[0] != of.digits[1]; }
  void require(const Architecture& of) const {
    if (!contains(of)) throw std::invalid_argument(to_string(of) + " is outside");
  }
};
static_assert(EncodedSpace<Cells> && EncodedSpace<Digits>);

/// More right answers for larger digits; some fail. Writes down what was asked.
struct DigitsEvaluator {
  static constexpr bool pure = false;  // so that repeats are seen

  std::vector<std::string> asked{};

  Outcome evaluate(const Trial<Digits::Architecture>& trial) {
    asked.push_back(to_string(trial.architecture()));
    int sum = 0;
    for (const int digit : trial.architecture().digits) sum += digit;
    return sum == 3 ? Outcome::failed("scripted") : Outcome({sum, 8}, {}, 1);
  }
};

/// What a strategy asks for in the space of digits when nothing but itself ends it.
template <class Strategy>
std::vector<std::string> asked_of_digits(const Strategy& strategy, std::uint64_t seed = 1) {
  DigitsEvaluator evaluator;
  const Search<Strategy, FixedEpochRanker, Digits> search(strategy, {.epochs = 1});
  const auto found = search.run(evaluator, {.seed = seed, .max_trials = 1000});
  EXPECT_TRUE(found.finished());
  return evaluator.asked;
}

/// How many candidates are asked for at a time, first and then, once `startup` are judged.
template <class Strategy>
std::vector<int> group_sizes(const Strategy& strategy, int groups) {
  const Search<Strategy, FixedEpochRanker, SepConvSpace> search(strategy);
  Session session(search);
  std::vector<int> sizes;
  int told = 0;
  for (int group = 0; group < groups; ++group) {
    sizes.push_back(0);
    while (session.ask()) ++sizes.back();
    for (int i = 0; i < sizes.back(); ++i) session.tell(told++, Outcome({i, 100}, {}, 1));
  }
  return sizes;
}

/// What a strategy refuses to run with.
template <class Strategy>
std::string refusal(const Strategy& strategy) {
  const Search<Strategy, FixedEpochRanker, Digits> search(strategy);
  return message_of<std::invalid_argument>(
      [&] { search.run(DigitsEvaluator{}, {.max_trials = 3}); });
}

/// Of the best found in a number of runs.
struct Statistic {
  double mean, deviation;  ///< in points
  int runs;

  double error() const { return deviation / std::sqrt(runs); }

  /// Better, and not by chance.
  bool exceeds(const Statistic& other) const {
    return mean - other.mean > 4 * std::hypot(error(), other.error());
  }
  /// No worse, but for what chance explains.
  bool reaches(const Statistic& other) const {
    return mean - other.mean > -3 * std::hypot(error(), other.error());
  }
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
  const TableEvaluator table(cell_table(), "validation_accuracy");
  const auto search = search_of_cells(strategy);
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
