// The few statistics of a comparison; their distributions are Boost.Math's.
#pragma once

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace nascent {

/// "There is no such number": of a sample that is too small, or of a test that cannot be made.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Mean, standard deviation (n - 1) and standard error of a sample. Without spread for a single
/// value; nothing for none, or when a value is missing.
struct Summary {
  double mean = kNone, deviation = kNone, standard_error = kNone;  ///< in the units of the values
};

/// Of a sample, in any order.
inline Summary summarise(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() == 1) return {mean};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / (n - 1));
  return {mean, deviation, deviation / std::sqrt(n)};
}

/// Two-sided paired tests of "there is no difference", on the differences of pairs.
///
/// - t: Student's paired t-test, which takes the differences for normally distributed.
/// - Wilcoxon's signed rank test (Wilcoxon 1945) takes them for symmetric. Pairs without a
///   difference are dropped, equal ones share the mean of their ranks (Pratt 1959 discusses both).
///   Up to 50 pairs its p-value is exact for these very ranks; beyond, from the normal distribution
///   with the correction for ties, without one for continuity (Hollander & Wolfe 1973, 3.1).
///
/// Pairs that are equal throughout have p = 1. Differences that are all the same number, but not 0,
/// have none: then the seeds changed nothing, and one run said all that these can say.
struct PairedTest {
  int pairs = 0;                                ///< of runs that have a result both
  double difference = kNone;                    ///< mean
  double standard_error = kNone;                ///< of the mean difference
  double t = kNone, t_p = kNone;                ///< paired t statistic and its two-sided p-value
  double rank_sum = kNone, wilcoxon_p = kNone;  ///< ranks of positive differences
  bool exact = true;                            ///< wilcoxon_p is
};

namespace detail {

/// Ranks 1 .. n of the magnitudes, doubled so that means of tied ranks are whole numbers.
inline std::vector<int> doubled_ranks(const std::vector<double>& magnitudes) {
  std::vector<std::size_t> order(magnitudes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return magnitudes[a] < magnitudes[b]; });
  std::vector<int> ranks(magnitudes.size());
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && magnitudes[order[to]] == magnitudes[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = static_cast<int>(from + 1 + to);
  }
  return ranks;
}

/// Share of the 2^n ways to sign the ranks in which their positive sum is as far from its mean, or
/// farther, as `sum` is; all in doubled ranks.
inline double exact_signed_rank_p(const std::vector<int>& ranks, int sum) {
  const int total = std::accumulate(ranks.begin(), ranks.end(), 0);
  std::vector<double> ways(static_cast<std::size_t>(total) + 1);  // at most 2^50: exact
  ways[0] = 1;
  for (const int rank : ranks)
    for (int s = total; s >= rank; --s)
      ways[static_cast<std::size_t>(s)] += ways[static_cast<std::size_t>(s - rank)];
  const int tail = (std::min)(sum, total - sum);
  double as_far = 0;
  for (int s = 0; s <= tail; ++s) as_far += ways[static_cast<std::size_t>(s)];
  return (std::min)(1.0, 2 * std::ldexp(as_far, -static_cast<int>(ranks.size())));
}

/// The same by the normal distribution, whose variance is a quarter of the sum of squared ranks.
inline double normal_signed_rank_p(const std::vector<int>& ranks, int sum) {
  double total = 0, squares = 0;
  for (const int rank : ranks) total += rank, squares += static_cast<double>(rank) * rank;
  const double z = std::abs(sum - total / 2) / std::sqrt(squares / 4);
  return 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z));
}

inline void add_signed_rank(PairedTest& test, const std::vector<double>& differences) {
  constexpr std::size_t kExact = 50;
  std::vector<double> magnitudes;
  std::vector<bool> positive;
  for (const double d : differences)
    if (d != 0) {
      magnitudes.push_back(std::abs(d));
      positive.push_back(d > 0);
    }
  const std::vector<int> ranks = doubled_ranks(magnitudes);
  int sum = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) sum += positive[i] ? ranks[i] : 0;
  test.rank_sum = sum / 2.0;
  test.exact = ranks.size() <= kExact;
  test.wilcoxon_p = test.exact ? exact_signed_rank_p(ranks, sum) : normal_signed_rank_p(ranks, sum);
}

/// Rounding apart; accuracies and their differences are exact to 1e-6 points.
inline bool all_same(const std::vector<double>& differences) {
  const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
  return *most - *least < 1e-9;
}

}  // namespace detail

/// Tests `first[i] - second[i]`. No test is made of fewer than two pairs, or when a value is
/// missing.
inline PairedTest test_pairs(const std::vector<double>& first, const std::vector<double>& second) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double d = first[i] - second[i];
    differences.push_back(std::abs(d) < 1e-9 ? 0 : std::round(d * 1e9) / 1e9);  // ties stay ties
  }
  const Summary summary = summarise(differences);
  PairedTest test;
  test.pairs = static_cast<int>(differences.size());
  test.difference = summary.mean;
  test.standard_error = summary.standard_error;
  if (std::isnan(summary.standard_error)) return test;
  if (!detail::all_same(differences)) {
    test.t = summary.mean / summary.standard_error;
    const boost::math::students_t distribution(test.pairs - 1);
    test.t_p = 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(test.t)));
    detail::add_signed_rank(test, differences);
  } else if (differences.front() == 0) {
    test.t = test.rank_sum = 0;
    test.t_p = test.wilcoxon_p = 1;
  }
  return test;
}

/// The p-values of a family of tests, corrected so that the chance of any false rejection among
/// them is at most the level that they are held against (Holm 1979). Tests that were not made are
/// no part of the family.
inline std::vector<double> holm(std::vector<double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    double& value = p[order[i]];
    least = (std::max)(least, (std::min)(1.0, static_cast<double>(order.size() - i) * value));
    value = least;
  }
  return p;
}

}  // namespace nascent
