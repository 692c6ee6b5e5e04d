#pragma once

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nascent/data/augment.hpp"

namespace nascent {

/// How a network is trained: stochastic gradient descent with momentum on the cross entropy.
/// Defaults are those of the paper (4.1) and of its authors' published scripts.
struct Recipe {
  int batch = 64;               ///< images a step; the last step of an epoch may have fewer
  double learning_rate = .025;  ///< before the cosine
  double momentum = .9;         ///< no dampening, no Nesterov; the first buffer is the gradient
  double weight_decay = 3e-4;   ///< on every parameter, batch norm and bias too; after clipping
  double clip = 5;              ///< largest L2 norm of the gradient over all parameters
  Augmentation augmentation{};
  int evaluation_batch = 128;  ///< images at once in evaluation; ours: it fits a CPU's cache

  template <class Field>
  void options(Field&& field) const {
    field("batch", batch);
    field("learning_rate", learning_rate);
    field("momentum", momentum);
    field("weight_decay", weight_decay);
    field("clip", clip);
    augmentation.options(field);
    field("evaluation_batch", evaluation_batch);
  }

  /// Learning rate of epoch 0 .. epochs-1: a cosine to zero that is stepped before each epoch, so
  /// that the last epoch runs at exactly 0 (authors' scripts).
  double learning_rate_at(int epoch, int epochs) const {
    if (epoch + 1 >= epochs) return 0;
    return learning_rate / 2 * (1 + std::cos(std::numbers::pi * (epoch + 1) / epochs));
  }

  /// std::invalid_argument with the number that no training can use.
  void check() const {
    if (batch < 1 || evaluation_batch < 1)
      throw std::invalid_argument("a batch needs at least 1 image");
    if (!(learning_rate > 0) || !(momentum >= 0) || !(weight_decay >= 0) || !(clip > 0))
      throw std::invalid_argument(
          "a recipe needs a learning rate and a clip above 0, and a momentum and a weight decay of "
          "at least 0");
    if (augmentation.pad < 0 || augmentation.cutout < 0 || augmentation.crop < 1)
      throw std::invalid_argument(
          "an augmentation needs a crop of at least 1 and a pad and a cutout of at least 0");
  }
};

}  // namespace nascent
