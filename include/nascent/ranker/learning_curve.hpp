#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/ranker/learning_curve_fit.hpp"
#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

/// Trains step by step under the schedule of the whole training, and stops when the curve so far
/// will very probably end below the best final value so far (Domhan, Springenberg & Hutter 2015,
/// with least squares in place of their Monte Carlo sampling). A candidate that is stopped is
/// judged by its accuracy up to there.
///
/// The curve is the accuracy after each epoch where the evaluator tells it, else the best up to the
/// end of each step.
struct LearningCurve {
  int epochs = 100;          ///< of a training that is not stopped
  int every = 10;            ///< epochs between two decisions
  double confidence = 0.95;  ///< that a stopped candidate is no better (paper: 1 - delta)

  struct State {
    double best = 0;  ///< final value of the best that came to its end, in [0, 1]
  };

  Task<Judgement> operator()(State& state, Proposal, Train train) const {
    check();
    std::vector<LearningCurvePoint> curve;
    Judgement judgement;
    for (int reached = 0; reached < epochs;) {
      const bool begun = reached > 0;
      reached = (std::min)(reached + every, epochs);
      const Epochs part{reached, epochs};
      const Train::Ticket trained = begun ? train.go_on(part) : train(part);
      const Outcome outcome = co_await trained;
      const int spent = judgement.epochs;
      judgement = outcome;
      judgement.epochs += spent;
      if (judgement.failed) co_return judgement;
      append(curve, outcome, reached);
      if (reached < epochs && hopeless(curve, state.best)) co_return judgement;
    }
    state.best = (std::max)(state.best, curve.back().value);
    co_return judgement;
  }

  template <class Field>
  void options(Field&& field) const {
    field("epochs", epochs);
    field("every", every);
    field("confidence", confidence);
  }

 private:
  void check() const {
    if (epochs < 1 || every < 1)
      throw std::invalid_argument("LearningCurve: epochs and every must be at least 1, not " +
                                  std::to_string(epochs) + " and " + std::to_string(every));
    if (!(confidence > 0.5 && confidence < 1))
      throw std::invalid_argument("LearningCurve: confidence must be between 0.5 and 1, not " +
                                  std::to_string(confidence));
  }

  static void append(std::vector<LearningCurvePoint>& curve, const Outcome& outcome, int reached) {
    if (outcome.curve.empty()) {
      curve.push_back({static_cast<double>(reached), outcome.accuracy.percent() / 100});
      return;
    }
    const auto images = static_cast<double>(outcome.accuracy.total);
    auto epoch = reached - static_cast<double>(outcome.curve.size());
    for (const std::int32_t correct : outcome.curve) curve.push_back({++epoch, correct / images});
  }

  bool hopeless(const std::vector<LearningCurvePoint>& curve, double best) const {
    const auto final_value = extrapolate(curve, epochs);
    return final_value && final_value->below(best) >= confidence;
  }
};

static_assert(RankerPolicy<LearningCurve>);

}  // namespace nascent
