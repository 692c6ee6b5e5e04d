// How a network is trained: policies for the optimiser, the schedule, the augmentation and the
// loss.
#pragma once

#include <stdexcept>

#include "nascent/data/augment/augment.hpp"
#include "nascent/train/loss/cross_entropy.hpp"
#include "nascent/train/loss/loss_policy.hpp"
#include "nascent/train/optimiser/optimiser_policy.hpp"
#include "nascent/train/optimiser/sgd.hpp"
#include "nascent/train/schedule/cosine.hpp"
#include "nascent/train/schedule/position.hpp"
#include "nascent/train/schedule/schedule_policy.hpp"

namespace nascent {

namespace detail {

/// Of the third argument, which holds the steps.
template <class A>
consteval bool explain_augmentation_of_recipe() {
  static_assert(
      requires(const A& augmentation, Shape shape) {
        augmentation.output(shape);
        typename A::Workspace;
      },
      "nascent: your Augmentation, argument 3 of Recipe, needs to be `Augment<...>` around its "
      "steps - docs/concepts.md#augmentation");
  return true;
}

}  // namespace detail

/// Options of a training; what is structure is its type.
template <class Optimiser, class Schedule, class Augmentation, class Loss = CrossEntropy>
struct Recipe {
  static_assert(detail::explain_optimiser<Optimiser>());
  static_assert(detail::explain_schedule<Schedule>());
  static_assert(detail::explain_augmentation_of_recipe<Augmentation>());
  static_assert(detail::explain_loss<Loss>());

  Optimiser optimiser{};        ///< how a step moves the parameters
  Schedule schedule{};          ///< factor of the learning rate at each step
  Augmentation augmentation{};  ///< random changes of training images
  Loss loss{};                  ///< what is minimised
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

  /// The optimiser's rate times the schedule's factor.
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
