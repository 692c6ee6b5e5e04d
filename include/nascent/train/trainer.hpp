#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/data/image_set.hpp"
#include "nascent/search/monitor.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/fast_path.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/recipe.hpp"
#include "nascent/train/tensor_operators.hpp"

#ifdef NASCENT_CUDA
#include "nascent/cuda/fast_training.hpp"
#endif

namespace nascent {

/// A loss or gradient that is not a number or infinite; the text names the epoch and the step.
struct DivergedTraining : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

/// Right answers, exactly, as an int64 scalar on the device of the logits.
inline at::Tensor count_correct(const at::Tensor& logits, const at::Tensor& labels) {
  return logits.argmax(1).eq(labels).sum();
}

}  // namespace detail

/// Right answers of `network` in evaluation mode, images at their own size, `batch` at once.
inline Accuracy evaluate(Network& network, const ImageSet& images, const Normalizer& normalizer,
                         int batch) {
  const at::NoGradGuard guard;
  const Products steady = network.products();
  at::Tensor correct = at::zeros({}, at::TensorOptions(network.device()).dtype(at::kLong));
  for (int begin = 0; begin < images.size(); begin += batch) {
    const ImageBatch part = evaluation_batch(images, normalizer, begin, batch, network.device());
    correct += detail::count_correct(network.forward(part.images, false), part.labels);
  }
  return {correct.item<std::int64_t>(), images.size()};
}

/// Trains one network by a recipe, epoch by epoch.
///
/// Same description, images, recipe, seed, device and threads: same bits. On the CPU nothing is
/// drawn but from `seed`; between steps nothing waits for the device.
template <class Optimiser = Sgd, class Schedule = Cosine, class Augmentation = PaperAugment,
          class Loss = CrossEntropy>
class Trainer {
 public:
  /// That it trains by.
  using RecipeType = Recipe<Optimiser, Schedule, Augmentation, Loss>;

  /// `flip`: a mirrored image keeps its class; without it the recipe's flips are left out.
  Trainer(RecipeType recipe, Normalizer normalizer, bool flip)
      : recipe_(std::move(recipe)), normalizer_(std::move(normalizer)) {
    recipe_.check();
    recipe_.augmentation.allow_mirroring(flip);
  }

  /// A training under way. With the network's parameters and statistics this is all there is to
  /// it: every random choice follows from the seed, the epoch and the image.
  struct State {
    typename Optimiser::State optimiser;  ///< what the optimiser keeps
    int epoch = 0;                        ///< epochs done
    std::shared_ptr<FastPath> fast{};     ///< where there is one; no part of the training's state
  };

  /// Before the first epoch.
  State start(Network& network) const {
    return {recipe_.optimiser.start(network.flat_parameters()), 0};
  }

  /// Trains the next of the `epochs` epochs that the schedule spans; `evaluated` of the report is
  /// left to the caller.
  /// Throws Cancelled when the monitor says so, DivergedTraining where a number is not finite.
  EpochReport train_epoch(Network& network, State& state, const ImageSet& images, int epochs,
                          std::uint64_t seed, Monitor& monitor) const {
    if (images.size() < 1) throw std::invalid_argument("a training needs at least 1 image");
    prepare_fast_path(network, state, images, seed);
    std::optional<EpochSums> done;
    if (state.fast) done = state.fast->train_epoch(state.epoch, epochs, monitor);
    if (!done) state.fast.reset();
    const EpochSums sums =
        done ? *done : train_step_by_step(network, state, images, epochs, seed, monitor);
    ++state.epoch;
    EpochReport report;
    report.epoch = state.epoch;
    report.epochs = epochs;
    report.loss = checked_sum(sums.losses, sums.norms, state.epoch) / images.size();
    report.train = {sums.correct, images.size()};
    return report;
  }

