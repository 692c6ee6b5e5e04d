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

/// Independent categorical distributions, one a position, by their logits.
class FactorisedPolicy {
 public:
  explicit FactorisedPolicy(const std::vector<int>& choices) {
    for (const int count : choices) logits_.emplace_back(static_cast<std::size_t>(count), 0.0);
  }

  std::vector<int> draw(Random& random) const {
    std::vector<int> code;
    for (const auto& logits : logits_) {
      const auto chances = softmax(logits);
      std::size_t value = 0;
      for (double left = random.unit(); value + 1 < chances.size() && left >= chances[value];)
        left -= chances[value++];
      code.push_back(static_cast<int>(value));
    }
    return code;
  }

  /// What was drawn and how much better it was than expected.
  struct Experience {
    std::vector<int> code;
    double advantage;
  };

  /// A step of `rate` along the mean over the experiences of advantage times the gradient of
  /// log p(code), and `bonus` times the gradient of the entropy.
  void learn(const std::vector<Experience>& batch, double rate, double bonus) {
    for (std::size_t i = 0; i < logits_.size(); ++i) {
      const auto chances = softmax(logits_[i]);
      double entropy = 0;
      for (const double p : chances) entropy -= p > 0 ? p * std::log(p) : 0;
      for (std::size_t v = 0; v < chances.size(); ++v) {
        const double p = chances[v];
        double gradient = p > 0 ? -bonus * p * (std::log(p) + entropy) : 0;
        for (const Experience& of : batch)
          gradient += of.advantage * ((of.code[i] == static_cast<int>(v)) - p) /
                      static_cast<double>(batch.size());
        logits_[i][v] += rate * gradient;
      }
    }
  }

 private:
  static std::vector<double> softmax(const std::vector<double>& logits) {
    const double most = *std::max_element(logits.begin(), logits.end());
    std::vector<double> chances;
    double sum = 0;
    for (const double logit : logits) sum += chances.emplace_back(std::exp(logit - most));
    for (double& p : chances) p /= sum;
    return chances;
  }

  std::vector<std::vector<double>> logits_;
};

}  // namespace detail

/// REINFORCE (Williams 1992) as Zoph & Le 2017 use it for architectures, with the policy of
/// NAS-Bench-201's authors (Dong & Yang 2020): instead of a recurrent controller, independent
/// categorical distributions for the positions of the encoding, at first uniform. After each batch
/// they move towards what was more accurate than the moving average of the accuracies, and away
/// from what was less.
///
/// Plain gradient ascent; the reward is the accuracy in percentage points. What was proposed before
/// is drawn again. A failure earns as much as the worst that did not fail, and nothing is learned
/// from it before there is one. When the policy gives nothing new, the space's own measure is drawn
/// from; it ends when that gives nothing new either.
struct Reinforce {
  static constexpr bool batches = true;

  double learning_rate = 0.05;  ///< of a logit for each point; ours, from 0.003 to 0.3 does
  double baseline_decay = 0.9;  ///< of the moving average (Dong & Yang 2020: 0.9)
  double entropy_bonus = 0.1;   ///< points for each nat a position, against early certainty; ours
  int lookahead = 1;            ///< candidates for each step (Dong & Yang 2020: 1)
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <EncodedSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("reinforce");
    detail::FactorisedPolicy policy(space.choices());
    detail::Proposals<Space> proposed;
    detail::Best<Space> best(judge);
    std::optional<Judged<Space>> worst;
    std::optional<double> baseline;
    for (int left = trials; left > 0;) {
      auto group =
          draw(space, policy, (std::min)(left, judge.batch_size(lookahead)), proposed, random);
      if (group.empty()) break;
      left -= static_cast<int>(group.size());
      const auto asked = judge.batch(std::move(group), Move::sample);
      std::vector<detail::FactorisedPolicy::Experience> learned;
      double sum = 0;
      for (const auto& ticket : asked) {
        Judged<Space> judged = co_await ticket;
        best.note(judged);
        if (!judged.failed() && (!worst || worst->exceeds(judged))) worst = judged;
        if (!worst) continue;
        const Judged<Space>& earned = judged.failed() ? *worst : judged;
        const double reward = earned.accuracy().percent();
        if (!baseline) baseline = reward;
        learned.push_back({space.encode(judged.architecture), reward - *baseline});
        sum += reward;
      }
      if (learned.empty()) continue;
      policy.learn(learned, learning_rate, entropy_bonus);
      const double mean = sum / static_cast<double>(learned.size());
      baseline = baseline_decay * *baseline + (1 - baseline_decay) * mean;
    }
    co_return best.get();
  }

  template <class Space>
  static consteval bool explain() {
    return detail::explain_encoding<Space>();
  }

  template <class Field>
  void options(Field&& field) const {
    field("learning_rate", learning_rate);
    field("baseline_decay", baseline_decay);
    field("entropy_bonus", entropy_bonus);
    field("lookahead", lookahead);
    field("trials", trials);
  }

 private:
  void check() const {
    if (lookahead < 1 || trials < 1)
      throw std::invalid_argument("Reinforce: lookahead and trials must be at least 1");
    if (!(learning_rate > 0))
      throw std::invalid_argument("Reinforce: learning_rate must be above 0");
    if (!(baseline_decay >= 0 && baseline_decay < 1))
      throw std::invalid_argument("Reinforce: baseline_decay must be at least 0 and below 1");
    if (!(entropy_bonus >= 0))
      throw std::invalid_argument("Reinforce: entropy_bonus must be at least 0");
  }

  /// At most `size` new architectures.
  template <class Space>
  std::vector<typename Space::Architecture> draw(const Space& space,
                                                 const detail::FactorisedPolicy& policy, int size,
                                                 detail::Proposals<Space>& proposed,
                                                 Random& random) const {
    return proposed.group(size, [&] {
      auto next = proposed.fresh([&] { return detail::decoded(space, policy.draw(random)); });
      return next ? next : proposed.fresh_sample(space, random);
    });
  }
};

}  // namespace nascent
