#pragma once

#include <torch/headeronly/version.h>

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/data/hold_out.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/train/device.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/machine.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/recipe.hpp"
#include "nascent/train/shared_weights.hpp"
#include "nascent/train/torch_errors.hpp"
#include "nascent/train/trainer.hpp"

namespace nascent {

/// How a supernet is trained.
template <class RecipeType = PaperRecipe>
struct SupernetOptions {
  RecipeType recipe{};             ///< of its training
  int epochs = 50;                 ///< of the supernet
  int recalibration_batches = 20;  ///< that a candidate's batch-norm statistics are taken from
  std::uint64_t seed = 1;          ///< of the supernet's weights, paths and images
  Device device{};                 ///< the CPU, unless another is asked for
  int threads = 1;                 ///< within one operation; part of the protocol
};

/// Measures a candidate by weights that all candidates share, without training it: a one-shot
/// supernet of the operations and kernels of each layer, at one depth and one width.
///
/// Single path, uniform sampling (Guo et al. 2020, sections 3.2 and 3.3): at each step one network,
/// each layer's operation and kernel drawn uniformly, learns one batch by the recipe; a candidate
/// inherits its weights, takes its batch-norm statistics from training images (their plain mean
/// over the batches) and is judged by the held-out images. The supernet is trained once, in the
/// constructor, and never changes afterwards; how well its order agrees with that of networks
/// trained alone is for `examples/supernet_ranking` to say.
/// The optimiser moves only what the path uses.
/// A value: copies share the supernet. `Space` is a ChainSpace whose bounds admit one depth and one
/// width. Trials may run in several threads at once; their epochs and seeds do not matter.
template <class Space = SepConvSpace, class RecipeType = PaperRecipe>
class SupernetEvaluator {
 public:
  using Architecture = typename Space::Architecture;
  /// Those that all candidates share.
  using Weights = SharedWeights<decltype(RecipeType::optimiser)>;

  /// Trains the supernet. std::invalid_argument for bounds that admit more than one size or numbers
  /// that no training can use, DivergedTraining where the loss is not finite, Cancelled when the
  /// monitor says so.
  SupernetEvaluator(HoldOut data, Space space, SupernetOptions<RecipeType> options,
                    Monitor& monitor)
      : data_(std::make_shared<const HoldOut>(std::move(data))),
        space_(std::move(space)),
        options_(std::move(options)),
        trainer_(options_.recipe, Normalizer(data_->mean, data_->deviation), data_->flip) {
    space_.fit_to(problem());
    check();
    const IntraOpThreads threads(options_.threads);
    with_short_errors(options_.device,
                      [&] { weights_ = std::make_shared<const Weights>(train(monitor)); });
  }

  Outcome evaluate(const Trial<Architecture>& trial) const {
    if (trial.fidelity.measure != Measure::accuracy)
      throw std::invalid_argument("a supernet measures accuracies only; ask TorchEvaluator for " +
                                  std::string(to_string(trial.fidelity.measure)));
    const Stopwatch used;
    const IntraOpThreads threads(options_.threads);
    Outcome outcome;
    with_short_errors(options_.device, [&] {
      Network candidate = network(trial.architecture());
      outcome.accuracy = trainer_.evaluate(candidate, data_->held_out);
    });
    outcome.seconds = used.seconds();
    return outcome;
  }

  /// A candidate with its share of the weights and batch-norm statistics of its own.
  /// std::invalid_argument for one of another size.
  Network network(const Architecture& architecture) const {
    if (!space_.contains(architecture) || architecture.width != space_.width.max)
      throw std::invalid_argument("the supernet has " + std::to_string(space_.depth.max) +
                                  " layers of width " + std::to_string(space_.width.max) +
                                  "; it has no weights for '" + to_string(architecture) + "'");
    const NetworkDescription description = space_.describe(architecture);
    Network candidate(description, options_.seed, options_.device);
    weights_->lend(trainer_.recipe().optimiser, description, candidate);
    recalibrate(candidate);
    return candidate;
  }

  /// The network that learns at a step of the supernet's training.
  Architecture path(int epoch, int step) const {
    Random random(
        mix(options_.seed + static_cast<std::uint64_t>(epoch)) + static_cast<std::uint64_t>(step),
        "supernet path");
    return space_.sample(random);
  }

  /// The trained weights.
  const Weights& weights() const { return *weights_; }

  Problem problem() const {
    return {options_.recipe.augmentation.output(data_->train.image), data_->train.classes};
  }