  /// Trains for `epochs`, evaluating on `evaluated` after each; the outcome is the best epoch's.
  Outcome train(Network& network, const ImageSet& images, const ImageSet& evaluated, int epochs,
                std::uint64_t seed, Monitor& monitor) const {
    Course course{start(network), {}};
    return go_on(network, course, images, evaluated, {epochs, epochs}, seed, monitor, [] {});
  }

  /// A training under way that is evaluated after each epoch.
  struct Course {
    State state;   ///< from which it goes on
    Outcome best;  ///< so far, with the curve of all its epochs
  };

  /// How far to train, and how many epochs the learning rate's schedule spans.
  struct Length {
    int epochs, scheduled;  ///< counted from the first epoch
  };

  /// The same from where `course` is; calls `after_epoch()` whenever it has moved on by an epoch.
  template <class AfterEpoch>
  Outcome go_on(Network& network, Course& course, const ImageSet& images, const ImageSet& evaluated,
                Length length, std::uint64_t seed, Monitor& monitor, AfterEpoch after_epoch) const {
    Outcome& best = course.best;
    run(network, course.state, images, length, seed, monitor, [&](EpochReport& report) {
      report.evaluated =
          course.state.fast ? course.state.fast->evaluate(evaluated) : evaluate(network, evaluated);
      if (report.epoch == 1 || report.evaluated.more_than(best.accuracy)) {
        best.accuracy = report.evaluated;
        best.train_accuracy = report.train;
      }
      best.curve.push_back(static_cast<std::int32_t>(report.evaluated.correct));
      after_epoch();
    });
    best.epochs = length.epochs;
    return best;
  }

  /// Trains for `epochs` without looking at any other images.
  void train(Network& network, const ImageSet& images, int epochs, std::uint64_t seed,
             Monitor& monitor) const {
    State state = start(network);
    run(network, state, images, {epochs, epochs}, seed, monitor, [](EpochReport&) {});
  }

  /// Right answers, in evaluation mode, without augmentation.
  Accuracy evaluate(Network& network, const ImageSet& images) const {
    return nascent::evaluate(network, images, normalizer_, recipe_.evaluation_batch);
  }

  /// One step of a training, as the recipe says.
  struct Step {
    at::Tensor logits;         ///< before the update
    at::Tensor loss;           ///< mean over the batch
    at::Tensor gradient_norm;  ///< L2, over all parameters, before clipping
  };

  /// One step: forward, loss, backward, clipping, update at learning rate `rate`.
  Step learn(Network& network, State& state, const ImageBatch& batch, double rate) const {
    Step step = differentiate(network, batch);
    const at::NoGradGuard guard;
    at::Tensor& gradient = network.flat_gradients();
    step.gradient_norm = at::linalg_vector_norm(gradient);
    gradient.mul_((recipe_.clip / (step.gradient_norm + 1e-6)).clamp_max(1));
    recipe_.optimiser.step(state.optimiser, network.flat_parameters(), gradient, rate);
    return step;
  }

  /// The part of `learn` that leaves the gradient in the network, without its norm.
  Step differentiate(Network& network, const ImageBatch& batch) const {
    const at::AutoGradMode gradients(true);
    at::Tensor logits = network.forward(batch.images, true);
    logits.requires_grad_(true);
    const at::Tensor loss = recipe_.loss(logits, batch.labels);
    loss.backward();
    network.backward(logits.grad());
    return {logits.detach(), loss.detach(), {}};
  }

  /// The forward pass, which moves the batch-norm statistics, is all there is to do where no
  /// parameter will change any more: the paper's last epoch.
  Step look(Network& network, const ImageBatch& batch) const {
    const at::NoGradGuard guard;
    const at::Tensor logits = network.forward(batch.images, true);
    return {logits, recipe_.loss(logits, batch.labels), {}};
  }

  /// Whether every learning rate from here to the end of the schedule is 0; `epoch` from 0.
  bool nothing_left_to_learn(int epoch, int epochs, int steps) const {
    for (; epoch < epochs; ++epoch)
      for (int step = 0; step < steps; ++step)
        if (recipe_.learning_rate_at({epoch, epochs, step, steps}) != 0) return false;
    return true;
  }

