#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/space/encoding.hpp"
#include "nascent/strategy/best.hpp"
#include "nascent/strategy/proposals.hpp"
#include "nascent/strategy/strategy_policy.hpp"

namespace nascent {
namespace detail {

/// A Gaussian process over encodings (Rasmussen & Williams 2006, Algorithm 2.1), of mean 0 and
/// variance 1, with the covariance exp(-d / length) of two codes that differ in a share d of their
/// positions. Codes may be added before their scores are known: they then make the forecasts near
/// them more certain, and no better or worse.
class CodeProcess {
 public:
  struct Forecast {
    double mean = 0, deviation = 1;
  };

  CodeProcess(double length, double noise) : length_(length), noise_(noise) {}

  void add(std::vector<int> code) {
    std::vector<double> row = solved(covariances(code));  // of the Cholesky factor
    double left = 1 + noise_;
    for (const double x : row) left -= x * x;
    row.push_back(std::sqrt(left));  // left is at least noise_, but for rounding
    factor_.push_back(std::move(row));
    codes_.push_back(std::move(code));
  }

  /// Scores of the first codes.
  void learn(std::vector<double> scores) { whitened_ = solved(std::move(scores)); }

  Forecast forecast(const std::vector<int>& code) const {
    const std::vector<double> near = solved(covariances(code));
    Forecast forecast;
    double variance = 1;
    for (const double x : near) variance -= x * x;
    for (std::size_t i = 0; i < whitened_.size(); ++i) forecast.mean += near[i] * whitened_[i];
    forecast.deviation = std::sqrt((std::max)(variance, 0.0));
    return forecast;
  }

 private:
  std::vector<double> covariances(const std::vector<int>& code) const {
    std::vector<double> found;
    for (const auto& seen : codes_) {
      int different = 0;
      for (std::size_t i = 0; i < code.size(); ++i) different += seen[i] != code[i];
      found.push_back(std::exp(-different / (length_ * static_cast<double>(code.size()))));
    }
    return found;
  }

  /// By the factor's first rows.
  std::vector<double> solved(std::vector<double> right) const {
    for (std::size_t i = 0; i < right.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) right[i] -= factor_[i][j] * right[j];
      right[i] /= factor_[i][i];
    }
    return right;
  }

  double length_, noise_;
  std::vector<std::vector<int>> codes_;
  std::vector<std::vector<double>> factor_;  // lower triangle
  std::vector<double> whitened_;             // scores
};

}  // namespace detail

/// Bayesian optimisation: a regression on the encoding, here a Gaussian process, forecasts how a
/// candidate would rank among what is judged, and the candidate with the largest upper confidence
/// bound is tried next (Srinivas et al. 2010). Half of the candidates are mutations of the best
/// architectures, as in BANANAS (White et al. 2021), half are drawn.
///
/// It learns ranks, not accuracies, so that a few very bad architectures do not matter; failures
/// share the last rank. What was proposed before is no candidate. For several at once, each makes
/// forecasts near it more certain for the next (Desautels et al. 2014). A proposal costs
/// `candidates` times the square of what is judged: some 0.1 s after 1,000. It ends when it finds
/// nothing new to propose.
struct BayesianOptimisation {
  static constexpr bool batches = true;