  template <class Field>
  void options(Field&& field) const {
    field("libtorch", TORCH_VERSION);
    field("data", data_->name);
    field("train_images", data_->train.size());
    field("train_checksum", data_->train.checksum());
    field("signal_images", data_->held_out.size());
    field("signal_checksum", data_->held_out.checksum());
    field("supernet_depth", space_.depth.max);
    field("supernet_width", space_.width.max);
    field("supernet_epochs", options_.epochs);
    field("supernet_seed", options_.seed);
    field("recalibration_batches", options_.recalibration_batches);
    trainer_.recipe().options(field);
    field("threads", options_.threads);
  }

  std::string machine() const { return machine_of(options_.device); }

  std::string caveat() const {
    return "SHARED WEIGHTS: accuracies are of a supernet; train what was found before you trust "
           "its accuracy or its rank";
  }

 private:
  using TrainerType =
      decltype(Trainer(std::declval<RecipeType>(), std::declval<Normalizer>(), true));

  void check() const {
    space_.check();
    if (space_.depth.min != space_.depth.max || space_.width.min != space_.width.max)
      throw std::invalid_argument(
          "a supernet has one depth and one width; make the bounds of its space equal");
    if (options_.epochs < 1 || options_.recalibration_batches < 1)
      throw std::invalid_argument("a supernet needs at least 1 epoch and 1 recalibration batch");
    if (data_->train.size() < 1 || data_->held_out.size() < 1)
      throw std::invalid_argument("a supernet needs images to train on and images held out");
  }

  /// Each operation with each kernel in all layers: together they have every block there is.
  Weights fresh_weights() const {
    Weights weights;
    Architecture all = space_.start();
    for (int o = 0; o < Space::operation_choices(); ++o)
      for (int k = 0; k < Space::kernel_choices(); ++k) {
        for (int i = 0; i < all.depth(); ++i)
          all = space_.with_kernel(space_.with_operation(std::move(all), i, o), i, k);
        const NetworkDescription description = space_.describe(all);
        Network network(description, stable_hash("supernet weights", mix(options_.seed)),
                        options_.device);
        weights.add(trainer_.recipe().optimiser, description, network);
      }
    return weights;
  }

  Weights train(Monitor& monitor) const {
    Weights weights = fresh_weights();
    TrainingBatches batches(data_->train, trainer_.recipe().augmentation, trainer_.normalizer(),
                            trainer_.recipe().batch, options_.seed);
    const int steps = batches.steps();
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      const Products exact(options_.device, Precision::fp32);
      batches.begin_epoch(epoch);
      EpochReport report;
      report.epoch = epoch + 1;
      report.epochs = options_.epochs;
      for (int step = 0; step < steps; ++step) {
        if (monitor.cancelled()) throw Cancelled{};
        const double rate =
            trainer_.recipe().learning_rate_at({epoch, options_.epochs, step, steps});
        report.loss +=
            learn(weights, path(epoch, step), batches.at_step(step, options_.device), rate) / steps;
        if (!std::isfinite(report.loss))
          throw DivergedTraining("the supernet's loss is not finite in epoch " +
                                 std::to_string(epoch + 1) + ", step " + std::to_string(step + 1));
      }
      monitor.on_epoch(report);
    }
    return weights;
  }

  /// The mean loss of the batch.
  double learn(Weights& weights, const Architecture& path, const ImageBatch& batch,
               double rate) const {
    const NetworkDescription description = space_.describe(path);
    Network network(description, options_.seed, options_.device);
    typename TrainerType::State state{
        weights.lend(trainer_.recipe().optimiser, description, network)};
    const auto done = trainer_.learn(network, state, batch, rate);
    weights.keep(description, network, state.optimiser);
    return done.loss.template item<double>();
  }

  /// A forward pass moves the statistics from 0 by a tenth of the batch's.
  void recalibrate(Network& network) const {
    constexpr double kMomentum = .1;
    const at::NoGradGuard guard;
    const Products exact(options_.device, Precision::fp32);
    TrainingBatches batches(data_->train, trainer_.recipe().augmentation, trainer_.normalizer(),
                            trainer_.recipe().batch, options_.seed);
    batches.begin_epoch(options_.epochs);
    const int count = (std::min)(batches.steps(), options_.recalibration_batches);
    at::Tensor& statistics = network.flat_statistics();
    at::Tensor sum = at::zeros_like(statistics);
    for (int step = 0; step < count; ++step) {
      statistics.zero_();
      network.forward(batches.at_step(step, options_.device).images, true);
      sum += statistics;
    }
    statistics.copy_(sum / (kMomentum * count));
  }

  std::shared_ptr<const HoldOut> data_;
  Space space_;
  SupernetOptions<RecipeType> options_;
  TrainerType trainer_;
  std::shared_ptr<const Weights> weights_;
};

static_assert(EvaluatorPolicy<SupernetEvaluator<>, Architecture>);

}  // namespace nascent