  /// As given, without flips where the data set forbids them.
  const RecipeType& recipe() const { return recipe_; }
  /// Of the images' bytes.
  const Normalizer& normalizer() const { return normalizer_; }

 private:
  template <class AfterEpoch>
  void run(Network& network, State& state, const ImageSet& images, Length length,
           std::uint64_t seed, Monitor& monitor, AfterEpoch after_epoch) const {
    if (length.epochs < 1 || length.scheduled < length.epochs)
      throw std::invalid_argument(
          "a training needs at least 1 epoch, and no more than its schedule spans");
    while (state.epoch < length.epochs) {
      EpochReport report = train_epoch(network, state, images, length.scheduled, seed, monitor);
      report.epochs = length.epochs;
      after_epoch(report);
      monitor.on_epoch(report);
    }
  }

  void prepare_fast_path([[maybe_unused]] Network& network, [[maybe_unused]] State& state,
                         [[maybe_unused]] const ImageSet& images,
                         [[maybe_unused]] std::uint64_t seed) const {
#ifdef NASCENT_CUDA
    if (!state.fast || !state.fast->serves(images, seed))
      state.fast = cuda::fast_training(*this, network, state, images, seed);
#endif
  }

  EpochSums train_step_by_step(Network& network, State& state, const ImageSet& images, int epochs,
                               std::uint64_t seed, Monitor& monitor) const {
    const Products steady = network.products();
    TrainingBatches<Augmentation> batches(images, recipe_.augmentation, normalizer_, recipe_.batch,
                                          seed);
    batches.begin_epoch(state.epoch);
    const int steps = batches.steps();
    const at::TensorOptions on_device(network.device());
    at::Tensor losses = at::zeros({steps}, on_device.dtype(at::kDouble));
    at::Tensor norms = at::zeros({steps}, on_device.dtype(at::kDouble));
    at::Tensor correct = at::zeros({}, on_device.dtype(at::kLong));
    const bool silent = nothing_left_to_learn(state.epoch, epochs, steps);
    for (int step = 0; step < steps; ++step) {
      if (monitor.cancelled()) throw Cancelled{};
      const ImageBatch batch = batches.at_step(step, network.device());
      const double rate = recipe_.learning_rate_at({state.epoch, epochs, step, steps});
      const Step done = silent ? look(network, batch) : learn(network, state, batch, rate);
      losses.select(0, step).copy_(done.loss).mul_(batch.size());
      if (!silent) norms.select(0, step).copy_(done.gradient_norm);
      correct += detail::count_correct(done.logits, batch.labels);
    }
    return {losses.cpu(), norms.cpu(), correct.item<std::int64_t>()};
  }

  /// Sum of the losses; throws for the first number that is not finite, in the order in which they
  /// were computed.
  static double checked_sum(const at::Tensor& losses, const at::Tensor& norms, int epoch) {
    const auto check = [&](double value, const char* what, std::int64_t step) {
      if (!std::isfinite(value))
        throw DivergedTraining("the " + std::string(what) + " is not finite in epoch " +
                               std::to_string(epoch) + ", step " + std::to_string(step + 1));
    };
    double sum = 0;
    const auto *loss = losses.const_data_ptr<double>(), *norm = norms.const_data_ptr<double>();
    for (std::int64_t step = 0; step < losses.numel(); ++step) {
      check(loss[step], "loss", step);
      check(norm[step], "gradient", step);
      sum += loss[step];
    }
    return sum;
  }

  RecipeType recipe_;
  Normalizer normalizer_;
};

/// A recipe says which trainer it needs.
template <class Optimiser, class Schedule, class Augmentation, class Loss>
Trainer(Recipe<Optimiser, Schedule, Augmentation, Loss>, Normalizer, bool)
    -> Trainer<Optimiser, Schedule, Augmentation, Loss>;

}  // namespace nascent