  int startup = 10;        ///< drawn by the space's own measure before (BANANAS: 10)
  int candidates = 100;    ///< of which the largest bound is taken (BANANAS: 100)
  int parents = 5;         ///< of mutations; ours
  double length = 1;       ///< of the covariance, all positions being 1; ours
  double noise = 0.01;     ///< variance of the judgements, that of the ranks being 1; ours
  double exploration = 1;  ///< deviations above the mean; ours
  int lookahead = 1;       ///< proposals at once, from one state of knowledge (BANANAS: 10)
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <EncodedSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("bayesian optimisation");
    detail::Proposals<Space> proposed;
    detail::CodeProcess process(length, noise);
    std::vector<Judged<Space>> known;
    detail::Best<Space> best(judge);
    while (std::ssize(known) < trials) {
      const bool starting = std::ssize(known) < startup;
      const int left = trials - static_cast<int>(known.size());
      const int size = (std::min)(left, judge.batch_size(starting ? startup : lookahead));
      process.learn(ranks(known));
      const auto ancestors = best_codes(space, known);
      auto group = proposed.group(size, [&] {
        auto next = starting ? proposed.fresh_sample(space, random)
                             : propose(space, process, ancestors, proposed, random);
        if (next) process.add(space.encode(*next));
        return next;
      });
      if (group.empty()) break;
      const auto asked = judge.batch(std::move(group), Move::sample);
      for (const auto& ticket : asked) {
        Judged<Space> judged = co_await ticket;
        best.note(judged);
        known.push_back(std::move(judged));
      }
    }
    co_return best.get();
  }

  template <class Space>
  static consteval bool explain() {
    return detail::explain_encoding<Space>();
  }

  template <class Field>
  void options(Field&& field) const {
    field("startup", startup);
    field("candidates", candidates);
    field("parents", parents);
    field("length", length);
    field("noise", noise);
    field("exploration", exploration);
    field("lookahead", lookahead);
    field("trials", trials);
  }

 private:
  void check() const {
    for (const auto& [name, value] : {std::pair{"startup", startup},
                                      {"candidates", candidates},
                                      {"parents", parents},
                                      {"lookahead", lookahead},
                                      {"trials", trials}})
      if (value < 1)
        throw std::invalid_argument(std::string("BayesianOptimisation: ") + name +
                                    " must be at least 1");
    for (const auto& [name, value] : {std::pair{"length", length}, {"noise", noise}})
      if (!(value >= 1e-6 && value <= 1e6))
        throw std::invalid_argument(std::string("BayesianOptimisation: ") + name +
                                    " must be from 1e-6 to 1e6");
    if (!(exploration >= 0))
      throw std::invalid_argument("BayesianOptimisation: exploration must be at least 0");
  }

  /// Of each, how many are worse less how many are better, scaled to a variance of 1.
  template <class Space>
  static std::vector<double> ranks(const std::vector<Judged<Space>>& known) {
    std::vector<double> found;
    const double scale = std::sqrt(3.0) / static_cast<double>(known.size());
    for (const auto& one : known) {
      int lead = 0;
      for (const auto& other : known) lead += one.exceeds(other) - other.exceeds(one);
      found.push_back(lead * scale);
    }
    return found;
  }

  template <class Space>
  std::vector<std::vector<int>> best_codes(const Space& space,
                                           const std::vector<Judged<Space>>& known) const {
    std::vector<const Judged<Space>*> order;
    for (const auto& judged : known) order.push_back(&judged);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* one, const auto* other) { return one->exceeds(*other); });
    std::vector<std::vector<int>> codes;
    for (const auto* judged : order)
      if (std::ssize(codes) < parents) codes.push_back(space.encode(judged->architecture));
    return codes;
  }

  template <class Space>
  std::optional<typename Space::Architecture> propose(
      const Space& space, const detail::CodeProcess& process,
      const std::vector<std::vector<int>>& ancestors, const detail::Proposals<Space>& proposed,
      Random& random) const {
    const std::vector<int> choices = space.choices();
    const auto mutation = [&] {
      std::vector<int> code =
          ancestors[static_cast<std::size_t>(random.below(static_cast<int>(ancestors.size())))];
      const auto position = static_cast<std::size_t>(random.below(static_cast<int>(code.size())));
      code[position] = random.below(choices[position]);
      return detail::decoded(space, code);
    };
    std::optional<typename Space::Architecture> chosen;
    double most = 0;
    bool near = true;  // there seem to be new mutations
    for (int i = 0; i < candidates; ++i) {
      std::optional<typename Space::Architecture> candidate;
      if (near && i % 2 == 0) {
        candidate = proposed.fresh(mutation);
        near = candidate.has_value();
      }
      if (!candidate) candidate = proposed.fresh_sample(space, random);
      if (!candidate) break;
      const auto forecast = process.forecast(space.encode(*candidate));
      const double bound = forecast.mean + exploration * forecast.deviation;
      if (chosen && bound <= most) continue;
      most = bound;
      chosen = std::move(candidate);
    }
    return chosen;
  }
};

}  // namespace nascent
