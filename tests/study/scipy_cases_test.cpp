// Rank correlations, bootstrap and paired tests against SciPy 1.17.1 on 1,000 random cases with
// ties: tests/data/statistics/scipy.csv, written by write_cases.py beside this file.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "nascent/study/agreement.hpp"
#include "nascent/tournament/statistics.hpp"

namespace nascent {
namespace {

struct Case {
  std::vector<double> x, y, expected;
};

std::vector<double> numbers_in(const std::string& text, char separator) {
  std::vector<double> numbers;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) numbers.push_back(std::stod(part));
  return numbers;
}

std::vector<Case> cases() {
  std::ifstream file(std::string(NASCENT_TEST_DATA) + "/statistics/scipy.csv");
  std::vector<Case> all;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t first = line.find(','), second = line.find(',', first + 1);
    all.push_back({numbers_in(line.substr(0, first), ' '),
                   numbers_in(line.substr(first + 1, second - first - 1), ' '),
                   numbers_in(line.substr(second + 1), ',')});
  }
  return all;
}

TEST(SciPyCases, AgreeInEveryStatistic) {
  const std::vector<Case> all = cases();
  ASSERT_EQ(all.size(), 1000U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [x, y, expected] = all[i];
    ASSERT_EQ(expected.size(), 7U) << "case " << i;
    const Interval interval = bootstrap(x, y, spearman, {.resamples = 99});
    const PairedTest test = test_pairs(x, y);
    const double ours[] = {spearman(x, y), kendall(x, y), interval.low,   interval.high,
                           test.t,         test.t_p,      test.wilcoxon_p};
    for (std::size_t k = 0; k < std::size(ours); ++k)
      EXPECT_NEAR(ours[k], expected[k], 1e-9 * (1 + std::abs(expected[k])))
          << "case " << i << ", column " << k + 3;
  }
}

}  // namespace
}  // namespace nascent
