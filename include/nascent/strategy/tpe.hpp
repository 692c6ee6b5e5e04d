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

/// A density over encodings: a mixture of one component for each code that was seen, smeared a
/// little over the other values, and of the uniform prior.
class ParzenDensity {
 public:
  ParzenDensity(const std::vector<int>& choices, std::vector<std::vector<int>> codes,
                double prior_weight)
      : choices_(&choices), codes_(std::move(codes)) {
    const double n = static_cast<double>(codes_.size());
    const double smear = prior_weight / (n + 1);  // of a component, on each value
    for (const int count : choices)
      at_.push_back({std::log((1 + smear) / (1 + count * smear)),
                     std::log(smear / (1 + count * smear)), 1 / (1 + count * smear)});
    for (std::size_t i = 0; i < codes_.size(); ++i)
      weights_.push_back(recency(static_cast<int>(i), static_cast<int>(codes_.size())));
    weights_.push_back(prior_weight);
    for (const double weight : weights_) total_ += weight;
  }

  std::vector<int> draw(Random& random) const {
    std::size_t component = 0;
    for (double left = random.unit() * total_;
         component < codes_.size() && left >= weights_[component]; ++component)
      left -= weights_[component];
    std::vector<int> code;
    for (std::size_t i = 0; i < choices_->size(); ++i) {
      const bool kept = component < codes_.size() && random.unit() < at_[i].kept;
      code.push_back(kept ? codes_[component][i] : random.below((*choices_)[i]));
    }
    return code;
  }

  double log_at(const std::vector<int>& code) const {
    double prior = 0;
    for (const int count : *choices_) prior -= std::log(count);
    std::vector<double> logs;
    for (const auto& seen : codes_) {
      double log = 0;
      for (std::size_t i = 0; i < code.size(); ++i)
        log += seen[i] == code[i] ? at_[i].log_same : at_[i].log_other;
      logs.push_back(log);
    }
    logs.push_back(prior);
    const double most = *std::max_element(logs.begin(), logs.end());
    double sum = 0;
    for (std::size_t i = 0; i < logs.size(); ++i) sum += weights_[i] * std::exp(logs[i] - most);
    return most + std::log(sum / total_);
  }

 private:
  struct Position {
    double log_same, log_other;  // of a component, for its own value and for any other
    double kept;                 // how often a draw keeps the component's value
  };

  /// Of the last 25 of n codes 1; of those before, rising from 1/n (Optuna's default weights).
  static double recency(int i, int n) {
    constexpr int kRecent = 25;
    const int old = n - kRecent;
    if (i >= old) return 1;
    return old == 1 ? 1.0 / n : 1.0 / n + (1 - 1.0 / n) * i / (old - 1);
  }

  const std::vector<int>* choices_;
  std::vector<std::vector<int>> codes_;
  std::vector<Position> at_;
  std::vector<double> weights_;  // of the components, the prior's last
  double total_ = 0;
};

}  // namespace detail

/// Tree-structured Parzen estimator (Bergstra et al. 2011) for categorical choices: what is judged
/// is split into the good and the rest, a density is laid over each, and of a few candidates drawn
/// from the good one that is tried next for which the ratio of both is largest.
///
/// Positions vary together: a candidate is drawn around one good architecture (Falkner et al. 2018;
/// `multivariate` in Optuna). What was proposed before is no candidate. Failed candidates are the
/// worst of the rest; so are, for the time being, those under way (Optuna's `constant_liar`).
/// It ends when it finds nothing new to propose.
struct Tpe {
  static constexpr bool batches = true;

  int startup = 10;         ///< drawn by the space's own measure before (Optuna: n_startup_trials)
  int candidates = 24;      ///< of which the best ratio is taken (Optuna: n_ei_candidates)
  double good = 0.1;        ///< share of what is judged, rounded up (Optuna: default_gamma)
  int most_good = 25;       ///< the good are no more than these (Optuna: default_gamma)
  double prior_weight = 1;  ///< of the uniform prior, a judged one's being 1 (Optuna)
  int lookahead = 1;        ///< proposals at once, from one state of knowledge
  int trials = (std::numeric_limits<int>::max)();  ///< candidates; by default the run's budget

  template <EncodedSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    check();
    Random random = judge.random("tpe");
    const std::vector<int> choices = space.choices();
    detail::Proposals<Space> proposed;
    std::vector<Judged<Space>> known;
    detail::Best<Space> best(judge);
    while (std::ssize(known) < trials) {
      const bool starting = std::ssize(known) < startup;
      const int left = trials - static_cast<int>(known.size());
      const int size = (std::min)(left, judge.batch_size(starting ? startup : lookahead));
      std::vector<std::vector<int>> under_way;
      auto group = proposed.group(size, [&] {
        auto next = starting ? proposed.fresh_sample(space, random)
                             : propose(space, choices, known, under_way, proposed, random);
        if (next) under_way.push_back(space.encode(*next));
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
    field("good", good);
    field("most_good", most_good);
    field("prior_weight", prior_weight);
    field("lookahead", lookahead);
    field("trials", trials);
  }

 private:
  void check() const {
    for (const auto& [name, value] : {std::pair{"startup", startup},
                                      {"candidates", candidates},
                                      {"most_good", most_good},
                                      {"lookahead", lookahead},
                                      {"trials", trials}})
      if (value < 1)
        throw std::invalid_argument(std::string("Tpe: ") + name + " must be at least 1");
    if (!(good > 0 && good <= 1))
      throw std::invalid_argument("Tpe: good must be above 0 and at most 1");
    if (!(prior_weight > 0)) throw std::invalid_argument("Tpe: prior_weight must be above 0");
  }

  template <class Space>
  std::optional<typename Space::Architecture> propose(
      const Space& space, const std::vector<int>& choices, const std::vector<Judged<Space>>& known,
      const std::vector<std::vector<int>>& under_way, const detail::Proposals<Space>& proposed,
      Random& random) const {
    auto [better, worse] = split(space, known);
    worse.insert(worse.end(), under_way.begin(), under_way.end());
    const detail::ParzenDensity good_density(choices, std::move(better), prior_weight);
    const detail::ParzenDensity bad_density(choices, std::move(worse), prior_weight);
    std::optional<typename Space::Architecture> chosen;
    double most = 0;
    for (int i = 0; i < candidates; ++i) {
      auto candidate =
          proposed.fresh([&] { return detail::decoded(space, good_density.draw(random)); });
      if (!candidate) return proposed.fresh_sample(space, random);
      const auto code = space.encode(*candidate);
      const double ratio = good_density.log_at(code) - bad_density.log_at(code);
      if (chosen && ratio <= most) continue;
      most = ratio;
      chosen = std::move(candidate);
    }
    return chosen;
  }

  /// Codes of the good and of the rest, each in the order of their proposal.
  template <class Space>
  std::pair<std::vector<std::vector<int>>, std::vector<std::vector<int>>> split(
      const Space& space, const std::vector<Judged<Space>>& known) const {
    std::vector<std::size_t> order(known.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
      return known[one].exceeds(known[other]);
    });
    const double share = std::ceil(good * static_cast<double>(known.size()));
    const auto last = order.begin() + (std::min)(static_cast<int>(share), most_good);
    std::sort(order.begin(), last);
    std::sort(last, order.end());
    std::pair<std::vector<std::vector<int>>, std::vector<std::vector<int>>> codes;
    for (auto i = order.begin(); i != order.end(); ++i)
      (i < last ? codes.first : codes.second).push_back(space.encode(known[*i].architecture));
    return codes;
  }
};

}  // namespace nascent
