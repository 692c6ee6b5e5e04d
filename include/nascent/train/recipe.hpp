// How a network is trained: policies for the optimiser, the schedule, the augmentation and the
// loss.
#pragma once

#include <ATen/core/Tensor.h>

#include <concepts>
#include <stdexcept>

#include "nascent/data/augment/augment.hpp"
#include "nascent/train/loss/cross_entropy.hpp"
#include "nascent/train/optimiser/sgd.hpp"
#include "nascent/train/schedule/cosine.hpp"
#include "nascent/train/schedule/position.hpp"

namespace nascent {

template <class O>
concept OptimiserPolicy = requires(const O& optimiser, typename O::State& state, at::Tensor& flat) {
  { optimiser.learning_rate } -> std::convertible_to<double>;
  { optimiser.start(flat) } -> std::same_as<typename O::State>;
  optimiser.step(state, flat, flat, double{});
  O::visit(state, [](const char*, at::Tensor&) {});
};

template <class S>
concept SchedulePolicy = requires(const S& schedule, SchedulePosition at) {
  { schedule(at) } -> std::convertible_to<double>;
};

template <class L>
concept LossPolicy = requires(const L& loss, const at::Tensor& tensor) {
  { loss(tensor, tensor) } -> std::same_as<at::Tensor>;
};

/// Options of a training; what is structure is its type.
template <class Optimiser, class Schedule, class Augmentation, class Loss = CrossEntropy>
struct Recipe {
  static_assert(OptimiserPolicy<Optimiser>,
                "Argument 1 of Recipe or Trainer is not an OptimiserPolicy: give it a "
                "learning_rate, a State, start(parameters), step(state, parameters, gradients, "
                "rate) and visit(state, f), as in nascent/train/optimiser/sgd.hpp.");
  static_assert(SchedulePolicy<Schedule>,
                "Argument 2 of Recipe or Trainer is not a SchedulePolicy: give it `double "
                "operator()(SchedulePosition) const`, the factor of the learning rate.");
  static_assert(
      requires(const Augmentation& a, Shape s) {
        a.output(s);
        typename Augmentation::Workspace;
      },
      "Argument 3 of Recipe or Trainer is not an augmentation: write Augment<...> around "
      "its steps.");
  static_assert(LossPolicy<Loss>,
                "Argument 4 of Recipe or Trainer is not a LossPolicy: give it `at::Tensor "
                "operator()(const at::Tensor& logits, const at::Tensor& labels) const`.");

  Optimiser optimiser{};
  Schedule schedule{};
  Augmentation augmentation{};
  Loss loss{};
  int batch = 64;               ///< images a step; the last step of an epoch may have fewer
  double clip = 5;              ///< largest L2 norm of the gradient over all parameters
  int evaluation_batch = 1000;  ///< images at once in evaluation

  template <class Field>
  void options(Field&& field) const {
    const auto of = [&](const auto& policy) {
      if constexpr (requires { policy.options(field); }) policy.options(field);
    };
    field("batch", batch);
    of(optimiser);
    field("clip", clip);
    of(schedule);
    augmentation.options(field);
    of(loss);
    field("evaluation_batch", evaluation_batch);
  }

  double learning_rate_at(SchedulePosition at) const {
    return optimiser.learning_rate * schedule(at);
  }

  /// std::invalid_argument with the number that no training can use.
  void check() const {
    const auto of = [](const auto& policy) {
      if constexpr (requires { policy.check(); }) policy.check();
    };
    if (batch < 1 || evaluation_batch < 1)
      throw std::invalid_argument("a batch needs at least 1 image");
    if (!(clip > 0)) throw std::invalid_argument("a recipe needs a clip above 0");
    of(optimiser);
    of(schedule);
    augmentation.check();
    of(loss);
  }
};

/// The paper's (4.1; the authors' published scripts).
using PaperRecipe = Recipe<Sgd, Cosine, PaperAugment>;

}  // namespace nascent
