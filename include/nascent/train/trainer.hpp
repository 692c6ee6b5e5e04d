#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/zeros.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/data/augment.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/search/monitor.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/flat_sgd.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/recipe.hpp"

namespace nascent {

/// A loss that is not a number or infinite; the text names the epoch and the step.
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
  at::Tensor correct = at::zeros({}, at::TensorOptions(network.device()).dtype(at::kLong));
  for (int begin = 0; begin < images.size(); begin += batch) {
    const Batch part = evaluation_batch(images, normalizer, begin, batch, network.device());
    correct += detail::count_correct(network.forward(part.images, false), part.labels);
  }
  return {correct.item<std::int64_t>(), images.size()};
}

/// Trains one network by a recipe, epoch by epoch.
///
/// Same description, images, recipe, seed, device and threads: same bits. On the CPU nothing is
/// drawn but from `seed`; between steps nothing waits for the device.
class Trainer {
 public:
  /// `flip`: a mirrored image keeps its class; without it the recipe's flips are left out.
  Trainer(Recipe recipe, Normalizer normalizer, bool flip)
      : recipe_(recipe), normalizer_(std::move(normalizer)) {
    recipe_.check();
    recipe_.augmentation.flip = recipe_.augmentation.flip && flip;
  }

  /// Trains for `epochs`, evaluating on `evaluated` after each; the outcome is the best epoch's.
  /// Throws Cancelled when the monitor says so, DivergedTraining when the loss is not finite.
  Outcome train(Network& network, const ImageSet& images, const ImageSet& evaluated, int epochs,
                std::uint64_t seed, Monitor& monitor) const {
    Outcome best;
    run(network, images, epochs, seed, monitor, [&](EpochReport& report) {
      report.evaluated =
          nascent::evaluate(network, evaluated, normalizer_, recipe_.evaluation_batch);
      if (report.epoch > 1 && !report.evaluated.more_than(best.accuracy)) return;
      best.accuracy = report.evaluated;
      best.train_accuracy = report.train;
    });
    best.epochs = epochs;
    return best;
  }

  /// Trains for `epochs` without looking at any other images.
  void train(Network& network, const ImageSet& images, int epochs, std::uint64_t seed,
             Monitor& monitor) const {
    run(network, images, epochs, seed, monitor, [](EpochReport&) {});
  }

  /// As given, without flips where the data set forbids them.
  const Recipe& recipe() const { return recipe_; }
  const Normalizer& normalizer() const { return normalizer_; }

 private:
  template <class AfterEpoch>
  void run(Network& network, const ImageSet& images, int epochs, std::uint64_t seed,
           Monitor& monitor, AfterEpoch after_epoch) const {
    if (epochs < 1) throw std::invalid_argument("a training needs at least 1 epoch");
    if (images.size() < 1) throw std::invalid_argument("a training needs at least 1 image");
    TrainingBatches batches(images, recipe_.augmentation, normalizer_, recipe_.batch, seed);
    FlatSgd sgd(network.flat_parameters(), network.flat_gradients(), recipe_);
    for (int epoch = 0; epoch < epochs; ++epoch) {
      batches.begin_epoch(epoch);
      EpochReport report = train_epoch(network, sgd, batches, epoch, epochs, monitor);
      report.train.total = images.size();
      report.loss /= images.size();
      after_epoch(report);
      monitor.on_epoch(report);
    }
  }

  /// The report's loss is the sum over all images.
  EpochReport train_epoch(Network& network, FlatSgd& sgd, const TrainingBatches& batches, int epoch,
                          int epochs, Monitor& monitor) const {
    const double rate = recipe_.learning_rate_at(epoch, epochs);
    const at::Device device = network.device();
    at::Tensor losses = at::zeros({batches.steps()}, at::TensorOptions(device).dtype(at::kDouble));
    at::Tensor correct = at::zeros({}, at::TensorOptions(device).dtype(at::kLong));
    for (int step = 0; step < batches.steps(); ++step) {
      if (monitor.cancelled()) throw Cancelled{};
      const Batch batch = batches.at_step(step, device);
      const auto [logits, loss] = learn(network, sgd, batch, rate);
      losses.select(0, step).copy_(loss).mul_(batch.size());
      correct += detail::count_correct(logits, batch.labels);
    }
    EpochReport report;
    report.epoch = epoch + 1;
    report.epochs = epochs;
    report.loss = finite_sum(losses.cpu(), report.epoch);
    report.train.correct = correct.item<std::int64_t>();
    return report;
  }

  /// Logits before the update, and the mean loss. At a rate of exactly 0 no parameter can change:
  /// the forward pass, which moves the batch-norm statistics, is all there is to do.
  static std::pair<at::Tensor, at::Tensor> learn(Network& network, FlatSgd& sgd, const Batch& batch,
                                                 double rate) {
    const at::AutoGradMode gradients(rate > 0);
    at::Tensor logits = network.forward(batch.images, true);
    logits.requires_grad_(rate > 0);
    const at::Tensor loss = at::cross_entropy_loss(logits, batch.labels);
    if (rate > 0) {
      loss.backward();
      network.backward(logits.grad());
      sgd.step(rate);
    }
    return {logits.detach(), loss.detach()};
  }

  static double finite_sum(const at::Tensor& losses, int epoch) {
    double sum = 0;
    const auto* loss = losses.const_data_ptr<double>();
    for (std::int64_t step = 0; step < losses.numel(); ++step) {
      if (!std::isfinite(loss[step]))
        throw DivergedTraining("the loss is not finite in epoch " + std::to_string(epoch) +
                               ", step " + std::to_string(step + 1));
      sum += loss[step];
    }
    return sum;
  }

  Recipe recipe_;
  Normalizer normalizer_;
};

}  // namespace nascent
